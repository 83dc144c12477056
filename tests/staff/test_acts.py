"""What the staff can do: asked first, by right alone, through the services, and on the record."""

from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import models
from django.test import Client

from apps.account import erasure
from apps.account.erasure import request_erasure
from apps.api_keys.models import ApiKey
from apps.audit.models import AuditEntry
from apps.billing.models import Grant
from apps.billing.stripe.models import OverageReport
from apps.jobs.models import Job
from apps.mail.models import Mail
from apps.mail.services import queue_mail, send_due
from apps.webhooks.models import Attempt, Endpoint
from apps.webhooks.services import create_endpoint
from apps.workspaces.members import add_member
from apps.workspaces.models import Erasure, Membership, Workspace
from framelane.api.staff_acts import acts_of
from framelane.lib import clock
from tests.people import Person, make_person
from tests.staff.acting import ask, do, last_entry, page_of
from tests.staff.rows import attempt, make_rows

pytestmark = pytest.mark.django_db

RENDER = {
    "width": 320,
    "height": 240,
    "duration": 1,
    "elements": [{"type": "text", "text": "Hello", "start": 0, "duration": 1}],
}


def rendered(person: Person) -> Job:
    answer = person.post("/v1/renders", RENDER)
    assert answer.status_code == 202, answer.content
    return Job.objects.get(id=answer.json()["id"])


def reason_of(action: str, obj: models.Model) -> str:
    entry = last_entry(action)
    assert (entry.actor_name, entry.object_id) == ("charlie", str(obj.pk))
    return entry.reason


# --- Asking ---------------------------------------------------------------------------------------------------------


def test_nothing_happens_before_the_question_is_answered(staff: Client, alice: Person) -> None:
    page = ask(staff, "revoke", alice.key).content.decode()
    assert "stop working at once" in page
    alice.key.refresh_from_db()
    assert alice.key.revoked_at is None
    assert not AuditEntry.objects.filter(action="api_key.revoke").exists()


def test_a_reason_is_wanted(staff: Client, alice: Person) -> None:
    assert "This field is required" in do(staff, "revoke", alice.key, reason=" ")
    assert "at most 500 characters" in do(staff, "revoke", alice.key, reason="x" * 501)
    assert alice.get("/v1/workspace").status_code == 200


def test_what_can_be_done_to_a_row_is_offered_on_its_page(staff: Client, alice: Person) -> None:
    page = staff.get(page_of(ApiKey, "change", alice.key.pk)).content.decode()
    assert 'name="action" value="revoke"' in page
    do(staff, "revoke", alice.key, reason="leaked")
    page = staff.get(page_of(ApiKey, "change", alice.key.pk)).content.decode()
    assert 'name="action" value="revoke"' not in page


ACTED = [Workspace, Membership, ApiKey, Job, Endpoint, Attempt, Mail, User, OverageReport]


@pytest.mark.parametrize("model", ACTED, ids=lambda model: model._meta.label)
def test_who_may_only_look_can_do_nothing(model: type[models.Model], looker: Client) -> None:
    row = make_rows(model, 1)[0]
    assert acts_of(model)
    for act in acts_of(model):
        page = do(looker, act.name, row, reason="because", confirm=row.pk, plan="enterprise", minutes=5)
        assert act.question not in page
    assert not AuditEntry.objects.exclude(action="staff.sign_in").exists()
    page = looker.get(page_of(model, "change", row.pk)).content.decode()
    assert 'name="action"' not in page


def test_strangers_and_customers_are_sent_away(alice: Person, client: Client) -> None:
    client.force_login(User.objects.create_user("eve"))
    for one in (client, Client()):
        answer = one.post(page_of(ApiKey, "changelist"), {"action": "revoke", "_selected_action": [alice.key.pk]})
        assert (answer.status_code, "/admin/login/" in answer["Location"]) == (302, True)


def test_too_many_rows_at_once_are_refused(staff: Client) -> None:
    rows = make_rows(ApiKey, 201)
    assert "Choose at most 200" in do(staff, "revoke", *rows, reason="because")
    assert not ApiKey.objects.exclude(revoked_at=None).exists()


# --- Workspaces -----------------------------------------------------------------------------------------------------


