"""Which events lead to a preview."""

from pathlib import Path

import pytest

from apps.events.models import Event
from apps.previews.models import Preview
from apps.previews.services import MAKE_PREVIEW
from framelane.lib import clock
from tests.people import Person
from tests.previews.conftest import Tell, add_asset, add_job, made, pictures

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("event", "fields"),
    [("render.completed", {}), ("task.completed", {"kind": "task", "task_type": "super_resolution"})],
)
def test_a_completed_job_is_to_get_a_preview(
    alice: Person, clip: Path, tell: Tell, sent: list[tuple[str, str]], event: str, fields: dict[str, str]
) -> None:
    job = add_job(alice, clip, **fields)
    tell(alice, event, {"job": {"id": job.id, "kind": job.kind}})
    preview = Preview.objects.get()
    assert (preview.subject_id, preview.source_key, preview.status) == (job.id, job.output_key, "pending")
    assert preview.workspace_id == alice.workspace.id
    assert (MAKE_PREVIEW, "preview") in sent


def test_a_ready_asset_is_to_get_a_preview_once(alice: Person, clip: Path, tell: Tell) -> None:
    asset = add_asset(alice, clip)
    for _ in range(2):
        tell(alice, "asset.ready", {"asset": {"id": asset.id}})
    assert Preview.objects.get().subject_id == asset.id
    assert not Event.objects.filter(relayed_at=None).exists()


def test_texts_get_none(alice: Person, clip: Path, tell: Tell) -> None:
    job = add_job(alice, clip, kind="task", task_type="transcribe")
    tell(alice, "task.completed", {"job": {"id": job.id, "kind": "task"}})
    assert not Preview.objects.exists()


def test_what_is_gone_by_then_gets_none(alice: Person, bob: Person, clip: Path, tell: Tell) -> None:
    job, asset = add_job(alice, clip, output_gone_at=clock.now()), add_asset(bob, clip)
    tell(alice, "render.completed", {"job": {"id": job.id, "kind": "render"}})
    tell(alice, "asset.ready", {"asset": {"id": asset.id}})
    assert not Preview.objects.exists()


def test_a_workspace_that_is_being_erased_gets_none(alice: Person, clip: Path, tell: Tell) -> None:
    asset = add_asset(alice, clip)
    alice.workspace.erasure_requested_at = clock.now()
    alice.workspace.save()
    tell(alice, "asset.ready", {"asset": {"id": asset.id}})
    assert not Preview.objects.exists()


def test_an_asset_that_turns_out_to_be_broken_loses_its_preview(alice: Person, clip: Path, tell: Tell) -> None:
    asset = add_asset(alice, clip)
    made(alice, asset.id, clip)
    tell(alice, "asset.failed", {"asset": {"id": asset.id}})
    assert not Preview.objects.exists()
    assert pictures(alice) == []
