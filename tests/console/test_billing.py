"""Billing in the console, with a Stripe on loopback and without any."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.billing.payments import Shop, open_shop
from tests.console.people import signed_in
from tests.people import Person, make_person


@pytest.fixture
def freya(db: None) -> Person:
    return make_person("Freya", plan="free")


@pytest.fixture
def shop(db: None, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Shop]:
    with open_shop(settings, monkeypatch) as opened:
        yield opened


def test_without_stripe_plans_are_only_shown(freya: Person) -> None:
    owner = signed_in(freya)
    page = owner.get("/console/billing").content.decode()
    assert "takes no payments" in page
    assert "Upgrade" not in page
    assert owner.post("/console/billing/checkout").status_code == 501
    assert owner.post("/console/billing/portal").status_code == 501


@pytest.mark.slow
def test_upgrading_leads_to_stripe_and_back(shop: Shop, freya: Person) -> None:
    owner = signed_in(freya)
    assert "Upgrade to Pro" in owner.get("/console/billing").content.decode()
    answer = owner.post("/console/billing/checkout")
    assert answer.status_code == 302
    address = answer.headers["Location"]
    assert address.startswith("https://checkout.stripe.com/")
    session = shop.books.sessions[address.rpartition("/")[2]]
    assert session["success_url"] == "https://framelane.test/console/billing?checkout=succeeded"
    shop.books.pay(session["id"])
    shop.deliver()
    page = owner.get("/console/billing?checkout=succeeded").content.decode()
    assert "Thank you" in page
    assert "Upgrade to Pro" not in page
    assert owner.post("/console/billing/portal").headers["Location"].startswith("https://billing.stripe.com/")
    assert owner.post("/console/billing/checkout").status_code == 409


@pytest.mark.slow
def test_who_never_paid_has_no_portal_and_members_have_no_say(shop: Shop, freya: Person) -> None:
    assert signed_in(freya).post("/console/billing/portal").status_code == 409
    member = signed_in(freya, "member", email="eve@example.org")
    assert "Upgrade" not in member.get("/console/billing").content.decode()
    assert member.post("/console/billing/checkout").status_code == 403
    assert member.post("/console/billing/portal").status_code == 403
