"""Every kind of page of the administration in a browser: our policy blocks nothing that it needs, and it works."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib import admin
from django.contrib.auth.models import User
from django.urls import reverse
from playwright.sync_api import Browser, Page

from apps.api_keys.models import ApiKey
from apps.audit.models import AuditEntry
from apps.jobs.models import Job
from apps.workspaces.models import Workspace
from tests.conftest import PATIENCE_MS
from tests.people import Person, make_person
from tests.staff.acting import page_of
from tests.staff.rows import REGISTERED, make_rows

pytestmark = [pytest.mark.slow, pytest.mark.once, pytest.mark.django_db(transaction=True)]
PASSWORD = "a password"


class Visit:
    """A browser that keeps what its console complains about."""

    def __init__(self, page: Page, base_url: str) -> None:
        self.page, self.base_url = page, base_url
        self.complaints: list[str] = []
        page.on("console", lambda message: self._note(message.type, message.text))
        page.on("pageerror", lambda error: self._note("error", str(error)))
        page.on("dialog", lambda dialog: self._note("error", f"a dialog: {dialog.message}"))

    def _note(self, kind: str, text: str) -> None:
        if kind in ("error", "warning"):
            self.complaints.append(f"{self.page.url}: {text}")

    def open(self, path: str) -> None:
        self.page.goto(self.base_url + path)


@pytest.fixture
def visit(browser: Browser, live_server: Any) -> Iterator[Visit]:
    User.objects.create_superuser("charlie", "charlie@example.org", PASSWORD)
    page = browser.new_page()
    page.set_default_timeout(PATIENCE_MS)
    yield Visit(page, live_server.url)
    page.close()


def sign_in(visit: Visit) -> None:
    visit.open(reverse("admin:login"))
    visit.page.fill("#id_username", "charlie")
    visit.page.fill("#id_password", PASSWORD)
    visit.page.click("input[type=submit]")
    visit.page.wait_for_url("**/admin/")


@pytest.mark.timeout(1500)
def test_no_page_needs_what_the_policy_forbids(visit: Visit) -> None:
    sign_in(visit)
    visit.open(reverse("operations"))
    for number, model in enumerate(REGISTERED):
        row = make_rows(model, 1, first=number)[0]
        visit.open(page_of(model, "changelist"))
        visit.open(page_of(model, "change", row.pk))
    for path in (
        page_of(User, "add"),
        page_of(Job, "history", Job.objects.all()[0].pk),
        reverse("admin:password_change"),
    ):
        visit.open(path)
    assert len(admin.site._registry) > 20
    assert visit.complaints == []


@pytest.fixture
def alice(transactional_db: None) -> Person:
    return make_person("Alice")


def test_an_act_is_asked_for_and_done(visit: Visit, alice: Person) -> None:
    sign_in(visit)
    visit.open(page_of(ApiKey, "change", alice.key.pk))
    visit.page.click("button:has-text('Revoke')")
    visit.page.fill("[name=reason]", "It was published.")
    visit.page.click("input[value=Revoke]")
    visit.page.wait_for_selector(".messagelist .success")
    alice.key.refresh_from_db()
    assert alice.key.revoked_at is not None
    visit.open(page_of(Workspace, "changelist"))
    visit.page.check("[name=_selected_action]")
    visit.page.select_option("[name=action]", "erase")
    visit.page.click("button[name=index]")
    visit.page.wait_for_selector("[name=confirm]")
    assert visit.complaints == []
    assert AuditEntry.objects.filter(action="api_key.revoke").count() == 1


def test_a_job_is_sent_on_its_way_again(visit: Visit, alice: Person) -> None:
    job = Job.objects.get(id=alice.post("/v1/renders", {"duration": 1}).json()["id"])
    Job.objects.filter(id=job.id).update(hints=7)
    sign_in(visit)
    visit.open(page_of(Job, "change", job.pk))
    visit.page.click("button:has-text('Requeue')")
    visit.page.click("input[value=Requeue]")
    visit.page.wait_for_selector(".messagelist .success")
    job.refresh_from_db()
    assert (job.status, job.hints) == ("queued", 1)
    assert AuditEntry.objects.filter(action="job.requeue", object_id=job.id).count() == 1
    assert visit.complaints == []


def test_the_page_of_operations_looks_again_by_itself(visit: Visit, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("apps.operations.page.view.REFRESH_S", 1)
    sign_in(visit)
    visit.open(reverse("operations"))
    first = visit.page.inner_text(".staff-time")
    visit.page.wait_for_function("first => document.querySelector('.staff-time').innerText !== first", arg=first)
    assert visit.page.inner_text("h1") == "Operations"
    assert visit.complaints == []
