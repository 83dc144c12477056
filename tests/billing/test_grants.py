"""Minutes that the staff grants count wherever the plan's minutes do."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from apps.account.erasure import erase, request_erasure
from apps.billing.grants import GrantRefused, grant_minutes
from apps.billing.models import Grant, Reservation
from apps.billing.quota import require_affordable
from apps.billing.selectors import allowance_of
from apps.billing.services import record_usage
from apps.billing.stripe.models import OverageReport
from apps.billing.stripe.selectors import overage_so_far
from apps.mail.models import Mail
from framelane.api.errors import ApiError
from framelane.lib import clock
from tests.billing.payments import Shop, report, use
from tests.people import Person, make_person
from tests.threads import at_once

NOW = datetime(2026, 11, 22, 10, 30, tzinfo=UTC)


@pytest.fixture
def november(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOW)


@pytest.fixture
def charlie(db: None, november: None) -> Person:
    return make_person("Charlie", plan="free")


def granted(person: Person, minutes: int, **options: Any) -> Grant:
    values = {"reason": "An outage.", "granted_by": None, **options}
    return grant_minutes(workspace=person.workspace, minutes=minutes, **values)


def used(person: Person, minutes: float) -> None:
    number = person.workspace.usage_records.count()
    record_usage(
        workspace_id=person.workspace.id, job_id=f"render_{number}", kind="render", output_s=Decimal(str(minutes * 60))
    )


def test_granted_minutes_are_included_in_their_month_alone(charlie: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    granted(charlie, 10)
    granted(charlie, 5, month=date(2026, 12, 1))
    used(charlie, 30)
    assert allowance_of(charlie.workspace).included_s == 35 * 60
    assert allowance_of(charlie.workspace).left_s == 5 * 60
    assert allowance_of(charlie.workspace).affords(Decimal(300))
    monkeypatch.setattr(clock, "now", lambda: datetime(2026, 12, 1, tzinfo=UTC))
    assert allowance_of(charlie.workspace).included_s == 30 * 60
    monkeypatch.setattr(clock, "now", lambda: datetime(2027, 1, 1, tzinfo=UTC))
    assert allowance_of(charlie.workspace).included_s == 25 * 60


def test_what_is_granted_to_one_is_granted_to_nobody_else(charlie: Person, bob: Person) -> None:
    granted(charlie, 10)
    assert allowance_of(bob.workspace).granted_s == 0


def test_a_refusal_counts_what_was_granted(charlie: Person) -> None:
    granted(charlie, 10)
    used(charlie, 34)
    with pytest.raises(ApiError) as refused:
        require_affordable(allowance_of(charlie.workspace), Decimal(61))
    assert refused.value.details["limit_minutes"] == 35
    assert "what was granted beside it include 35 render-minutes this month" in refused.value.message


def test_usage_tells_of_the_limit_with_what_was_granted(charlie: Person) -> None:
    granted(charlie, 10)
    assert charlie.get("/v1/workspace/usage").json()["render_minutes_limit"] == 35


def test_a_workspace_hears_of_each_limit_that_it_reaches(charlie: Person) -> None:
    used(charlie, 25)
    granted(charlie, 25)
    used(charlie, 14)
    used(charlie, 1)
    used(charlie, 10)
    told = list(Mail.objects.order_by("id").values_list("template", "context"))
    assert [(template, context["limit_minutes"]) for template, context in told] == [
        ("quota_100", "25"),
        ("quota_80", "50"),
        ("quota_100", "50"),
    ]


def test_what_was_granted_can_be_taken_back_and_no_more(charlie: Person) -> None:
    granted(charlie, 10)
    granted(charlie, -4)
    assert allowance_of(charlie.workspace).granted_s == 6 * 60
    with pytest.raises(GrantRefused, match="7 minutes would be taken back, but only 6 were granted"):
        granted(charlie, -7)


@pytest.mark.parametrize(
    ("minutes", "options", "why"),
    [
        (0, {}, "not 0"),
        (100_001, {}, "accepted is -100000 to 100000"),
        (5, {"reason": "  "}, "A reason of 1 to 500"),
        (5, {"reason": "x" * 501}, "not one of 501"),
        (5, {"month": date(2026, 10, 1)}, "2026-11 or 2026-12"),
        (5, {"month": date(2026, 11, 2)}, "2026-11 or 2026-12"),
    ],
)
def test_odd_grants_are_refused(charlie: Person, minutes: int, options: dict[str, Any], why: str) -> None:
    with pytest.raises(GrantRefused, match=why):
        granted(charlie, minutes, **options)
    assert not Grant.objects.exists()


def test_a_plan_without_an_end_takes_no_grant(november: None, db: None) -> None:
    with pytest.raises(GrantRefused, match="no limit"):
        granted(make_person("Dora", plan="enterprise"), 5)


def test_two_people_do_not_take_the_same_minutes_back(november: None, transactional_db: None) -> None:
    person = make_person("Charlie", plan="free")
    granted(person, 10)

    def take_back() -> bool:
        try:
            granted(person, -10)
        except GrantRefused:
            return False
        return True

    assert sorted(at_once(*[take_back] * 4)) == [False, False, False, True]
    assert allowance_of(person.workspace).granted_s == 0


def test_grants_are_erased_with_their_workspace(charlie: Person) -> None:
    granted(charlie, 10)
    Reservation.objects.all().delete()
    request_erasure(workspace=charlie.workspace)
    erase(workspace_id=charlie.workspace.id)
    assert not Grant.objects.exists()


@pytest.mark.slow
def test_granted_minutes_are_not_charged(shop: Shop, freya: Person, pro: dict[str, Any]) -> None:
    granted(freya, 10)
    use(freya.workspace, 2003, shop.now)
    assert report() == 0
    use(freya.workspace, 8, shop.now)
    assert report() == 1
    assert shop.meter_minutes() == 1


@pytest.mark.slow
def test_what_stripe_has_counted_stays_charged_and_is_made_good_by_what_comes(
    shop: Shop, freya: Person, pro: dict[str, Any]
) -> None:
    use(freya.workspace, 2003, shop.now)
    assert report() == 1
    granted(freya, 10)
    use(freya.workspace, 9, shop.now)
    assert report() == 0
    freya.workspace.refresh_from_db()
    assert shop.meter_minutes() == 3
    assert OverageReport.objects.count() == 1
    subscription = freya.workspace.subscriptions.get()
    assert overage_so_far(freya.workspace, subscription) == 3
    use(freya.workspace, 2, shop.now)
    assert report() == 1
    assert shop.meter_minutes() == 4
