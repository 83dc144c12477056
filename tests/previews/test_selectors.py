"""The addresses that pages show: good for an hour, the same for an hour, and nobody else's."""

from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.test import Client

from apps.previews import selectors
from apps.previews.models import Preview
from apps.previews.selectors import preview_of, previews_of
from apps.uploads import egress
from framelane.lib import clock, ids
from framelane.lib.storage import get_store
from tests.people import Person
from tests.previews.conftest import add_asset, made, planned

pytestmark = pytest.mark.django_db


def test_tells_the_finished_ones_in_one_query(alice: Person, clip: Path, django_assert_num_queries: object) -> None:
    finished, waiting = add_asset(alice, clip).id, add_asset(alice, clip).id
    made(alice, finished, clip)
    planned(alice, waiting)
    with django_assert_num_queries(1):  # type: ignore[operator]
        found = previews_of(alice.workspace, [finished, waiting, ids.new_id("asset")])
    assert set(found) == {finished}
    links = found[finished]
    assert (links.width, links.height, links.strip_url, links.strip_frames) == (640, 360, "", 0)
    assert links.poster_url
    assert links.waveform_url


def test_tells_nobody_of_the_previews_of_others(alice: Person, bob: Person, clip: Path) -> None:
    made(alice, subject_id := add_asset(alice, clip).id, clip)
    assert preview_of(bob.workspace, subject_id) is None
    assert preview_of(alice.workspace, subject_id) is not None


def at(monkeypatch: pytest.MonkeyPatch, hour: int, minute: int, second: float = 0) -> None:
    moment = datetime(2026, 11, 22, hour, minute, int(second), int(second % 1 * 10**6), UTC)
    monkeypatch.setattr(clock, "now", lambda: moment)


def poster_url(person: Person, subject_id: str) -> str:
    links = preview_of(person.workspace, subject_id)
    assert links is not None
    return links.poster_url


def test_addresses_stay_the_same_within_an_hour(alice: Person, clip: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made(alice, subject_id := add_asset(alice, clip).id, clip)
    at(monkeypatch, 9, 0)
    first = poster_url(alice, subject_id)
    at(monkeypatch, 9, 59, 59.9)
    # Another process remembers nothing.
    selectors._signed_until.cache_clear()
    assert poster_url(alice, subject_id) == first
    at(monkeypatch, 10, 0)
    assert poster_url(alice, subject_id) != first


@pytest.mark.parametrize(("minute", "second"), [(0, 0), (59, 59.9)])
def test_addresses_work_for_an_hour_at_least(
    alice: Person, clip: Path, monkeypatch: pytest.MonkeyPatch, minute: int, second: float
) -> None:
    made(alice, subject_id := add_asset(alice, clip).id, clip)
    at(monkeypatch, 9, minute, second)
    address = urlsplit(poster_url(alice, subject_id))
    at(monkeypatch, 10, minute, second)
    answer = Client().get(f"{address.path}?{address.query}")
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "private, max-age=3600"
    assert answer.headers["Content-Type"] == "image/jpeg"
    at(monkeypatch, 11, 0, 1)
    assert Client().get(f"{address.path}?{address.query}").status_code == 403


@pytest.mark.parametrize("shown", [True, False])
def test_what_the_pages_show_is_not_the_customers_traffic(
    alice: Person, clip: Path, monkeypatch: pytest.MonkeyPatch, shown: bool
) -> None:
    noted: list[int] = []
    monkeypatch.setattr(egress, "note_delivery", lambda *, workspace_id, size_bytes: noted.append(size_bytes))
    asset = add_asset(alice, clip)
    made(alice, asset.id, clip)
    url = poster_url(alice, asset.id) if shown else get_store().signed_url(asset.key, 60)
    answer = Client().get(f"{urlsplit(url).path}?{urlsplit(url).query}")
    assert b"".join(answer.streaming_content) == clip.read_bytes()  # type: ignore[attr-defined]
    assert noted == ([] if shown else [clip.stat().st_size])


def test_failed_ones_are_not_shown(alice: Person, clip: Path) -> None:
    made(alice, subject_id := add_asset(alice, clip).id, clip)
    Preview.objects.update(status="failed")
    assert preview_of(alice.workspace, subject_id) is None
