"""The documentation names every setting, says its default, and leads to pages that exist."""

import ast
import re
from pathlib import Path

import pytest

from scripts.processes import ROOT

PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").glob("*.md"))]
PAGES += sorted((ROOT / "docs" / "operations").glob("*.md"))
DECISIONS = sorted((ROOT / "docs" / "decisions").glob("*.md"))
TREE = ast.parse((ROOT / "framelane" / "settings.py").read_text("utf-8"))
BY_SDKS = {"FRAMELANE_API_KEY", "FRAMELANE_BASE_URL"}
"""What programs of customers read."""
UNITS = {"KiB": 1024, "MiB": 1024**2, "GiB": 1024**3}


def read_from_the_environment() -> dict[str, str]:
    """Every variable that the settings read, with the expression of its default."""
    found: dict[str, str] = {}
    for call in (node for node in ast.walk(TREE) if isinstance(node, ast.Call)):
        if re.fullmatch(r"env\.[a-z_]+", ast.unparse(call.func)):
            default = next((ast.unparse(word.value) for word in call.keywords if word.arg == "default"), "None")
            found.setdefault(ast.literal_eval(call.args[0]), default)
    return found


def used_by_the_processes() -> set[str]:
    """What the Procfile fills in, and what workers and their children read themselves."""
    procfile = (ROOT / "Procfile").read_text("utf-8")
    workers = text_of(list((ROOT / "gpu_tasks").rglob("*.py")))
    return {*re.findall(r"\$\{([A-Z_]+):-", procfile), *re.findall(r'"(FRAMELANE_[A-Z_]+)"', workers)}


def text_of(pages: list[Path]) -> str:
    return "\n".join(page.read_text("utf-8") for page in pages)


def rows() -> list[tuple[str, str]]:
    """Variables and defaults, one each, as the tables have them; those with as many defaults as variables."""
    found = []
    for line in text_of([ROOT / "README.md", ROOT / "docs" / "settings.md"]).splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        names = re.findall(r"`([A-Z_]+)`", cells[0])
        if line.startswith("| `") and len(cells) == 3 and names:
            defaults = re.split(r", ", cells[1])
            found += list(zip(names, defaults, strict=True)) if len(defaults) == len(names) else []
    return found


def number(text: str) -> float | None:
    """`3600` or 5 GiB; None for a default that is put into words."""
    if match := re.fullmatch(r"`([0-9]+(?:\.[0-9]+)?)`|([0-9]+) ([KMG]iB)", text):
        return float(match[1]) if match[1] else int(match[2]) * UNITS[match[3]]
    return None


def test_every_variable_that_is_read_is_documented() -> None:
    documented = set(re.findall(r"`([A-Z][A-Z_]+)[`=]", text_of(PAGES)))
    assert used_by_the_processes() > {"PORT", "RENDER_SLOTS"}
    assert sorted((read_from_the_environment().keys() | used_by_the_processes()) - documented) == []


def test_every_variable_that_is_documented_is_read() -> None:
    mentioned = set(re.findall(r"\bFRAMELANE_[A-Z_]+[A-Z]\b", text_of([*PAGES, *DECISIONS])))
    assert sorted(mentioned - read_from_the_environment().keys() - used_by_the_processes() - BY_SDKS) == []


def test_the_tables_say_the_defaults() -> None:
    defaults = read_from_the_environment()
    told = [(name, value) for name, text in rows() if name in defaults and (value := number(text)) is not None]
    assert len(told) > 20
    wrong = {}
    for name, value in told:
        actual = eval(defaults[name], {})
        if actual != value:
            wrong[name] = (value, actual)
    assert wrong == {}


@pytest.mark.parametrize("page", [*PAGES, *DECISIONS], ids=lambda page: str(page.relative_to(ROOT)))
def test_links_within_the_repository_lead_somewhere(page: Path) -> None:
    targets = [target.partition("#")[0] for target in re.findall(r"\]\(([^)\s]+)\)", page.read_text("utf-8"))]
    # What begins with a slash is an address of the installation: tests/docs_site follows those.
    local = [target for target in targets if target and "://" not in target and not target.startswith("/")]
    assert [target for target in local if not (page.parent / target).exists()] == []


def test_every_page_can_be_reached_from_the_readme() -> None:
    seen, waiting = set(), [ROOT / "README.md"]
    while waiting:
        page = waiting.pop()
        seen.add(page)
        links = re.findall(r"\]\(([^)\s#]+\.md)", page.read_text("utf-8"))
        waiting += [found for link in links if (found := (page.parent / link).resolve()) not in seen and found.exists()]
    assert [page.name for page in PAGES if page not in seen] == []


def test_decisions_are_numbered_one_after_the_other() -> None:
    numbers = [int(page.name.partition("-")[0]) for page in DECISIONS]
    assert numbers == list(range(1, len(DECISIONS) + 1))
    titles = [page.read_text("utf-8").splitlines()[0] for page in DECISIONS]
    assert [title for title, number in zip(titles, numbers, strict=True) if not title.startswith(f"# {number}. ")] == []
