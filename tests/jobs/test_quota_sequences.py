"""Whatever happens to jobs in whatever order: a plan that has an end is kept, and the ledger is what was made."""

from contextlib import suppress
from decimal import Decimal
from typing import Any

import pytest
from django.db import transaction
from django.db.models import Sum
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from apps.billing.models import Reservation
from apps.billing.selectors import allowance_of, ledger_s
from apps.billing.services import record_usage
from apps.jobs.models import Job, Status
from apps.jobs.services import attempts
from apps.jobs.services.allowance import Extent, NotAllowed, require_allowed
from apps.jobs.services.attempts import Claim
from apps.jobs.services.cancel import AlreadyEnded, cancel
from apps.jobs.services.submit import create_render
from apps.jobs.services.sweep import recover_now, sweep
from framelane.api.errors import ApiError
from tests.jobs.conftest import output_of, set_free
from tests.people import Person, make_person
from tests.windows import not_at_a_months_end

BEFORE_S = Decimal(1380)
"""What was used earlier: two minutes are left."""

LENGTHS = st.floats(0.001, 150).map(lambda value: round(value, 3))
SUBMISSIONS = st.fixed_dictionaries(
    {"elements": st.just([{"type": "text", "text": "Hello", "duration": 3}])},
    optional={"duration": LENGTHS, "output_format": st.sampled_from(["mp4", "png", "gif"])},
)
STEPS = st.one_of(
    st.tuples(st.just("submit"), SUBMISSIONS),
    st.tuples(st.just("claim"), st.integers(0, 5)),
    st.tuples(st.just("plan"), LENGTHS),
    st.tuples(st.just("complete"), LENGTHS),
    st.tuples(st.sampled_from(["fail", "break", "release", "lose", "cancel", "sweep"]), st.integers(0, 5)),
)


class Story:
    """One free workspace, its jobs, and at most one worker, who does as workers do."""

    def __init__(self) -> None:
        self.person: Person = make_person("Charlie", plan="free")
        self.held: Claim | None = None
        record_usage(workspace_id=self.person.workspace.id, job_id="render_before", kind="render", output_s=BEFORE_S)

    def do(self, step: str, value: Any) -> None:
        getattr(self, step)(value)
        self.check()

    def jobs(self, **where: Any) -> list[Job]:
        return list(Job.objects.filter(workspace=self.person.workspace, **where).order_by("id"))

    def one(self, number: int, **where: Any) -> Job | None:
        jobs = self.jobs(**where)
        return jobs[number % len(jobs)] if jobs else None

    def submit(self, body: dict[str, Any]) -> None:
        before = allowance_of(self.person.workspace)
        try:
            with transaction.atomic():
                create_render(workspace=self.person.workspace, payload=body)
        except ApiError as error:
            refusal = error
        else:
            return
        assert refusal.status == 402
        assert before.left_s is not None
        # The answer is rounded.
        assert refusal.details["requested_minutes"] * 60 > float(before.left_s) - 0.01

    def claim(self, number: int) -> None:
        job = self.one(number, status=Status.QUEUED)
        if self.held is None and job is not None:
            set_free(job)
            self.held = attempts.claim(job.id, worker="worker-1")

    def plan(self, length_s: float) -> bool:
        """False when the worker had to stop, and the job has failed."""
        if self.held is None:
            return False
        try:
            require_allowed(self.held, Extent(length_s))
        except NotAllowed as refusal:
            attempts.fail(self.held, code="source_too_large", message=str(refusal))
            self.held = None
            return False
        return True

    def complete(self, length_s: float) -> None:
        if self.plan(length_s) and self.held is not None:
            if not attempts.complete(self.held, output_of(self.held, duration_s=length_s)):
                attempts.confirm_cancel(self.held)
            self.held = None

    def fail(self, _: int) -> None:
        if self.held is not None:
            attempts.fail(self.held, code="decode_failed", message="no")
            self.held = None

    def break_(self, _: int) -> None:
        if self.held is not None:
            attempts.fail(self.held, code="internal", message="no")
            self.held = None

    def release(self, _: int) -> None:
        if self.held is not None:
            attempts.release(self.held)
            self.held = None

    def lose(self, _: int) -> None:
        """The job is taken away; the worker goes on and does not know."""
        if self.held is not None:
            recover_now(Job.objects.get(id=self.held.job_id))
            attempts.complete(self.held, output_of(self.held, duration_s=1000.0))
            self.held = None

    def cancel(self, number: int) -> None:
        if (job := self.one(number)) is not None:
            with suppress(AlreadyEnded):
                cancel(job)

    def sweep(self, _: int) -> None:
        assert sweep()["unclaimed"] == 0

    def check(self) -> None:
        allowance = allowance_of(self.person.workspace)
        assert allowance.included_s is not None
        assert allowance.used_s + allowance.reserved_s <= allowance.included_s
        made_s = sum((ledger_s(job.output_duration_s or 0) for job in self.jobs(status=Status.COMPLETED)), Decimal(0))
        assert allowance.used_s == BEFORE_S + made_s
        active = {job.id for job in self.jobs(completed_at__isnull=True)}
        reserved = Reservation.objects.filter(workspace=self.person.workspace)
        assert set(reserved.values_list("job_id", flat=True)) == active
        assert allowance.reserved_s == (reserved.aggregate(total=Sum("output_s"))["total"] or 0)


setattr(Story, "break", Story.break_)


@pytest.mark.slow
@pytest.mark.timeout(1800)
@pytest.mark.django_db
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(STEPS, min_size=5, max_size=25))
def test_the_plan_is_kept_and_the_ledger_is_what_was_made(steps: list[tuple[str, Any]]) -> None:
    not_at_a_months_end()
    with transaction.atomic():
        story = Story()
        for step, value in steps:
            story.do(step, value)
        # Workers take jobs of all workspaces: those of one example must not be there in the next.
        transaction.set_rollback(True)
