"""Renders that use an upload wait for it, start when it is ready, and fail when it never will be."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction

from apps.events.services import record, relay_due
from apps.jobs.models import Job, Status
from apps.jobs.services import attempts
from apps.jobs.services.sweep import sweep
from apps.uploads.models import Asset
from framelane.lib import clock
from framelane.lib.storage import get_links
from tests.jobs.conftest import Broker, Submit, claimed, reloaded
from tests.people import Person


def upload(person: Person, status: str = "pending") -> Asset:
    return Asset.objects.create(
        workspace=person.workspace,
        key=f"{person.workspace.id}/uploads/clip-{Asset.objects.count()}.mp4",
        kind="video",
        content_type="video/mp4",
        status=status,
        expires_at=clock.now() + timedelta(hours=1),
    )


def url_of(asset: Asset) -> str:
    return get_links().stable(asset.key)


def clips(*assets: Asset) -> dict[str, Any]:
    return {"elements": [{"type": "video", "source_url": url_of(asset)} for asset in assets]}


def become(asset: Asset, status: str) -> None:
    with transaction.atomic():
        Asset.objects.filter(id=asset.id).update(status=status)
        record(workspace_id=asset.workspace_id, type=f"asset.{status}", data={"asset": {"id": asset.id}})


@pytest.mark.parametrize("status", ["pending", "processing"])
def test_waits_for_an_upload_on_its_way(alice: Person, submit: Submit, status: str) -> None:
    job = submit(**clips(upload(alice, status)))
    assert attempts.claim(job.id, worker="worker-1") is None
    assert reloaded(job).status == Status.QUEUED


def test_starts_when_the_upload_is_ready(
    alice: Person, submit: Submit, broker: Broker, django_capture_on_commit_callbacks: Any
) -> None:
    asset = upload(alice)
    job = submit(**clips(asset))
    attempts.claim(job.id, worker="worker-1")
    broker.hints()
    become(asset, "ready")
    with django_capture_on_commit_callbacks(execute=True):
        relay_due()
    assert broker.hints() == [job.id]
    assert claimed(job).attempt == 1


def test_waits_for_every_upload(alice: Person, submit: Submit) -> None:
    first, second = upload(alice), upload(alice)
    job = submit(**clips(first, second))
    become(first, "ready")
    assert attempts.claim(job.id, worker="worker-1") is None
    become(second, "ready")
    assert claimed(job).attempt == 1


def test_fails_when_the_upload_failed(
    alice: Person, submit: Submit, broker: Broker, django_capture_on_commit_callbacks: Any
) -> None:
    asset = upload(alice)
    job = submit(**clips(asset))
    attempts.claim(job.id, worker="worker-1")
    broker.hints()
    become(asset, "failed")
    with django_capture_on_commit_callbacks(execute=True):
        relay_due()
    assert broker.hints() == [job.id]
    assert attempts.claim(job.id, worker="worker-1") is None
    job = reloaded(job)
    assert (job.status, job.error_code) == (Status.FAILED, "asset_not_ready")
    assert url_of(asset) in job.error_message


def test_fails_when_the_upload_never_comes(alice: Person, submit: Submit) -> None:
    job = submit(**clips(upload(alice)))
    Job.objects.filter(id=job.id).update(created_at=clock.now() - timedelta(hours=2))
    assert attempts.claim(job.id, worker="worker-1") is None
    assert reloaded(job).error_code == "asset_not_ready"


def test_looks_again_even_when_nobody_tells(
    alice: Person, submit: Submit, broker: Broker, django_capture_on_commit_callbacks: Any
) -> None:
    asset = upload(alice)
    job = submit(**clips(asset))
    attempts.claim(job.id, worker="worker-1")
    broker.hints()
    Job.objects.filter(id=job.id).update(due_at=clock.now() - timedelta(seconds=1))
    with django_capture_on_commit_callbacks(execute=True):
        sweep()
    assert broker.hints() == [job.id]


def test_does_not_wait_for_somebody_elses_upload(bob: Person, submit: Submit) -> None:
    assert claimed(submit(**clips(upload(bob)))).attempt == 1
