"""Subjects with real files in a store of their own, and messages that are kept instead of sent."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from celery import current_app
from pytest_django import Settings

from apps.events import services as events
from apps.jobs.models import Job, Status
from apps.previews import services
from apps.previews.models import Preview
from apps.previews.subjects import find_subject
from apps.uploads.models import Asset
from framelane.lib import clock, ids
from framelane.lib.storage import get_store
from tests.media.make import make_clip
from tests.people import Person


@pytest.fixture(autouse=True)
def own_folders(settings: Settings, tmp_path: Path) -> None:
    settings.STORAGE_URL = (tmp_path / "store").as_uri()
    settings.FRAMELANE_SCRATCH = tmp_path / "scratch"


@pytest.fixture(autouse=True)
def sent(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, str]]:
    """What would have been sent: the task and its queue."""
    kept: list[tuple[str, str]] = []
    monkeypatch.setattr(current_app, "send_task", lambda name, args=(), queue="", **_: kept.append((name, queue)))
    return kept


@pytest.fixture(scope="session")
def clip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two seconds of grey with a sound."""
    return make_clip(tmp_path_factory.mktemp("previews") / "clip.mp4", width=320, height=180)


def add_asset(person: Person, file: Path, **fields: Any) -> Asset:
    """A ready asset with the file's content."""
    key = f"{person.workspace.id}/uploads/{ids.new_id('file')}{file.suffix}"
    get_store().put_file(key, file, "video/mp4")
    values = {"kind": "video", "content_type": "video/mp4", "status": "ready", "received_at": clock.now(), **fields}
    return Asset.objects.create(workspace=person.workspace, key=key, expires_at=clock.now(), **values)


def add_job(person: Person, file: Path, **fields: Any) -> Job:
    """A completed render with the file as its output."""
    job_id = ids.new_id(fields.get("kind", "render"))
    key = f"{person.workspace.id}/renders/{job_id}/attempt-1/output.mp4"
    get_store().put_file(key, file, "video/mp4")
    now = clock.now()
    values = {"kind": "render", "status": Status.COMPLETED, "completed_at": now, "deadline": now, **fields}
    return Job.objects.create(
        id=job_id,
        workspace=person.workspace,
        request={},
        queue="render",
        output_key=key,
        output_expires_at=now,
        **values,
    )


def planned(person: Person, subject_id: str) -> Preview:
    """The row of a preview that is due."""
    subject = find_subject(person.workspace, subject_id)
    assert subject is not None
    services.plan(subject=subject)
    return Preview.objects.get(subject_id=subject_id)


def made(person: Person, subject_id: str, file: Path) -> Preview:
    """A preview that was made, whose pictures are `file`."""
    preview = planned(person, subject_id)
    folder = services.folder_of(person.workspace.id, subject_id)
    keys = {"poster_key": f"{folder}0/poster.jpg", "waveform_key": f"{folder}0/waveform.png"}
    for key in keys.values():
        get_store().put_file(key, file, "image/jpeg")
    values = {**keys, "status": "made", "due_at": None, "width": 640, "height": 360}
    Preview.objects.filter(subject_id=subject_id).update(**values)
    preview.refresh_from_db()
    return preview


def pictures(person: Person) -> list[str]:
    """The keys of all pictures of previews."""
    return list(get_store().list(f"{person.workspace.id}/previews/"))


Tell = Callable[[Person, str, dict[str, Any]], None]


@pytest.fixture
def tell(django_capture_on_commit_callbacks: Any) -> Tell:
    """Records an event and hands it on."""

    def call(person: Person, type: str, data: dict[str, Any]) -> None:
        with django_capture_on_commit_callbacks(execute=True):
            events.record(workspace_id=person.workspace.id, type=type, data=data)
            events.relay_due()

    return call


def reloaded(preview: Preview) -> Preview:
    return Preview.objects.get(subject_id=preview.subject_id)
