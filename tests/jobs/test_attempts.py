"""An attempt from claim to outcome, and what stale workers cannot do."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.test import override_settings

from apps.billing.models import UsageRecord
from apps.events.models import Event
from apps.jobs.models import Job, Status
from apps.jobs.services import attempts
from apps.jobs.services.attempts import Standing
from apps.jobs.services.cancel import AlreadyEnded, cancel
from framelane.lib import clock
from tests.jobs.conftest import Broker, Submit, claimed, output_of, reloaded
from tests.people import make_person


def event_types() -> list[str]:
    return list(Event.objects.order_by("created_at").values_list("type", flat=True))


def lose_lease(job: Job) -> None:
    Job.objects.filter(id=job.id).update(lease_until=clock.now() - timedelta(seconds=1))


def test_submitting_queues_the_job_and_hints_at_it(submit: Submit, broker: Broker) -> None:
    job = submit()
    assert (job.status, job.queue, job.attempt) == (Status.QUEUED, "render", 0)
    assert ("gpu_tasks.worker.run_job", (job.id,), "render") in broker.sent
    assert event_types() == ["render.queued"]


def test_keeps_what_the_client_set_and_nothing_else(submit: Submit) -> None:
    job = submit(surprise=1)
    assert set(job.request) == {"duration", "elements", "metadata"}
    assert job.metadata == {"project_id": "proj_123"}


def test_keeps_the_warnings_of_the_linter(submit: Submit) -> None:
    assert [warning["code"] for warning in submit(elements=[]).warnings] == ["EMPTY_TIMELINE"]


def test_a_claim_starts_an_attempt(submit: Submit) -> None:
    job = submit()
    held = claimed(job, "worker-7")
    job = reloaded(job)
    assert (job.status, job.attempt, job.worker) == (Status.PROCESSING, 1, "worker-7")
    assert job.lease_until is not None
    assert job.lease_until > clock.now()
    assert held.request == job.request
    assert event_types() == ["render.queued", "render.processing"]


def test_a_job_is_claimed_once(submit: Submit) -> None:
    job = submit()
    claimed(job)
    assert attempts.claim(job.id, worker="worker-2") is None
    assert reloaded(job).attempt == 1


def test_nothing_is_claimed_for_an_unknown_id(db: None) -> None:
    assert attempts.claim("render_01J8QR2K5VKDGN2T4FBM3CZYX7", worker="worker-1") is None


def test_a_heartbeat_extends_the_lease(submit: Submit) -> None:
    job = submit()
    held = claimed(job)
    lose_lease(job)
    assert attempts.heartbeat(held) is Standing.HELD
    lease_until = reloaded(job).lease_until
    assert lease_until is not None
    assert lease_until > clock.now()


def test_completing_records_output_usage_and_event_together(submit: Submit) -> None:
    job = submit()
    held = claimed(job)
    assert attempts.complete(held, output_of(held, duration_s=2.0004))
    job = reloaded(job)
    assert (job.status, job.progress_percent, job.lease_until) == (Status.COMPLETED, 100, None)
    assert job.output_key.endswith("attempt-1/output.mp4")
    record = UsageRecord.objects.get(job_id=job.id)
    assert (record.kind, record.output_s) == ("render", Decimal("2.000"))
    assert event_types()[-1] == "render.completed"
    assert Event.objects.get(type="render.completed").data["job"]["status"] == "completed"


def test_warnings_of_the_work_join_those_of_the_request(submit: Submit) -> None:
    job = submit(elements=[])
    held = claimed(job)
    known = {key: job.warnings[0][key] for key in ("code", "message")}
    fallback = {"code": "FONT_FALLBACK", "message": "no font 'Nope'"}
    attempts.complete(held, output_of(held, warnings=[known, fallback]))
    assert [warning["code"] for warning in reloaded(job).warnings] == ["EMPTY_TIMELINE", "FONT_FALLBACK"]


def test_a_stale_worker_changes_nothing(submit: Submit) -> None:
    job = submit()
    stale = claimed(job, "worker-1")
    attempts.release(stale)
    current = claimed(job, "worker-2")

    assert attempts.heartbeat(stale) is Standing.LOST
    assert not attempts.report(stale, percent=90, stage="encoding")
    assert not attempts.complete(stale, output_of(stale))
    assert attempts.fail(stale, code="decode_failed", message="broken") is None
    assert attempts.release(stale) is None
    assert attempts.confirm_cancel(stale) is None
    job = reloaded(job)
    assert (job.status, job.worker, job.attempt) == (Status.PROCESSING, "worker-2", current.attempt)
    assert not UsageRecord.objects.exists()


def test_an_outcome_is_written_once(submit: Submit) -> None:
    job = submit()
    held = claimed(job)
    assert attempts.complete(held, output_of(held))
    assert not attempts.complete(held, output_of(held))
    assert attempts.fail(held, code="internal", message="late") is None
    assert UsageRecord.objects.count() == 1
    assert event_types().count("render.completed") == 1


def test_progress_never_falls(submit: Submit) -> None:
    job = submit()
    held = claimed(job)
    assert attempts.report(held, percent=40, stage="compositing")
    assert not attempts.report(held, percent=39, stage="encoding")
    assert not attempts.report(held, percent=40, stage="downloading")
    assert attempts.report(held, percent=40, stage="encoding")
    assert (reloaded(job).progress_percent, reloaded(job).progress_stage) == (40, "encoding")


def test_progress_is_published_when_asked(submit: Submit) -> None:
    held = claimed(submit())
    attempts.report(held, percent=10, stage="compositing")
    attempts.report(held, percent=20, stage="compositing", publish=True)
    assert event_types().count("render.progress") == 1


def test_a_customers_fault_ends_the_job_at_once(submit: Submit) -> None:
    job = submit()
    attempts.fail(claimed(job), code="source_not_found", message="https://example.org/a.mp4 answered 404.")
    job = reloaded(job)
    assert (job.status, job.error_code) == (Status.FAILED, "source_not_found")
    assert event_types()[-1] == "render.failed"
    assert not UsageRecord.objects.exists()


def test_our_fault_is_tried_three_times(submit: Submit) -> None:
    job = submit()
    for _ in range(2):
        attempts.fail(claimed(job), code="internal", message="The renderer ended unexpectedly.")
        assert reloaded(job).status == Status.QUEUED
    attempts.fail(claimed(job), code="internal", message="The renderer ended unexpectedly.")
    job = reloaded(job)
    assert (job.status, job.error_code, job.attempt) == (Status.FAILED, "internal", 3)
    assert job.error_message == "The renderer ended unexpectedly."


def test_our_fault_is_not_tried_again_where_that_is_in_vain(submit: Submit) -> None:
    job = submit()
    attempts.fail(claimed(job), code="provider_error", message="AssemblyAI answered 401.", is_final=True)
    job = reloaded(job)
    assert (job.status, job.error_code, job.attempt) == (Status.FAILED, "provider_error", 1)


def test_the_job_is_announced_as_processing_once(submit: Submit) -> None:
    job = submit()
    attempts.fail(claimed(job), code="internal", message="The renderer ended unexpectedly.")
    claimed(job)
    assert event_types() == ["render.queued", "render.processing"]


def test_releasing_costs_no_attempt(submit: Submit, broker: Broker, django_capture_on_commit_callbacks: object) -> None:
    job = submit()
    for _ in range(5):
        attempts.release(claimed(job))
    job = reloaded(job)
    assert (job.status, job.spent_attempts, job.attempt) == (Status.QUEUED, 0, 5)
    attempts.fail(claimed(job), code="internal", message="broken")
    assert reloaded(job).status == Status.QUEUED


def test_cancelling_a_waiting_job_ends_it_at_once(submit: Submit) -> None:
    job = submit()
    assert cancel(job).status == Status.CANCELLED
    assert attempts.claim(job.id, worker="worker-1") is None
    assert event_types() == ["render.queued", "render.cancelled"]


def test_cancelling_a_running_job_asks_its_worker(submit: Submit) -> None:
    job = submit()
    held = claimed(job)
    assert cancel(job).status == Status.PROCESSING
    assert attempts.look(held) is Standing.CANCEL
    assert attempts.confirm_cancel(held) is not None
    assert reloaded(job).status == Status.CANCELLED


def test_an_accepted_cancellation_always_wins(submit: Submit) -> None:
    job = submit()
    held = claimed(job)
    cancel(job)
    assert not attempts.complete(held, output_of(held))
    attempts.fail(held, code="internal", message="broken")
    assert reloaded(job).status == Status.CANCELLED
    assert not UsageRecord.objects.exists()


def test_a_released_job_whose_cancellation_was_asked_for_ends(submit: Submit) -> None:
    job = submit()
    held = claimed(job)
    cancel(job)
    attempts.release(held)
    assert reloaded(job).status == Status.CANCELLED


def test_cancelling_twice_is_no_error_while_the_worker_stops(submit: Submit) -> None:
    job = submit()
    claimed(job)
    cancel(job)
    assert cancel(reloaded(job)).cancel_requested


@pytest.mark.parametrize("end", ["completed", "failed", "cancelled"])
def test_what_has_ended_cannot_be_cancelled(submit: Submit, end: str) -> None:
    job = submit()
    if end == "cancelled":
        cancel(job)
    elif end == "failed":
        attempts.fail(claimed(job), code="decode_failed", message="broken")
    else:
        held = claimed(job)
        attempts.complete(held, output_of(held))
    with pytest.raises(AlreadyEnded, match=end):
        cancel(reloaded(job))
    assert reloaded(job).status == end


def test_renders_of_a_free_workspace_run_one_at_a_time(submit: Submit, broker: Broker) -> None:
    charlie = make_person("Charlie", plan="free")
    first, second = submit(charlie), submit(charlie)
    held = claimed(first)
    assert attempts.claim(second.id, worker="worker-2") is None
    assert reloaded(second).status == Status.QUEUED
    attempts.complete(held, output_of(held))
    assert claimed(second).attempt == 1


def test_the_end_of_a_free_render_wakes_the_next(
    submit: Submit, broker: Broker, django_capture_on_commit_callbacks: object
) -> None:
    charlie = make_person("Charlie", plan="free")
    first, second, third = submit(charlie), submit(charlie), submit(charlie)
    held = claimed(first)
    broker.hints()
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
        attempts.complete(held, output_of(held))
    assert broker.hints() == [second.id]
    assert third.status == Status.QUEUED


def test_paying_workspaces_run_renders_side_by_side(submit: Submit) -> None:
    first, second = submit(), submit()
    assert claimed(first).attempt == claimed(second).attempt == 1


def test_an_upgrade_counts_for_jobs_that_wait(submit: Submit) -> None:
    charlie = make_person("Charlie", plan="free")
    first, second = submit(charlie), submit(charlie)
    claimed(first)
    charlie.workspace.plan = "pro"
    charlie.workspace.save()
    assert claimed(reloaded(second)).attempt == 1


@override_settings(FRAMELANE_JOB_MAX_ATTEMPTS=1)
def test_the_number_of_attempts_is_a_setting(submit: Submit) -> None:
    job = submit()
    attempts.fail(claimed(job), code="gpu_error", message="The card fell off the bus.")
    assert reloaded(job).status == Status.FAILED
