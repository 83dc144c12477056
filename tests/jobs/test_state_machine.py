"""Any order of what clients, workers and time may do keeps the promises of a job."""

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    MultipleResults,
    RuleBasedStateMachine,
    consumes,
    initialize,
    invariant,
    multiple,
    precondition,
    rule,
    run_state_machine_as_test,
)

from apps.billing.models import UsageRecord
from apps.events.models import Event
from apps.jobs.models import TERMINAL, Job, Status
from apps.jobs.services import attempts
from apps.jobs.services.attempts import Claim
from apps.jobs.services.cancel import AlreadyEnded, cancel
from apps.jobs.services.submit import create_render
from apps.jobs.services.sweep import sweep
from framelane.lib import clock
from tests.jobs.conftest import SCENE, output_of, set_free
from tests.people import make_person

ENDS = [f"render.{status}" for status in TERMINAL]


class OneJob(RuleBasedStateMachine):
    """A job, its clients and any number of workers, of which all but one have lost it."""

    claims = Bundle("claims")

    def __init__(self) -> None:
        super().__init__()
        alice = make_person(f"Alice{Job.objects.count()}")
        self.job_id = create_render(workspace=alice.workspace, payload=SCENE).id
        # Jobs of earlier examples may still wait.
        Job.objects.filter(id=self.job_id).update(queue=f"queue-{Job.objects.count()}")
        self.seen_percent = 0
        self.seen_end = ""
        self.cancel_accepted = False
        self.has_impatient_client = False

    @property
    def job(self) -> Job:
        return Job.objects.get(id=self.job_id)

    @initialize(is_impatient=st.booleans())
    def choose_client(self, is_impatient: bool) -> None:
        self.has_impatient_client = is_impatient

    @rule(target=claims)
    def claim(self) -> Claim | MultipleResults[Claim]:
        return self.claim_if_queued()

    def claim_if_queued(self) -> Claim | MultipleResults[Claim]:
        before = self.job
        set_free(before)
        held = attempts.claim(self.job_id, worker="worker")
        assert (held is not None) == (before.status == Status.QUEUED)
        return multiple() if held is None else held

    @rule(claim=claims, percent=st.integers(0, 95), stage=st.sampled_from(["downloading", "compositing", "encoding"]))
    def report(self, claim: Claim, percent: int, stage: str) -> None:
        attempts.report(claim, percent=percent, stage=stage, publish=percent > 50)

    @rule(claim=consumes(claims))
    def complete(self, claim: Claim) -> None:
        before = self.job
        is_current = before.status == Status.PROCESSING and before.attempt == claim.attempt
        assert attempts.complete(claim, output_of(claim)) == (is_current and not before.cancel_requested)

    @rule(claim=consumes(claims), code=st.sampled_from(["internal", "decode_failed"]))
    def fail(self, claim: Claim, code: str) -> None:
        attempts.fail(claim, code=code, message="broken")

    @rule(claim=consumes(claims))
    def release(self, claim: Claim) -> None:
        attempts.release(claim)

    @rule(claim=consumes(claims))
    def confirm_cancel(self, claim: Claim) -> None:
        attempts.confirm_cancel(claim)

    @precondition(lambda self: self.has_impatient_client)
    @rule()
    def cancel(self) -> None:
        try:
            cancel(self.job)
            self.cancel_accepted = True
        except AlreadyEnded:
            assert self.job.is_terminal

    @rule(target=claims)
    def change_workers(self) -> Claim | MultipleResults[Claim]:
        """Whoever has the job is given up for dead, without being so, and another takes over."""
        Job.objects.filter(id=self.job_id, status=Status.PROCESSING).update(
            lease_until=clock.now() - timedelta(seconds=1)
        )
        sweep()
        return self.claim_if_queued()

    @rule()
    def sweep(self) -> None:
        sweep()

    @invariant()
    def never_goes_back(self) -> None:
        job = self.job
        assert job.progress_percent >= self.seen_percent
        assert not self.seen_end or job.status == self.seen_end
        self.seen_percent = job.progress_percent
        self.seen_end = job.status if job.is_terminal else ""

    @invariant()
    def ends_once(self) -> None:
        job = self.job
        ends = list(Event.objects.filter(type__in=ENDS, data__job__id=job.id).values_list("type", flat=True))
        assert ends == ([f"render.{job.status}"] if job.is_terminal else [])
        assert UsageRecord.objects.filter(job_id=job.id).count() == (job.status == Status.COMPLETED)

    @invariant()
    def keeps_its_word(self) -> None:
        job = self.job
        assert not self.cancel_accepted or job.status in (Status.PROCESSING, Status.CANCELLED)
        assert job.spent_attempts <= 3
        assert job.worker_deaths <= job.spent_attempts


@pytest.mark.slow
@pytest.mark.timeout(1800)
@pytest.mark.django_db
def test_no_order_of_events_breaks_a_promise() -> None:
    options = settings(max_examples=60, stateful_step_count=25, deadline=None, suppress_health_check=list(HealthCheck))
    run_state_machine_as_test(OneJob, settings=options)
