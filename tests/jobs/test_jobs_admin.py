"""What the staff of an installation can see of jobs, and do with them."""

import pytest
from django.contrib.auth.models import User
from django.test import Client

from apps.events.models import Event
from apps.jobs.models import Status
from apps.jobs.services import attempts
from apps.jobs.services.submit import create_task
from tests.jobs.conftest import Submit, claimed, output_of, reloaded
from tests.people import Person
from tests.staff.acting import do

JOBS = "/admin/jobs/job/"


@pytest.fixture
def staff(db: None) -> Client:
    client = Client()
    client.force_login(User.objects.create_superuser("root", "root@example.org", "secret"))
    return client


def test_lists_finds_and_shows_jobs(staff: Client, submit: Submit) -> None:
    other, job = submit(), submit()
    claimed(other)
    page = staff.get(JOBS, {"q": job.id, "status__exact": "queued"}).content.decode()
    assert job.id in page
    assert other.id not in page
    assert job.id in staff.get(f"{JOBS}{job.id}/change/").content.decode()


def test_shows_what_a_task_was_asked_for(staff: Client, alice: Person, submit: Submit) -> None:
    source = "https://example.org/<talk>.mp4"
    task = create_task(
        workspace=alice.workspace, task_type="super_resolution", payload={"source_url": source, "scale": 3}
    )
    render = submit()
    page = staff.get(JOBS, {"task_type": "super_resolution"}).content.decode()
    assert task.id in page
    assert render.id not in page
    shown = staff.get(f"{JOBS}{task.id}/change/").content.decode()
    assert "super_resolution" in shown
    assert "https://example.org/&lt;talk&gt;.mp4" in shown
    assert "&quot;scale&quot;: 3" in shown


def test_changes_nothing_by_hand(staff: Client, submit: Submit) -> None:
    job = submit()
    staff.post(f"{JOBS}{job.id}/change/", {"status": "completed", "attempt": "7"})
    assert (reloaded(job).status, reloaded(job).attempt) == (Status.QUEUED, 0)
    assert staff.post(f"{JOBS}{job.id}/delete/", {"post": "yes"}).status_code == 403
    assert staff.get(f"{JOBS}add/").status_code == 403


def test_cancels_jobs(staff: Client, submit: Submit) -> None:
    running, done, waiting = submit(), submit(), submit()
    claimed(running)
    held = claimed(done)
    attempts.complete(held, output_of(held))
    page = do(staff, "cancel_jobs", waiting, running, done, reason="They loop.")
    assert "2 jobs asked to stop" in page
    assert f"{done.id} (completed): this cannot be done" in page
    assert reloaded(waiting).status == Status.CANCELLED
    assert reloaded(running).cancel_requested
    assert reloaded(done).status == Status.COMPLETED


def test_requeues_jobs(staff: Client, submit: Submit) -> None:
    running = submit()
    claimed(running)
    assert "1 job sent to the workers again" in do(staff, "requeue_jobs", running)
    assert (reloaded(running).status, reloaded(running).spent_attempts) == (Status.QUEUED, 0)


def test_shows_events(staff: Client, submit: Submit) -> None:
    submit()
    event = Event.objects.get()
    assert event.id in staff.get("/admin/events/event/").content.decode()
    assert staff.get("/admin/billing/usagerecord/").status_code == 200
