"""Threads that want the last minute at the same instant: it is given away once, whoever asks and however often."""

from collections.abc import Callable
from decimal import Decimal
from functools import partial

import pytest
from django.db.models import Sum

from apps.billing.models import Reservation, UsageRecord
from apps.billing.selectors import allowance_of
from apps.billing.services import record_usage
from apps.jobs.models import Job, Status
from apps.jobs.services import attempts
from apps.jobs.services.allowance import Extent, NotAllowed, require_allowed
from apps.jobs.services.attempts import Claim
from apps.jobs.services.cancel import cancel
from apps.jobs.services.submit import create_render
from apps.jobs.services.sweep import sweep
from apps.mail.models import Mail
from framelane.api.errors import ApiError
from framelane.lib import ids
from tests.jobs.conftest import claimed, output_of
from tests.people import Person, make_person
from tests.threads import at_once

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.slow,
    pytest.mark.usefixtures("within_a_month"),
]
LIMIT_S = Decimal(25 * 60)


@pytest.fixture
def charlie() -> Person:
    """One minute is left of the free plan."""
    person = make_person("Charlie", plan="free")
    spend(person, 1440)
    return person


def spend(person: Person, seconds: float) -> None:
    record_usage(
        workspace_id=person.workspace.id, job_id=ids.new_id("render"), kind="render", output_s=Decimal(str(seconds))
    )


def text(seconds: float) -> dict[str, object]:
    return {"elements": [{"type": "text", "text": "Hello", "duration": seconds}]}


def submit(person: Person, seconds: float) -> Job | None:
    """None when the plan has not that much left."""
    try:
        return create_render(workspace=person.workspace, payload=text(seconds))
    except ApiError as error:
        if error.status != 402:
            raise
        return None


def post(person: Person, seconds: float) -> int:
    status: int = person.post("/v1/renders", text(seconds)).status_code
    return status


def reserved_s() -> Decimal:
    return Reservation.objects.aggregate(total_s=Sum("output_s"))["total_s"] or Decimal(0)


@pytest.mark.parametrize("_round", range(3))
def test_twenty_submissions_share_a_minute(charlie: Person, _round: int) -> None:
    answers = at_once(*(partial(post, charlie, 6) for _ in range(20)))
    assert sorted(answers) == [202] * 10 + [402] * 10
    assert Job.objects.count() == Reservation.objects.count() == 10
    assert reserved_s() == 60


@pytest.mark.parametrize("_round", range(3))
def test_of_twenty_different_lengths_those_pass_that_fit(charlie: Person, _round: int) -> None:
    lengths = [1.5 + 0.7 * place for place in range(20)]
    jobs = at_once(*(partial(submit, charlie, length) for length in lengths))
    passed = [length for length, job in zip(lengths, jobs, strict=True) if job is not None]
    refused = [length for length, job in zip(lengths, jobs, strict=True) if job is None]
    left_s = 60 - float(reserved_s())
    assert float(reserved_s()) == pytest.approx(sum(passed), abs=0.4)
    assert left_s >= 0
    # Nobody was sent away for whom there was room, and not all found some.
    assert passed
    assert refused
    assert all(length > left_s - 1 / 30 for length in refused)


def running(person: Person, monkeypatch: pytest.MonkeyPatch, count: int) -> list[Claim]:
    """Renders of one reserved second each that all run at once, as those of larger plans do."""
    monkeypatch.setattr("apps.jobs.services.waiting.plans.renders_alone", lambda plan: False)
    jobs = [submit(person, 1) for _ in range(count)]
    return [claimed(job) for job in jobs if job is not None]


def longer(held: Claim, seconds: float) -> bool:
    try:
        require_allowed(held, Extent(seconds))
    except NotAllowed:
        return False
    return True


def test_of_ten_that_turn_out_longer_those_go_on_that_fit(charlie: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    claims = running(charlie, monkeypatch, 10)
    # 50 s are left beside what they hold; each wants 19 s more.
    allowed = at_once(*(partial(longer, held, 20) for held in claims))
    assert allowed.count(True) == 2
    assert reserved_s() == 48


def test_all_that_can_happen_at_once_stays_within_the_plan(charlie: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    claims = running(charlie, monkeypatch, 10)

    def finish(held: Claim) -> bool:
        return longer(held, 9) and attempts.complete(held, output_of(held, duration_s=9.0))

    def end(held: Claim) -> bool:
        return attempts.fail(held, code="invalid_source", message="no") is not None

    calls: list[Callable[[], object]] = [partial(finish, held) for held in claims[:7]]
    calls += [partial(end, held) for held in claims[7:9]]
    calls += [lambda: cancel(Job.objects.get(id=claims[9].job_id))]
    calls += [partial(submit, charlie, 4) for _ in range(6)]
    calls += [lambda: sweep()["unclaimed"] for _ in range(2)]
    at_once(*calls)
    allowance = allowance_of(charlie.workspace)
    assert allowance.used_s + allowance.reserved_s <= LIMIT_S
    made = Job.objects.filter(status=Status.COMPLETED)
    assert allowance.used_s - 1440 == 9 * made.count() > 0
    active = Job.objects.filter(completed_at__isnull=True).values_list("id", flat=True)
    assert set(active) == set(Reservation.objects.values_list("job_id", flat=True))


def test_two_that_cross_a_threshold_together_tell_of_it_once(monkeypatch: pytest.MonkeyPatch) -> None:
    dora = make_person("Dora", plan="free")
    spend(dora, 1180)
    claims = running(dora, monkeypatch, 4)
    done = at_once(*(partial(attempts.complete, held, output_of(held, duration_s=8.0)) for held in claims))
    assert all(done)
    assert list(Mail.objects.values_list("template", flat=True)) == ["quota_80"]
    assert UsageRecord.objects.count() == 5