def test_an_address_is_verified_by_hand(staff: Client, alice: Person) -> None:
    Workspace.objects.filter(id=alice.workspace.id).update(verified_at=None)
    do(staff, "verify", alice.workspace, reason="By telephone.")
    alice.workspace.refresh_from_db()
    assert alice.workspace.verified_at is not None
    assert reason_of("workspace.verify", alice.workspace) == "By telephone."
    assert last_entry("workspace.verify").changes["verified_at"][0] is None
    assert "present state" in do(staff, "verify", alice.workspace, reason="again")


@pytest.mark.parametrize("plan", ["free", "enterprise"])
def test_a_plan_is_agreed_on(staff: Client, alice: Person, plan: str) -> None:
    Workspace.objects.filter(id=alice.workspace.id).update(plan_status="past_due", past_due_since=clock.now())
    do(staff, "change_plan", alice.workspace, plan=plan, reason="A contract.")
    alice.workspace.refresh_from_db()
    found = (alice.workspace.plan, alice.workspace.plan_status, alice.workspace.past_due_since)
    assert found == (plan, "active", None)
    assert last_entry("workspace.change_plan").changes["plan"] == ["pro", plan]


def test_a_plan_that_is_paid_for_is_not_changed_by_hand(staff: Client) -> None:
    from apps.billing.stripe.models import Subscription

    subscription = make_rows(Subscription, 1)[0]
    workspace = Workspace.objects.get()
    assert "end it in Stripe first" in do(staff, "change_plan", workspace, plan="enterprise", reason="because")
    assert not AuditEntry.objects.filter(action="workspace.change_plan").exists()
    Subscription.objects.filter(pk=subscription.pk).update(status="canceled", ended_at=clock.now())
    do(staff, "change_plan", workspace, plan="enterprise", reason="because")
    workspace.refresh_from_db()
    assert workspace.plan == "enterprise"


def test_minutes_are_granted(staff: Client, alice: Person) -> None:
    month = f"{clock.now():%Y-%m}-01"
    do(staff, "grant_minutes", alice.workspace, minutes=90, month=month, reason="An outage.")
    grant = Grant.objects.get()
    assert (int(grant.minutes), grant.reason) == (90, "An outage.")
    assert grant.granted_by == User.objects.get(username="charlie")
    assert last_entry("workspace.grant_minutes").changes["minutes"] == 90
    assert alice.get("/v1/workspace/usage").json()["render_minutes_limit"] == 2090


@pytest.mark.parametrize("minutes", ["", "0", "ninety", "1000000", "-5"])
def test_odd_minutes_are_not_granted(staff: Client, alice: Person, minutes: str) -> None:
    month = f"{clock.now():%Y-%m}-01"
    do(staff, "grant_minutes", alice.workspace, minutes=minutes, month=month, reason="because")
    assert not Grant.objects.exists()


def test_an_address_is_changed_without_being_written_into_the_log(staff: Client, alice: Person) -> None:
    do(staff, "change_address", alice.workspace, email="alison@example.org", reason="She married.")
    alice.workspace.refresh_from_db()
    assert alice.workspace.email == "alison@example.org"
    assert "alison" not in str(last_entry("workspace.change_address").changes)


def test_a_workspace_is_erased_once_its_id_is_typed(staff: Client, alice: Person) -> None:
    key = alice.workspace.id
    assert "is not its id" in do(staff, "erase", alice.workspace, confirm="ws_other", reason="They asked.")
    assert not Erasure.objects.exists()
    do(staff, "erase", alice.workspace, confirm=key, reason="They asked.")
    assert alice.get("/v1/renders").status_code in (401, 403)
    erasure.erase(workspace_id=key)
    assert not Workspace.objects.filter(id=key).exists()
    assert last_entry("workspace.erase").workspace_id == key
    page = staff.get(page_of(AuditEntry, "changelist"), {"workspace_id__exact": key}).content.decode()
    assert "They asked." in page


def test_only_one_workspace_is_erased_at_a_time(staff: Client, alice: Person, bob: Person) -> None:
    assert "Choose at most 1" in do(staff, "erase", alice.workspace, bob.workspace, confirm="x", reason="y")


