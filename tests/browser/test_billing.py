"""From the free plan to the portal, with a Stripe on loopback; its own pages are played by the test."""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Route, expect
from pytest_django.live_server_helper import LiveServer

from tests.billing.payments import Shop, open_shop
from tests.browser.browsing import window
from tests.console.people import signed_in
from tests.people import make_person

PORTAL = "<h1>Portal</h1>"

pytestmark = [pytest.mark.once, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def shop(live_server: LiveServer, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Shop]:
    with open_shop(settings, monkeypatch) as opened:
        settings.FRAMELANE_PUBLIC_URL = live_server.url
        yield opened


def test_from_the_free_plan_to_the_portal(browser: Browser, live_server: LiveServer, shop: Shop) -> None:
    def pay(route: Route) -> None:
        """Stripe's page: whoever comes here pays, and is sent back."""
        session = shop.books.sessions[route.request.url.rpartition("/")[2]]
        shop.books.pay(session["id"])
        shop.deliver()
        route.fulfill(content_type="text/html", body=f'<a href="{session["success_url"]}">Back to the shop</a>')

    client = signed_in(make_person("Freya", plan="free"))
    with window(browser, live_server.url, session=client.cookies["sessionid"].value) as opened:
        page = opened.page
        page.route("https://checkout.stripe.com/**", pay)
        page.route(
            "https://billing.stripe.com/**",
            lambda route: route.fulfill(content_type="text/html", body="<h1>Portal</h1>"),
        )
        page.goto("/console/")
        page.get_by_role("link", name="Billing", exact=True).click()
        page.get_by_role("button", name="Upgrade to Pro").click()
        page.get_by_role("link", name="Back to the shop").click()
        expect(page.locator("main")).to_contain_text("Thank you")
        expect(page.locator("main")).to_contain_text("Pro")
        page.get_by_role("button", name="Invoices and payment").click()
        expect(page.get_by_role("heading", name="Portal")).to_be_visible()
        assert opened.complaints == []
