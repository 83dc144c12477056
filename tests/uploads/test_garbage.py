"""Uploads that never come are given up, and what they held is freed."""

import os
from datetime import timedelta
from pathlib import Path

import pytest

from apps.events.models import Event
from apps.uploads import tasks
from apps.uploads.orphans import LEFTOVERS_AFTER_S
from apps.uploads.retention import ABANDONED_AFTER_S, abandoned_uploads
from framelane.lib import clock
from framelane.lib.storage import SessionGone, Store
from tests.people import Person
from tests.uploads.files import Upload, mp4_like

pytestmark = pytest.mark.django_db


def move_clock(monkeypatch: pytest.MonkeyPatch, seconds: int) -> None:
    then = clock.now() + timedelta(seconds=seconds)
    monkeypatch.setattr(clock, "now", lambda: then)


def test_an_abandoned_upload_fails_and_frees_its_bytes(
    alice: Person, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    upload = Upload(alice)
    upload.piece(mp4_like(100), 0, 50)
    move_clock(monkeypatch, 3600 + ABANDONED_AFTER_S + 1)
    tasks.collect_garbage()
    assert (upload.reload().status, upload.asset.error["code"]) == ("failed", "upload_failed")
    assert Event.objects.get().type == "asset.failed"
    with pytest.raises(SessionGone):
        store.upload_offset(upload.asset.upload_session)
    assert not list(abandoned_uploads())


def test_one_that_may_still_be_on_its_way_is_left_alone(
    alice: Person, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    upload = Upload(alice)
    upload.piece(mp4_like(100), 0, 50)
    move_clock(monkeypatch, 3600 + ABANDONED_AFTER_S - 60)
    assert not list(abandoned_uploads())
    assert store.upload_offset(upload.asset.upload_session) == 50


def test_received_files_stay(alice: Person, store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    upload = Upload(alice)
    upload.put(mp4_like(100))
    move_clock(monkeypatch, 90 * 24 * 3600)
    tasks.collect_garbage()
    assert (upload.reload().status, store.size(upload.asset.key)) == ("processing", 100)


def test_sessions_that_no_row_knows_are_freed_after_two_days(alice: Person, store: Store, tmp_path: Path) -> None:
    orphan = store.start_upload(f"{alice.workspace.id}/uploads/x.mp4", "video/mp4")
    fresh = Upload(alice)
    two_days_ago = clock.now().timestamp() - LEFTOVERS_AFTER_S - 1
    os.utime(tmp_path / "store" / ".sessions" / orphan.handle / "data", (two_days_ago, two_days_ago))
    tasks.collect_garbage()
    with pytest.raises(SessionGone):
        store.upload_offset(orphan)
    assert fresh.put(mp4_like(100)).status_code == 200
