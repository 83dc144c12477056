"""A worker at a job of a workspace that is erased: it stops, or what it stores too late is thrown away."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from apps.account.erasure import erase, request_erasure
from apps.jobs.models import Job, Status
from apps.workspaces.models import Erasure, Workspace
from framelane.lib import clock
from framelane.lib.storage.local import LocalStore
from gpu_tasks import worker
from tests.jobs.conftest import stand_ins as stand_ins
from tests.jobs.work import run_and_meanwhile, scratch_is_empty, stored_outputs, submitted
from tests.people import Person

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow, pytest.mark.usefixtures("stand_ins")]


def go_on(person: Person) -> None:
    """What the sweep does once the erasure is due again."""
    Erasure.objects.update(due_at=clock.now())
    erase(workspace_id=person.workspace.id)


def test_a_running_job_stops_before_anything_is_deleted(alice: Person) -> None:
    def shut() -> None:
        request_erasure(workspace=alice.workspace)
        erase(workspace_id=alice.workspace.id)
        assert Workspace.objects.filter(id=alice.workspace.id).exists()

    job = run_and_meanwhile(submitted(alice, seconds="60"), shut)
    assert job.status == Status.CANCELLED
    assert scratch_is_empty()
    go_on(alice)
    assert (Workspace.objects.count(), Job.objects.count(), stored_outputs(alice)) == (0, 0, [])


def test_a_film_that_is_stored_after_the_deletion_is_thrown_away(
    alice: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The worker was thought dead, its lease had run out, and then it stores what it made."""
    put_file = LocalStore.put_file

    def erase_and_put(self: LocalStore, key: str, path: Path, content_type: str) -> Any:
        request_erasure(workspace=alice.workspace)
        Job.objects.update(lease_until=clock.now() - timedelta(seconds=1))
        erase(workspace_id=alice.workspace.id)
        assert not Workspace.objects.exists()
        return put_file(self, key, path, content_type)

    monkeypatch.setattr(LocalStore, "put_file", erase_and_put)
    worker.attempt(submitted(alice).id, worker="worker-1")
    assert stored_outputs(alice) == []
    go_on(alice)
    assert Erasure.objects.get().completed_at is not None
    assert (Workspace.objects.count(), Job.objects.count()) == (0, 0)