def test_the_staff_looks_at_a_workspace_as_its_owner(staff: Client, alice: Person) -> None:
    answer = staff.post(
        page_of(Workspace, "changelist"),
        {"action": "impersonate", "_selected_action": [alice.workspace.id], "confirmed": "yes", "reason": "A ticket."},
    )
    assert (answer.status_code, answer["Location"]) == (302, "/console/")
    entries = AuditEntry.objects.filter(action="impersonation.begin")
    assert [(entry.workspace_id, entry.reason) for entry in entries] == [(alice.workspace.id, "A ticket.")]


# --- People ---------------------------------------------------------------------------------------------------------


def test_roles_change_and_the_last_owner_stays(staff: Client, alice: Person) -> None:
    first = add_member(workspace=alice.workspace, user=User.objects.create_user("one"), role="owner")
    assert "is the last owner" in do(staff, "make_member", first, reason="because")
    second = add_member(workspace=alice.workspace, user=User.objects.create_user("two"))
    do(staff, "make_owner", second, reason="because")
    assert last_entry("membership.make_owner").changes["role"] == ["member", "owner"]
    do(staff, "remove", first, reason="because")
    assert list(Membership.objects.values_list("user__username", "role")) == [("two", "owner")]
    assert last_entry("membership.remove").workspace_id == alice.workspace.id


@pytest.mark.parametrize("password", [None, "a password"])
def test_somebody_who_is_signed_out_has_to_sign_in_again(staff: Client, client: Client, password: str | None) -> None:
    person = User.objects.create_user("eve", password=password, is_staff=True)
    client.force_login(person)
    assert client.get("/admin/").status_code == 200
    do(staff, "sign_out", person, reason="A lost laptop.")
    assert client.get("/admin/").status_code == 302
    assert staff.get("/admin/").status_code == 200
    person.refresh_from_db()
    assert person.has_usable_password() is (password is not None)


def test_somebody_is_shut_out_and_let_in_again(staff: Client, client: Client) -> None:
    person = User.objects.create_user("eve", is_staff=True)
    client.force_login(person)
    do(staff, "deactivate", person, reason="They left.")
    assert client.get("/admin/").status_code == 302
    assert last_entry("user.deactivate").changes == {"is_active": [True, False]}
    do(staff, "activate", person, reason="They came back.")
    person.refresh_from_db()
    assert person.is_active


def test_nobody_shuts_themselves_out(staff: Client) -> None:
    charlie = User.objects.get(username="charlie")
    assert "to themselves" in do(staff, "deactivate", charlie, reason="because")
    charlie.refresh_from_db()
    assert charlie.is_active


# --- Jobs -----------------------------------------------------------------------------------------------------------


def test_a_job_is_cancelled_and_submitted_again(staff: Client, alice: Person) -> None:
    job = rendered(alice)
    do(staff, "cancel_jobs", job, reason="It loops.")
    job.refresh_from_db()
    assert job.status == "cancelled"
    assert last_entry("job.cancel").changes["status"] == ["queued", "cancelled"]
    do(staff, "submit_again", job, reason="Mended.")
    again = Job.objects.exclude(id=job.id).get()
    assert (again.workspace_id, again.status, again.request) == (job.workspace_id, "queued", job.request)
    assert last_entry("job.submit_again").changes == {"submitted": again.id}
    job.refresh_from_db()
    assert job.status == "cancelled"


def test_a_job_goes_on_its_way_again(staff: Client, alice: Person) -> None:
    job = rendered(alice)
    Job.objects.filter(id=job.id).update(
        status="processing", attempt=1, worker="gpu@away/1", lease_until=clock.now(), hints=7
    )
    do(staff, "requeue_jobs", job)
    job.refresh_from_db()
    assert (job.status, job.worker, job.spent_attempts) == ("queued", "", 0)
    assert last_entry("job.requeue").workspace_id == alice.workspace.id


def test_what_the_plan_does_not_afford_is_not_submitted_again(staff: Client) -> None:
    person = make_person("Dora", plan="free")
    job = rendered(person)
    do(staff, "cancel_jobs", job, reason="because")
    Workspace.objects.filter(id=person.workspace.id).update(plan_status="cancelled")
    assert "read-only" in do(staff, "submit_again", job, reason="because")
    request_erasure(workspace=person.workspace)
    assert "is being erased" in do(staff, "submit_again", job, reason="because")
    assert Job.objects.count() == 1


