"""A workspace that imports from slow servers leaves workers to the others."""

from pathlib import Path
from typing import Any

import pytest

from apps.uploads.imports import lifecycle
from apps.uploads.imports.fetching import fetch_import
from apps.uploads.models import Import
from tests.people import Person
from tests.uploads.files import mp4_like
from tests.web_site import Site

pytestmark = pytest.mark.django_db


@pytest.fixture
def hinted(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The ids that workers are told of."""
    ids: list[str] = []
    monkeypatch.setattr(lifecycle, "hint", lambda task, import_id, **_: ids.append(import_id))
    return ids


def begun(person: Person, count: int) -> list[str]:
    urls = [f"https://slow.example/{number}.mp4" for number in range(count)]
    return [lifecycle.begin(workspace=person.workspace, url=url).id for url in urls]


def claimed(*import_ids: str) -> list[bool]:
    return [lifecycle.claim(import_id=import_id) is not None for import_id in import_ids]


def test_a_third_file_of_a_workspace_waits_and_loses_no_attempt(alice: Person, bob: Person) -> None:
    assert claimed(*begun(alice, 3)) == [True, True, False]
    assert claimed(*begun(bob, 1)) == [True]
    assert Import.objects.filter(workspace=alice.workspace, attempts=0).count() == 1


def test_what_waits_for_its_next_attempt_keeps_no_place(alice: Person) -> None:
    ids = begun(alice, 3)
    for import_id in ids[:2]:
        held = lifecycle.claim(import_id=import_id)
        assert held is not None
        lifecycle.try_again(held=held, code="timeout", message="late")
    assert claimed(ids[2]) == [True]


def test_the_end_of_one_calls_the_next(alice: Person, site: Site, examined: list[Path], hinted: list[str]) -> None:
    first = lifecycle.begin(workspace=alice.workspace, url=site.put("/clip.mp4", mp4_like(3000)))
    waiting = begun(alice, 3)
    hinted.clear()
    fetch_import(import_id=first.id)
    assert hinted == waiting[:2]


def test_the_sweep_hints_at_the_few_of_one_beside_the_many_of_another(
    alice: Person, bob: Person, hinted: list[str], monkeypatch: Any
) -> None:
    monkeypatch.setattr(lifecycle, "BATCH_SIZE", 3)
    many, few = begun(alice, 5), begun(bob, 1)
    hinted.clear()
    assert lifecycle.hint_due() == 3
    assert set(hinted) == {*many[:2], *few}


def test_a_workspace_has_no_more_imports_waiting_than_can_be_looked_after(
    alice: Person, bob: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lifecycle, "MAX_WAITING", 2)
    wanted = {"url": "https://slow.example/a.mp4"}
    codes = [alice.post("/v1/imports", wanted, HTTP_IDEMPOTENCY_KEY=f"k{n}").status_code for n in (1, 2, 3)]
    assert codes == [202, 202, 409]
    assert bob.post("/v1/imports", wanted).status_code == 202
    assert alice.post("/v1/imports", wanted, HTTP_IDEMPOTENCY_KEY="k1").status_code == 200
