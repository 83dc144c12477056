"""The skill file is one that agents can install: its front matter, and nothing that it needs is elsewhere."""

import httpx
import pytest

from tests.docs.pages import front_matter, read
from tests.docs.stage import ROOT, Stage

PATH = ROOT / "docs" / "agents" / "skill.md"


@pytest.fixture(scope="module")
def served(stage: Stage) -> str:
    answer = httpx.get(f"{stage.proxy.url}/skill.md", timeout=60, trust_env=False)
    assert answer.status_code == 200
    return answer.text


def test_its_front_matter_says_what_it_is_and_when_to_use_it(served: str) -> None:
    fields, body = front_matter(served)
    assert fields.keys() == {"name", "description"}
    assert fields["name"] == "framelane"
    assert ": " not in fields["description"]
    assert "Use when" in fields["description"]
    assert len(fields["description"]) <= 1024
    assert body.startswith("# ")


@pytest.mark.parametrize("heading", ["When to use it", "Step by step", "Recipes", "Pitfalls", "Limits"])
def test_it_has_what_a_skill_needs(heading: str) -> None:
    assert f"\n## {heading}\n" in read(PATH).text


def test_it_names_the_server_that_it_comes_from(served: str, stage: Stage) -> None:
    assert stage.proxy.url in served
    assert "http://localhost:8000" not in served
