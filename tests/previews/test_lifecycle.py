"""Previews go with what they show, and with their workspace."""

from pathlib import Path

import pytest

from apps.account import erasure
from apps.jobs.services.sweep import delete_output
from apps.previews.models import Preview
from apps.uploads import orphans
from apps.uploads.assets.services import delete_asset
from apps.uploads.holders import named_by_others
from apps.workspaces import erasures
from framelane.lib.storage import StorageError, get_store
from framelane.lib.storage.local import LocalStore
from tests.people import Person
from tests.previews.conftest import add_asset, add_job, made, pictures, planned

pytestmark = pytest.mark.django_db


def test_deleting_an_asset_deletes_its_preview_and_no_other(alice: Person, clip: Path) -> None:
    asset, other = add_asset(alice, clip), add_asset(alice, clip)
    made(alice, asset.id, clip)
    kept = made(alice, other.id, clip)
    assert delete_asset(asset=asset)
    assert [preview.subject_id for preview in Preview.objects.all()] == [other.id]
    assert pictures(alice) == [kept.poster_key, kept.waveform_key]


def test_an_asset_that_cannot_be_deleted_keeps_its_preview(
    alice: Person, clip: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(self: LocalStore, key: str) -> None:
        raise StorageError("away")

    asset = add_asset(alice, clip)
    made(alice, asset.id, clip)
    monkeypatch.setattr(LocalStore, "delete_prefix", refuse)
    with pytest.raises(StorageError):
        delete_asset(asset=asset)
    assert Preview.objects.exists()
    assert get_store().exists(asset.key)


def test_the_end_of_an_output_is_that_of_its_preview(alice: Person, clip: Path) -> None:
    job = add_job(alice, clip)
    made(alice, job.id, clip)
    assert delete_output(job)
    assert not Preview.objects.exists()
    assert pictures(alice) == []
    assert not get_store().exists(job.output_key)


def test_previews_are_no_orphans(alice: Person, clip: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asset = add_asset(alice, clip)
    made(alice, asset.id, clip)
    stray = f"{alice.workspace.id}/previews/render_gone/0/poster.jpg"
    get_store().put_file(stray, clip, "image/jpeg")
    monkeypatch.setattr(orphans, "ORPHANED_AFTER_S", -1)
    assert [found.name for found in orphans.orphans()] == [stray]
    assert asset.id in {named.owner for named in named_by_others(alice.workspace.id)}


def test_nobody_misses_the_pictures_of_a_preview(alice: Person, clip: Path) -> None:
    asset = add_asset(alice, clip)
    made(alice, asset.id, clip)
    get_store().delete_prefix(f"{alice.workspace.id}/previews/")
    assert list(orphans.missing()) == []


def test_previews_are_erased_with_their_workspace(alice: Person, bob: Person, clip: Path) -> None:
    made(alice, add_asset(alice, clip).id, clip)
    planned(alice, add_asset(alice, clip).id)
    kept = made(bob, add_asset(bob, clip).id, clip)
    erasure.request_erasure(workspace=alice.workspace)
    for workspace_id in erasures.due():
        erasure.erase(workspace_id=workspace_id)
    assert list(Preview.objects.values_list("subject_id", flat=True)) == [kept.subject_id]
    assert pictures(alice) == []
    assert len(pictures(bob)) == 2
