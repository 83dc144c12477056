"""Plans and subscriptions as everybody sees them, whether payments are configured or not."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from rest_framework.test import APIClient

from apps.billing.periods import month_before, month_of
from apps.billing.plans import overage_usd_per_minute
from apps.workspaces.models import Workspace
from framelane.lib import clock
from gpu_tasks.timeline.catalogue import catalogue
from tests.billing.payments import use
from tests.people import Person, make_person

NOW = datetime(2027, 1, 31, 23, 59, 59, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _now(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOW)


def test_plans_are_those_of_the_catalogue(anonymous: APIClient) -> None:
    answer = anonymous.get("/v1/billing/plans")
    assert answer.status_code == 200
    listed = answer.json()
    assert (listed["next_cursor"], listed["has_more"]) == (None, False)
    assert [plan["id"] for plan in listed["data"]] == ["free", "pro", "enterprise"]
    for plan in listed["data"]:
        facts = catalogue()["plans"][plan["id"]]
        assert {name: plan[name] for name in facts} == facts
        assert {plan[name] for name in plan.keys() - facts.keys() - {"id"}} <= {None, False}


def test_a_workspace_that_never_paid(db: None) -> None:
    person = make_person("Freya", plan="free")
    assert person.get("/v1/billing/subscription").json() == {
        "plan": "free",
        "status": "active",
        "current_period_start": "2027-01-01T00:00:00Z",
        "current_period_end": "2027-02-01T00:00:00Z",
        "cancel_at_period_end": False,
        "past_due_since": None,
        "overage_minutes": 0,
        "overage_usd": 0.0,
    }


@pytest.mark.parametrize(
    ("plan", "minutes", "overage"),
    [
        ("free", 5000, 0),
        ("pro", 2000, 0),
        ("pro", Decimal("2000.999"), 0),
        ("pro", 2001, 1),
        ("pro", Decimal("3234.5"), 1234),
        ("enterprise", 90_000, 0),
    ],
)
def test_overage_is_full_minutes_above_what_the_plan_includes(
    db: None, plan: str, minutes: Decimal, overage: int
) -> None:
    person = make_person("Freya", plan=plan)
    use(person.workspace, minutes, datetime(2027, 1, 1, tzinfo=UTC))
    # Neither the month before nor the one after counts.
    use(person.workspace, 70, datetime(2026, 12, 31, 23, 59, 59, 999999, tzinfo=UTC))
    use(person.workspace, 70, datetime(2027, 2, 1, tzinfo=UTC))
    shown = person.get("/v1/billing/subscription").json()
    assert shown["overage_minutes"] == overage
    assert Decimal(str(shown["overage_usd"])) == overage * Decimal("0.08")


def test_fractions_of_jobs_add_up(db: None) -> None:
    person = make_person("Freya", plan="pro")
    use(person.workspace, 2000, NOW)
    for _ in range(4):
        use(person.workspace, "0.3", NOW)
    assert person.get("/v1/billing/subscription").json()["overage_minutes"] == 1


def test_a_payment_that_is_missing_shows(db: None) -> None:
    person = make_person("Freya", plan="pro")
    Workspace.objects.update(plan_status="past_due", past_due_since=NOW)
    shown = person.get("/v1/billing/subscription").json()
    assert (shown["status"], shown["past_due_since"]) == ("past_due", "2027-01-31T23:59:59Z")


@pytest.mark.parametrize("path", ["/v1/billing/checkout", "/v1/billing/portal"])
def test_without_stripe_nothing_can_be_bought(alice: Person, path: str) -> None:
    answer = alice.post(path, {"plan": "pro"})
    assert (answer.status_code, answer.json()["error"]["code"]) == (501, "not_configured")


@pytest.mark.parametrize(
    ("body", "field"),
    [({"plan": "enterprise"}, "/plan"), ({"plan": "gold"}, "/plan"), ({}, "/plan"), ({"plan": None}, "/plan")],
)
def test_other_plans_are_refused(alice: Person, body: Any, field: str) -> None:
    answer = alice.post("/v1/billing/checkout", body)
    assert answer.status_code == 422
    assert [problem["path"] for problem in answer.json()["error"]["details"]["fields"]] == [field]


@pytest.mark.parametrize(
    "url",
    [
        "https://evil.example.org/",
        "https://framelane.test.evil.example.org/",
        "http://framelane.test/",
        "https://framelane.test:8443/",
        "https://framelane.test@evil.example.org/",
        "https://evil.example.org\\@framelane.test/",
        "//framelane.test/",
        "/billing",
        "javascript:alert(1)",
        "https://framelane.test/" + "x" * 2048,
        "https://framelane.test:port/",
        "https://[framelane.test/",
        "",
    ],
)
def test_nobody_is_led_to_foreign_places(alice: Person, settings: Any, url: str) -> None:
    settings.FRAMELANE_PUBLIC_URL = "https://framelane.test"
    for path, name in [("checkout", "success_url"), ("checkout", "cancel_url"), ("portal", "return_url")]:
        answer = alice.post(f"/v1/billing/{path}", {"plan": "pro", name: url})
        assert answer.status_code == 422, answer.json()
        assert answer.json()["error"]["details"]["fields"][0]["path"] == f"/{name}"


def test_the_scope_of_a_key_counts(alice: Person) -> None:
    alice.key.scopes = ["billing:read"]
    alice.key.save()
    assert alice.get("/v1/billing/subscription").status_code == 200
    assert alice.post("/v1/billing/portal", {}).status_code == 403


def test_months_around_the_turn_of_the_year() -> None:
    january = month_of(NOW)
    december = month_before(january)
    assert (december.start, december.end) == (datetime(2026, 12, 1, tzinfo=UTC), january.start)


def test_only_pro_sells_minutes() -> None:
    assert [overage_usd_per_minute(plan) for plan in catalogue()["plans"]] == [None, Decimal("0.08"), None]
