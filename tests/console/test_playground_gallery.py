"""The gallery and the language of the editor: every template can be rendered, every name has its sentence."""

import json
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from django.test import Client
from django.urls import reverse

from apps.console.playground.checking import problems
from apps.console.playground.gallery import TEMPLATES, Template
from apps.console.playground.language import language
from apps.console.playground.pretty import pretty
from gpu_tasks.timeline.catalogue import names
from gpu_tasks.timeline.request import RenderRequest
from tests.console.people import signed_in
from tests.people import Person

EACH = pytest.mark.parametrize("template", TEMPLATES, ids=lambda template: template.name)
MAX_POSTER_BYTES = 20_000


@EACH
def test_templates_are_requests_without_a_flaw(template: Template, alice: Person) -> None:
    assert problems(alice.workspace, json.loads(template.source)) == []


@EACH
def test_templates_need_nothing_from_elsewhere(template: Template) -> None:
    assert RenderRequest.model_validate_json(template.source).source_urls() == []


@EACH
def test_templates_are_shown_with_a_picture_and_words(template: Template) -> None:
    poster = finders.find(template.poster)
    assert poster is not None
    assert 2000 < Path(poster).stat().st_size <= MAX_POSTER_BYTES
    assert template.title
    assert template.description.endswith(".")


@EACH
def test_templates_are_short_and_written_in_good_order(template: Template) -> None:
    assert 4 <= template.duration_s <= 8
    assert 0 <= template.poster_s < template.duration_s
    assert pretty(json.loads(template.source)) == template.source


def test_there_are_templates_for_every_kind_of_screen() -> None:
    assert len({template.name for template in TEMPLATES}) == len(TEMPLATES) >= 10
    assert {template.shape for template in TEMPLATES} == {"wide", "square", "tall"}


def test_a_template_is_opened_by_its_name(alice: Person) -> None:
    page = signed_in(alice).get(reverse("console:playground"), {"template": "quote"})
    assert page.context["source"] == next(template.source for template in TEMPLATES if template.name == "quote")
    assert 'aria-current="true"' in page.content.decode()


def shapes() -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = language()["shapes"]
    return found


def test_every_property_of_a_request_has_a_sentence() -> None:
    assert [(shape, known["name"]) for shape, all_ in shapes().items() for known in all_ if not known["text"]] == []
    assert {known["name"] for known in shapes()["request"]} == set(RenderRequest.model_fields)


def test_every_list_of_values_exists_and_is_whole() -> None:
    values = language()["values"]
    used = {known["values"] for all_ in shapes().values() for known in all_ if "values" in known}
    assert used == set(values)
    assert [value for value, _ in values["motions"]] == list(names("motions"))
    assert [(name, value) for name, all_ in values.items() for value, text in all_ if not text] == []


def test_the_language_is_a_document_that_browsers_keep(alice: Person) -> None:
    address = reverse("console:playground-schema")
    assert Client().get(address).status_code == 302
    client = signed_in(alice)
    answer = client.get(address)
    assert answer.status_code == 200
    assert "max-age" in answer.headers["Cache-Control"]
    again = client.get(address, headers={"If-None-Match": answer.headers["ETag"]})
    assert again.status_code == 304
    assert client.post(address).status_code == 405


def test_scripts_of_the_playground_are_short_files() -> None:
    folder = Path(settings.BASE_DIR, "static", "console", "playground")
    lengths = {path.name: len(path.read_text("utf-8").splitlines()) for path in folder.glob("*.js")}
    assert max(lengths.values()) < 250, lengths
