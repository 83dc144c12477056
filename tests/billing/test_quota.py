"""What a plan includes, when a month begins anew, and when a workspace can only be read."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from django.conf import settings

from apps.billing.models import Reservation, UsageRecord
from apps.billing.periods import month_of
from apps.billing.quota import require_affordable, require_writable
from apps.billing.selectors import allowance_of
from apps.billing.services import record_usage
from apps.mail.models import Mail
from apps.workspaces.models import Workspace
from framelane.api.errors import ApiError
from framelane.lib import clock
from tests.people import Person, make_person

NOW = datetime(2026, 11, 22, 10, 30, tzinfo=UTC)


@pytest.fixture(autouse=True)
def now(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOW)


@pytest.fixture
def charlie(db: None) -> Person:
    return make_person("Charlie", plan="free")


def used(person: Person, job_id: str, output_s: str, at: datetime = NOW) -> None:
    record = record_usage(workspace_id=person.workspace.id, job_id=job_id, kind="render", output_s=Decimal(output_s))
    UsageRecord.objects.filter(pk=record.pk).update(created_at=at)


def reserved(person: Person, job_id: str, output_s: str) -> None:
    Reservation.objects.create(workspace=person.workspace, job_id=job_id, output_s=Decimal(output_s))


# --- Months ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("moment", "start", "end"),
    [
        ("2026-11-22T10:30:00+00:00", "2026-11-01", "2026-12-01"),
        ("2026-12-31T23:59:59+00:00", "2026-12-01", "2027-01-01"),
        ("2027-01-01T00:00:00+00:00", "2027-01-01", "2027-02-01"),
        ("2028-02-29T12:00:00+00:00", "2028-02-01", "2028-03-01"),
        # The first of December somewhere else is still November in UTC.
        ("2026-12-01T01:00:00+02:00", "2026-11-01", "2026-12-01"),
    ],
)
def test_a_month_is_one_of_the_calendar_in_utc(moment: str, start: str, end: str) -> None:
    found = month_of(datetime.fromisoformat(moment))
    assert (found.start.isoformat(), found.end.isoformat()) == (f"{start}T00:00:00+00:00", f"{end}T00:00:00+00:00")


def test_counts_the_month_and_nothing_before_it(charlie: Person) -> None:
    used(charlie, "render_1", "100", at=month_of(NOW).start)
    used(charlie, "render_2", "7", at=month_of(NOW).start - timedelta(milliseconds=1))
    assert allowance_of(charlie.workspace).used_s == Decimal(100)


def test_begins_anew_with_the_next_month(charlie: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    used(charlie, "render_1", "1500")
    assert allowance_of(charlie.workspace).left_s == 0
    monkeypatch.setattr(clock, "now", lambda: datetime(2026, 12, 1, tzinfo=UTC))
    assert allowance_of(charlie.workspace).left_s == 25 * 60


# --- Plans ----------------------------------------------------------------------------------------------------------


def test_what_is_left_is_neither_used_nor_reserved(charlie: Person, alice: Person) -> None:
    used(charlie, "render_1", "60.5")
    reserved(charlie, "render_2", "30.25")
    reserved(alice, "render_3", "999")
    allowance = allowance_of(charlie.workspace)
    assert (allowance.used_s, allowance.reserved_s) == (Decimal("60.5"), Decimal("30.25"))
    assert allowance.left_s == Decimal("1409.25")


def test_the_free_plan_ends_at_its_limit_exactly(charlie: Person) -> None:
    used(charlie, "render_1", "1440")
    allowance = allowance_of(charlie.workspace)
    assert allowance.affords(Decimal("60"))
    assert not allowance.affords(Decimal("60.001"))


def test_what_has_no_length_can_always_be_afforded(charlie: Person) -> None:
    used(charlie, "render_1", "1600")
    assert allowance_of(charlie.workspace).affords(Decimal(0))


def test_the_pro_plan_goes_on_beyond_what_it_includes(alice: Person) -> None:
    used(alice, "render_1", "120000")
    assert allowance_of(alice.workspace).left_s == 0
    assert allowance_of(alice.workspace).affords(Decimal(86_400))


def test_the_enterprise_plan_has_no_end(db: None) -> None:
    person = make_person("Dora", plan="enterprise")
    assert allowance_of(person.workspace).left_s is None
    assert allowance_of(person.workspace).affords(Decimal(86_400))


def test_a_refusal_says_how_much_is_left_and_when_there_is_more(charlie: Person) -> None:
    used(charlie, "render_1", "1440")
    reserved(charlie, "render_2", "30")
    with pytest.raises(ApiError) as refused:
        require_affordable(allowance_of(charlie.workspace), Decimal("30.5"))
    error = refused.value
    assert (error.status, error.code) == (402, "quota_exceeded")
    assert error.details == {
        "limit_minutes": 25,
        "used_minutes": 24,
        "reserved_minutes": 0.5,
        "requested_minutes": 0.5083,
        "resets_at": "2026-12-01T00:00:00Z",
    }
    assert "25 render-minutes" in error.message
    assert "2026-12-01" in error.message


# --- Payments -------------------------------------------------------------------------------------------------------


def owing(days: float, status: str = "past_due") -> Workspace:
    return Workspace(plan="pro", plan_status=status, past_due_since=NOW - timedelta(days=days))


def is_writable(workspace: Workspace) -> bool:
    try:
        require_writable(workspace)
    except ApiError:
        return False
    return True


def test_a_workspace_that_pays_is_writable(alice: Person, charlie: Person) -> None:
    require_writable(alice.workspace)
    require_writable(charlie.workspace)


@pytest.mark.parametrize(("days", "writable"), [(0, True), (7, True), (7.001, False), (30, False)])
def test_an_overdue_payment_has_a_grace(days: float, writable: bool) -> None:
    assert is_writable(owing(days)) is writable


def test_the_grace_is_a_setting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "FRAMELANE_PAST_DUE_GRACE_DAYS", 0)
    assert not is_writable(owing(0.1))


def test_an_old_debt_that_was_paid_is_forgotten() -> None:
    assert is_writable(owing(30, status="active"))


def test_says_what_to_do_about_a_payment() -> None:
    with pytest.raises(ApiError) as refused:
        require_writable(owing(12))
    assert (refused.value.status, refused.value.code) == (402, "quota_exceeded")
    assert refused.value.details == {"plan_status": "past_due", "past_due_since": "2026-11-10T10:30:00+00:00"}
    assert "POST /v1/billing/portal" in refused.value.message


def test_says_what_to_do_about_a_subscription_that_was_given_up() -> None:
    with pytest.raises(ApiError) as refused:
        require_writable(Workspace(plan="pro", plan_status="cancelled"))
    assert "POST /v1/billing/checkout" in refused.value.message


# --- Alerts ---------------------------------------------------------------------------------------------------------


def mails() -> list[str]:
    return list(Mail.objects.order_by("id").values_list("template", flat=True))


def test_tells_of_four_fifths_and_of_the_end_once_each(charlie: Person) -> None:
    used(charlie, "render_1", "1199.999")
    assert mails() == []
    used(charlie, "render_2", "0.001")
    used(charlie, "render_3", "100")
    assert mails() == ["quota_80"]
    used(charlie, "render_4", "200")
    used(charlie, "render_5", "50")
    assert mails() == ["quota_80", "quota_100"]


def test_tells_the_owner_the_figures(charlie: Person) -> None:
    used(charlie, "render_1", "1230")
    mail = Mail.objects.get()
    assert (mail.to, mail.workspace) == (charlie.workspace.email, charlie.workspace)
    assert mail.context == {
        "workspace_name": "Charlie's workspace",
        "used_minutes": "20.5",
        "limit_minutes": "25",
        "period_end": "1 December 2026",
    }


def test_tells_of_the_end_alone_when_both_are_crossed_at_once(charlie: Person) -> None:
    used(charlie, "render_1", "1500")
    assert mails() == ["quota_100"]


def test_tells_again_in_the_next_month(charlie: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    used(charlie, "render_1", "1300")
    later = datetime(2026, 12, 5, tzinfo=UTC)
    monkeypatch.setattr(clock, "now", lambda: later)
    used(charlie, "render_2", "1300", at=later)
    assert allowance_of(charlie.workspace).used_s == Decimal(1300)
    assert mails() == ["quota_80", "quota_80"]


def test_an_endless_plan_is_told_nothing(db: None) -> None:
    used(make_person("Dora", plan="enterprise"), "render_1", "999999")
    assert mails() == []


def test_a_bad_address_does_not_keep_a_job_from_ending(charlie: Person) -> None:
    Workspace.objects.filter(id=charlie.workspace.id).update(email="nobody")
    used(charlie, "render_1", "1300")
    assert mails() == []
    assert UsageRecord.objects.count() == 1