# --- Keys, webhooks, mails ------------------------------------------------------------------------------------------


def test_a_revoked_key_works_no_more(staff: Client, alice: Person) -> None:
    do(staff, "revoke", alice.key, reason="It was published.")
    assert alice.get("/v1/workspace").status_code == 401
    entry = last_entry("api_key.revoke")
    assert (entry.workspace_id, entry.reason) == (alice.workspace.id, "It was published.")


def test_a_webhook_is_switched_on_again(staff: Client, alice: Person) -> None:
    endpoint, _ = create_endpoint(workspace=alice.workspace, url="https://example.org/hook", events=["*"])
    Endpoint.objects.filter(id=endpoint.id).update(enabled=False, disabled_reason="failing", failures=9)
    do(staff, "enable", endpoint, reason="Mended.")
    endpoint.refresh_from_db()
    assert (endpoint.enabled, endpoint.disabled_reason, endpoint.failures) == (True, "", 0)
    assert last_entry("webhook.enable").changes["enabled"] == [False, True]
    do(staff, "disable", endpoint, reason="They asked.")
    endpoint.refresh_from_db()
    assert not endpoint.enabled


@pytest.mark.parametrize("number", [0, 1])
def test_a_delivery_is_made_again_with_the_same_bytes(staff: Client, alice: Person, number: int) -> None:
    first = attempt(number, alice.workspace)
    assert "present state" in do(staff, "redeliver", first)
    Attempt.objects.filter(id=first.id).update(status="dead")
    do(staff, "redeliver", first)
    again = Attempt.objects.exclude(id=first.id).get()
    assert (again.message_id, again.url, again.by_hand, again.status) == (first.message_id, first.url, True, "pending")
    assert last_entry("webhook.redeliver").changes == {"delivery": [first.delivery_id, again.delivery_id]}


def test_what_an_endpoint_has_missed_is_delivered_again(staff: Client, alice: Person) -> None:
    lost = attempt(1, alice.workspace)
    assert lost.endpoint is not None
    assert "nothing was given up" in do(staff, "redeliver_lost", lost.endpoint)
    Attempt.objects.filter(id=lost.id).update(status="dead")
    do(staff, "redeliver_lost", lost.endpoint)
    assert Attempt.objects.filter(endpoint=lost.endpoint, status="pending").count() == 1
    assert last_entry("webhook.redeliver_lost").changes == {"deliveries": 1}


QUOTA = {"workspace_name": "Alice's", "used_minutes": "20.0", "limit_minutes": "25", "period_end": "1 March"}


def given_up(template: str, context: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> Mail:
    """A mail that no attempt of which came to an end."""
    mail = queue_mail(to="alice@example.org", template=template, context=context)
    Mail.objects.filter(id=mail.id).update(attempts=99)
    assert send_due() == 0
    mail.refresh_from_db()
    assert mail.given_up_at is not None
    return mail


def test_a_mail_that_was_given_up_is_sent_again(
    staff: Client, monkeypatch: pytest.MonkeyPatch, mailoutbox: list[Any]
) -> None:
    mail = given_up("quota_80", QUOTA, monkeypatch)
    do(staff, "resend", mail)
    assert send_due() == 1
    assert [message.to for message in mailoutbox] == [["alice@example.org"]]
    assert "present state" in do(staff, "resend", mail)
    assert len(mailoutbox) == 1


def test_a_code_is_never_sent_again(staff: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    context = {"code": "123456", "minutes": "10", "key_prefix": "fl_live_AbCd"}
    mail = given_up("verification_code", context, monkeypatch)
    assert mail.context == {}
    assert "present state" in do(staff, "resend", mail)


# --- Overage --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("act", "status"), [("send_again", "pending"), ("mark_as_counted", "reported")])
def test_a_stuck_report_is_settled_by_somebody_who_has_looked(staff: Client, act: str, status: str) -> None:
    row = make_rows(OverageReport, 1)[0]
    assert "present state" in do(staff, act, row, reason="because")
    OverageReport.objects.filter(pk=row.pk).update(status="stuck")
    do(staff, act, row, reason="I have looked.")
    row.refresh_from_db()
    assert isinstance(row, OverageReport)
    assert row.status == status
    assert last_entry(f"overage.{act}").changes == {"status": ["stuck", status]}
