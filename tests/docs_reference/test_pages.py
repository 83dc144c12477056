"""The reference names everything that there is, once, and nothing else."""

from typing import Any

import pytest

from apps.capabilities.selectors import capabilities
from apps.docs.contents import folder, read
from apps.docs.markdown import parser, plain
from apps.docs.reference import animation_presets, catalogue, effects, motions, tasks
from apps.docs.reference.elements import GROUPS, MODELS
from apps.docs.reference.fields import meanings_of
from apps.docs.reference.motions import FAMILIES
from gpu_tasks.timeline.request import Effect, Motion, RenderRequest, Transition, Word, WordAnimation
from gpu_tasks.timeline.tasks import BODIES
from tests.docs_reference.read import first_cells, headings, pages

KNOWN = capabilities()
SECTIONS = {
    "effects": "effects",
    "motions": "motions",
    "transitions": "transitions",
    "captions": "word_animations",
    "animation-presets": "animation_presets",
    "blend-modes": "blend_modes",
    "easings": "easings",
    "formats": "fits",
    "tasks": "tasks",
    "webhook-events": "webhook_events",
}


@pytest.mark.parametrize("name", SECTIONS)
def test_a_page_has_a_section_for_every_entry(name: str) -> None:
    entries = [entry["type"] for entry in KNOWN[SECTIONS[name]]]
    assert sorted(heading for heading in headings(name) if heading in entries) == sorted(entries)


def test_every_motion_belongs_to_a_family_that_the_page_has() -> None:
    assert {entry["family"] for entry in KNOWN["motions"]} == set(FAMILIES)


@pytest.mark.parametrize("name", MODELS)
def test_the_page_of_an_element_has_each_field_once(name: str) -> None:
    fields = next(entry["fields"] for entry in KNOWN["element_types"] if entry["type"] == name)
    assert sorted(first_cells(pages()[f"elements/{name}"].markdown)) == sorted(fields)


def test_no_field_stands_in_two_groups() -> None:
    grouped = [field for names in GROUPS.values() for field in names]
    assert len(grouped) == len(set(grouped))


def test_the_page_of_the_canvas_has_every_field() -> None:
    assert set(KNOWN["canvas"]) <= set(first_cells(pages()["canvas"].markdown))


@pytest.mark.parametrize(
    "model", [*MODELS.values(), *BODIES.values(), RenderRequest, Effect, Motion, Transition, Word, WordAnimation]
)
def test_every_field_says_what_it_means(model: Any) -> None:
    assert [field for field, (meaning, _) in meanings_of(model).items() if not meaning.endswith((".", "`"))] == []


def test_the_page_of_fonts_has_every_family_and_licence() -> None:
    families = first_cells(pages()["fonts"].markdown)
    assert families == [font["type"] for font in KNOWN["fonts"]]
    assert all(font["licence"] in pages()["fonts"].markdown for font in KNOWN["fonts"])


def test_formats_go_in_and_out() -> None:
    page = pages()["formats"].markdown
    assert all(f"`{entry['type']}`" in page for entry in KNOWN["output_formats"] + KNOWN["input_formats"])


def test_plans_and_limits_are_all_there() -> None:
    assert "|  | free | pro | enterprise |" in pages()["plans"].markdown
    assert first_cells(pages()["limits"].markdown) == list(KNOWN["limits"])


def test_every_page_begins_with_its_title_and_says_in_a_sentence_what_it_is_about() -> None:
    for page in pages().values():
        assert page.markdown.startswith(f"# {page.title}\n")
        assert 20 < len(page.description) <= 300
        assert page.description.endswith((".", ":"))


def test_every_page_has_its_place_in_the_navigation() -> None:
    listed = [path for path in read(folder() / "site.toml").paths() if path.startswith("reference/")]
    ours = [path for path in listed if not path.startswith("reference/api/")]
    assert sorted(ours) == sorted(page.path for page in pages().values())


def test_links_within_a_page_lead_to_its_headings() -> None:
    for page in pages().values():
        tokens = parser().parse(page.markdown)
        inline = [token for token in tokens if token.type == "inline"]
        links = [str(child.attrGet("href")) for token in inline for child in token.children or [] if child.attrs]
        anchors = {
            plain(tokens[at + 1]).replace(".", "") for at, token in enumerate(tokens) if token.type == "heading_open"
        }
        assert {link[1:] for link in links if link.startswith("#")} <= anchors, page.path


@pytest.mark.parametrize(
    ("subject", "section", "name"),
    [
        (effects, "effects", "snow"),
        (motions, "motions", "fade"),
        (animation_presets, "animation_presets", "slam"),
        (tasks, "tasks", "gaze_redirect"),
    ],
)
def test_what_does_not_work_says_why_and_has_no_example(
    subject: Any, section: str, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    entries = [
        {**entry, "supported": False, "reason": "It needs a GPU."} if entry["type"] == name else entry
        for entry in KNOWN[section]
    ]
    monkeypatch.setattr(catalogue, "served", lambda: {**KNOWN, section: entries})
    (page,) = subject.pages()
    after = page.markdown.partition(f"# {name}\n")[2]
    shown = after.partition("\n#")[0]
    assert "**Not supported here.** It needs a GPU." in shown
    assert section == "tasks" or "```json" not in shown
