"""Threads that fetch, share and withdraw the same thing at the same instant."""

from pathlib import Path

import pytest
from pytest_django import Settings

from apps.uploads.imports import copying, lifecycle
from apps.uploads.imports.fetching import fetch_import
from apps.uploads.models import Asset, CopyUse, Import
from framelane.lib.storage import Store
from tests.people import Person, make_person
from tests.threads import at_once
from tests.uploads.files import mp4_like
from tests.web_site import Site

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def alice() -> Person:
    return make_person("Alice")


def test_one_of_eight_workers_gets_an_import(alice: Person) -> None:
    row = lifecycle.begin(workspace=alice.workspace, url="https://films.example/a.mp4")
    claims = at_once(*(lambda: lifecycle.claim(import_id=row.id) for _ in range(8)))
    assert sum(held is not None for held in claims) == 1
    assert Import.objects.get().attempts == 1


def test_eight_workers_fetch_two_files_of_a_workspace(alice: Person) -> None:
    rows = [lifecycle.begin(workspace=alice.workspace, url=f"https://slow.example/{n}.mp4") for n in range(8)]
    claims = at_once(*(lambda row=row: lifecycle.claim(import_id=row.id) for row in rows))
    assert sum(held is not None for held in claims) == 2
    assert Import.objects.filter(attempts=1).count() == 2


def test_the_same_bytes_from_six_addresses_at_once_are_stored_once(
    alice: Person, site: Site, store: Store, examined: list[Path], settings: Settings
) -> None:
    settings.FRAMELANE_IMPORTS_AT_ONCE = 6
    urls = [site.put(f"/{number}.mp4", mp4_like(3000)) for number in range(6)]
    rows = [lifecycle.begin(workspace=alice.workspace, url=url, requested=True) for url in urls]
    at_once(*(lambda row=row: fetch_import(import_id=row.id) for row in rows))
    asset = Asset.objects.get()
    assert set(Import.objects.values_list("status", "asset_id")) == {("stored", asset.id)}
    assert list(store.list(f"{alice.workspace.id}/")) == [asset.key]


def test_the_same_bytes_of_two_workspaces_are_stored_for_each(
    alice: Person, site: Site, store: Store, examined: list[Path]
) -> None:
    url, bob = site.put("/clip.mp4", mp4_like(3000)), make_person("Bob")
    rows = [lifecycle.begin(workspace=person.workspace, url=url) for person in (alice, bob)]
    at_once(*(lambda row=row: fetch_import(import_id=row.id) for row in rows))
    assert Asset.objects.count() == 2
    for person in (alice, bob):
        assert len(list(store.list(f"{person.workspace.id}/"))) == 1


@pytest.mark.parametrize("_round", range(5))
def test_whoever_joins_while_another_withdraws_gets_a_copy_that_goes_on(alice: Person, _round: int) -> None:
    urls = [f"https://films.example/{number}.mp4" for number in range(3)]
    copying.request_copies(workspace=alice.workspace, urls=urls, waiter="render_1")
    at_once(
        lambda: copying.withdraw(waiter="render_1"),
        lambda: copying.request_copies(workspace=alice.workspace, urls=reversed(urls), waiter="render_2"),
    )
    uses = CopyUse.objects.select_related("source")
    assert sorted((use.waiter, use.source.status, use.source.url) for use in uses) == [
        ("render_2", "fetching", url) for url in urls
    ]
    copying.withdraw(waiter="render_2")
    assert set(Import.objects.values_list("status", flat=True)) == {"withdrawn"}


def test_a_content_whose_object_is_gone_is_stored_anew(
    alice: Person, site: Site, store: Store, examined: list[Path]
) -> None:
    def fetched(path: str) -> Asset:
        row = lifecycle.begin(workspace=alice.workspace, url=site.put(path, mp4_like(3000)))
        fetch_import(import_id=row.id)
        row.refresh_from_db()
        assert row.asset is not None
        return row.asset

    first = fetched("/1.mp4")
    assert fetched("/2.mp4") == first
    store.delete(first.key)
    second = fetched("/3.mp4")
    assert second != first
    assert store.exists(second.key)
