"""Several workers at one erasure at the same instant delete everything once, and count it once."""

from pathlib import Path
from typing import Any

import pytest
from django.db import DatabaseError
from pytest_django import Settings

from apps.account import erasure
from apps.account.erasure import erase, request_erasure
from apps.jobs.models import Job
from apps.jobs.services.submit import create_render
from apps.uploads.assets.services import InUse, delete_asset
from apps.uploads.models import Asset
from apps.workspaces.models import Erasure, Workspace
from framelane.lib import clock
from framelane.lib.storage import get_links, get_store
from tests.people import Person, make_person
from tests.threads import at_once

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def store(tmp_path: Path, settings: Settings) -> None:
    settings.STORAGE_URL = (tmp_path / "store").as_uri()


@pytest.fixture
def alice() -> Person:
    return make_person("Alice")


def stored(person: Person, folder: Path, number: int = 0) -> Asset:
    key = f"{person.workspace.id}/uploads/clip-{number}.mp4"
    (folder / "content").write_bytes(b"moving pictures")
    get_store().put_file(key, folder / "content", "video/mp4")
    return Asset.objects.create(
        workspace=person.workspace, key=key, kind="video", status="ready", expires_at=clock.now()
    )


def test_one_of_four_workers_erases(alice: Person, tmp_path: Path) -> None:
    for number in range(20):
        stored(alice, tmp_path, number)
    request_erasure(workspace=alice.workspace)
    at_once(*(lambda: erase(workspace_id=alice.workspace.id) for _ in range(4)))
    proof = Erasure.objects.get()
    assert (proof.objects_deleted, proof.rows_deleted["uploads_asset"], proof.failures) == (20, 20, 0)
    assert not Workspace.objects.exists()


def test_asking_at_once_is_asking_once(alice: Person) -> None:
    found = at_once(*(lambda: request_erasure(workspace=alice.workspace) for _ in range(4)))
    assert len({each.id for each in found}) == 1
    assert len({each.requested_at for each in found}) == 1


@pytest.mark.parametrize("_round", range(4))
def test_submitting_while_it_is_erased_leaves_nothing(
    alice: Person, monkeypatch: pytest.MonkeyPatch, _round: int
) -> None:
    """The request had passed the check of its key: it becomes a job that is erased too, or fails."""
    scene = {"duration": 1, "elements": [{"type": "text", "text": "Hello", "duration": 1}]}
    request_erasure(workspace=alice.workspace)

    def submit() -> Any:
        try:
            return create_render(workspace=alice.workspace, payload=scene)
        # The workspace may go while the job is written, or before it is locked.
        except (DatabaseError, Workspace.DoesNotExist) as error:
            return error

    at_once(submit, lambda: erase(workspace_id=alice.workspace.id))
    for _ in range(2):
        Erasure.objects.update(due_at=clock.now())
        erase(workspace_id=alice.workspace.id)
    assert (Job.objects.count(), Workspace.objects.count()) == (0, 0)
    assert Erasure.objects.get().completed_at is not None
    assert erasure.hint_due() == 0


@pytest.mark.parametrize("_round", range(4))
def test_an_asset_is_deleted_or_used_but_never_both(alice: Person, tmp_path: Path, _round: int) -> None:
    """Where the deletion came first the job is on its own, as if it had been submitted after it."""
    asset = stored(alice, tmp_path)
    element = {"type": "video", "source_url": get_links().stable(asset.key)}

    def delete() -> str:
        try:
            return "deleted" if delete_asset(asset=asset) else "gone"
        except InUse as reason:
            return str(reason)

    outcome, job = at_once(delete, lambda: create_render(workspace=alice.workspace, payload={"elements": [element]}).id)
    is_there = Asset.objects.filter(id=asset.id).exists()
    assert is_there is get_store().exists(asset.key)
    assert is_there is (job in outcome)


def test_a_request_to_a_workspace_that_has_just_gone_has_no_key(alice: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    """It went after the check of the key and before anything was written."""

    def too_late(**values: Any) -> Job:
        request_erasure(workspace=alice.workspace)
        erase(workspace_id=alice.workspace.id)
        return create_render(**values)

    monkeypatch.setattr("apps.jobs.api.create_render", too_late)
    answer = alice.post("/v1/renders", {"elements": [{"type": "text", "text": "Hello", "duration": 1}]})
    assert (answer.status_code, answer.json()["error"]["code"]) == (401, "unauthorized")
    assert not Job.objects.exists()
