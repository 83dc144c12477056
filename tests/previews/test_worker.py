"""The worker's side of previews, in this process: what becomes of the row and of the store at each end."""

import os
import sys
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from apps.jobs.models import Job
from apps.previews import claims
from apps.previews.models import Preview, Status
from apps.uploads.assets.services import delete_asset
from apps.uploads.models import Asset
from framelane.lib import clock, ids
from framelane.lib.storage import StorageError, get_store
from framelane.lib.storage.local import LocalStore
from gpu_tasks import preview_worker, watch
from gpu_tasks.runners.scratch import sweep_scratch
from tests.people import Person
from tests.previews.conftest import add_asset, made, pictures, planned, reloaded

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]

STAND_IN = """
import json, pathlib, sys, time
behaviour = {behaviour!r}
if behaviour == "crash": sys.exit(3)
if behaviour == "sleep": time.sleep(60)
if behaviour == "lie": pathlib.Path("poster.jpg").symlink_to("/etc/passwd")
else: pathlib.Path("poster.jpg").write_bytes(b"a picture")
print(json.dumps({{"result": {{"poster": "poster.jpg", "width": 6, "height": 4, "strip": "", "strip_frames": 0,
    "waveform": ""}}}}))
"""


@pytest.fixture
def behave(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Puts a child in the place of the one that makes pictures."""

    def call(behaviour: str = "work") -> None:
        command = [sys.executable, "-c", STAND_IN.format(behaviour=behaviour)]
        monkeypatch.setattr(preview_worker, "PREVIEWS", command)
        monkeypatch.setattr(preview_worker, "LOOK_INTERVAL_S", 0.0)

    return call


@pytest.fixture
def asset(alice: Person, clip: Path) -> Asset:
    return add_asset(alice, clip)


def run(person: Person, asset: Asset) -> Preview:
    preview = planned(person, asset.id)
    preview_worker.make_preview(asset.id)
    return reloaded(preview)


def scratch_is_empty() -> bool:
    folder: Path = settings.FRAMELANE_SCRATCH
    return not folder.exists() or not any(folder.iterdir())


def test_makes_the_preview_of_a_film(alice: Person, asset: Asset) -> None:
    preview = run(alice, asset)
    assert (preview.status, preview.due_at, preview.attempts) == (Status.MADE, None, 1)
    assert (preview.width, preview.height, preview.strip_frames) == (320, 180, 12)
    assert sorted(pictures(alice)) == sorted([preview.poster_key, preview.strip_key, preview.waveform_key])
    assert all(key.startswith(f"{alice.workspace.id}/previews/{asset.id}/") for key in pictures(alice))
    assert get_store().stat(preview.waveform_key).content_type == "image/png"
    assert scratch_is_empty()


def test_a_broken_file_fails_at_once_and_leaves_a_line(
    alice: Person, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    broken = tmp_path / "broken.mp4"
    broken.write_bytes(b"\0\0\0\x18ftypmp42" + bytes(5000))
    asset = add_asset(alice, broken)
    preview = run(alice, asset)
    assert (preview.status, preview.due_at, preview.attempts) == (Status.FAILED, None, 1)
    assert f"preview of {asset.id} (attempt 1) failed" in caplog.text
    assert pictures(alice) == []


def test_a_crash_is_tried_again(alice: Person, asset: Asset, behave: Any) -> None:
    behave("crash")
    preview = run(alice, asset)
    assert (preview.status, preview.attempts) == (Status.PENDING, 1)
    assert preview.due_at is not None
    assert preview.due_at > clock.now()
    assert scratch_is_empty()


def test_links_among_the_pictures_are_not_followed(alice: Person, asset: Asset, behave: Any) -> None:
    behave("lie")
    assert run(alice, asset).status == Status.PENDING
    assert pictures(alice) == []


def test_a_store_that_is_away_is_tried_again(
    alice: Person, asset: Asset, behave: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*args: Any) -> None:
        raise StorageError("away")

    behave()
    with monkeypatch.context() as patched:
        patched.setattr(LocalStore, "put_file", refuse)
        assert run(alice, asset).status == Status.PENDING
    Preview.objects.update(due_at=clock.now())
    preview_worker.make_preview(asset.id)
    assert Preview.objects.get().status == Status.MADE


def test_a_source_that_is_gone_fails(alice: Person, asset: Asset) -> None:
    get_store().delete(asset.key)
    assert run(alice, asset).status == Status.FAILED


def test_stops_for_a_job_and_goes_on_later(alice: Person, asset: Asset, behave: Any) -> None:
    behave("sleep")
    planned(alice, asset.id)
    held = claims.claim(asset.id)
    assert held is not None
    Preview.objects.update(due_at=clock.now(), attempts=0)
    later = _claim_and_queue(alice)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(claims, "claim", later)
        preview_worker.make_preview(asset.id)
    assert (Preview.objects.get().status, Preview.objects.get().attempts) == (Status.PENDING, 0)
    Job.objects.all().delete()
    Preview.objects.update(due_at=clock.now())
    behave()
    preview_worker.make_preview(asset.id)
    assert Preview.objects.get().status == Status.MADE


def _claim_and_queue(person: Person) -> Any:
    """A claim behind which a job enters the queue at once."""
    claim = claims.claim

    def call(subject_id: str) -> claims.Claim | None:
        held = claim(subject_id)
        values = {"kind": "render", "request": {}, "queue": "render", "deadline": clock.now()}
        Job.objects.create(id=ids.new_id("render"), workspace=person.workspace, **values)
        return held

    return call


def test_does_nothing_while_the_worker_shuts_down(alice: Person, asset: Asset) -> None:
    watch.note_shutdown()
    try:
        assert (run(alice, asset).attempts, pictures(alice)) == (0, [])
    finally:
        watch._shutdown[0] = 0


def test_leaves_nothing_when_the_asset_was_deleted_meanwhile(
    alice: Person, asset: Asset, behave: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    behave()
    put_file = LocalStore.put_file

    def put_and_delete(self: LocalStore, key: str, path: Path, content_type: str) -> Any:
        delete_asset(asset=asset)
        return put_file(self, key, path, content_type)

    planned(alice, asset.id)
    monkeypatch.setattr(LocalStore, "put_file", put_and_delete)
    preview_worker.make_preview(asset.id)
    assert not Preview.objects.exists()
    assert pictures(alice) == []


def test_new_pictures_replace_the_former(alice: Person, asset: Asset, clip: Path, behave: Any) -> None:
    behave()
    former = made(alice, asset.id, clip)
    Preview.objects.update(due_at=clock.now())
    preview_worker.make_preview(asset.id)
    preview = reloaded(former)
    assert pictures(alice) == [preview.poster_key]
    assert preview.poster_key != former.poster_key
    assert (preview.waveform_key, preview.width) == ("", 6)


def test_folders_of_killed_workers_are_swept_and_others_are_not(alice: Person, asset: Asset) -> None:
    planned(alice, asset.id)
    assert claims.claim(asset.id) is not None
    mine = settings.FRAMELANE_SCRATCH / f"preview-{asset.id}" / "attempt-1"
    stale = settings.FRAMELANE_SCRATCH / f"preview-{ids.new_id('asset')}" / "attempt-1"
    for folder in (mine, stale):
        os.makedirs(folder)
    assert sweep_scratch(settings.FRAMELANE_SCRATCH, preview_worker.is_current) == 1
    assert mine.exists()
    assert not stale.exists()
