"""The staff at the console: the administration, and acting for a workspace for an hour and on the record."""

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import Permission, User
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.urls import include, path

from apps.audit.models import AuditEntry
from apps.console import impersonation
from apps.console.pages import page
from apps.console.visitor import Page, visitor_of
from apps.workspaces.models import Workspace
from framelane.lib import clock
from tests.console.entering import (
    DASHBOARD,
    EMAIL,
    END,
    SIGN_OUT,
    SWITCH,
    WELCOME,
    a_user,
    browser,
    person_in,
    signed_in,
)
from tests.people import Person

pytestmark = pytest.mark.django_db
REASON = "Ticket 4711: a film is black"
CHANGE, DELETE = "/console/tests/change", "/console/tests/delete"


@page("renders:write", "POST")
def change(request: Page) -> HttpResponse:
    return HttpResponse(f"{request.visitor.workspace.id} {request.visitor.is_impersonating}")


@page("workspace:write", "GET", "POST", not_impersonating=True)
def delete(request: Page) -> HttpResponse:
    return HttpResponse("reached")


urlpatterns = [
    path("console/tests/change", change),
    path("console/tests/delete", delete),
    path("", include("framelane.urls")),
]
handler404 = "framelane.api.handlers.page_not_found"


@pytest.fixture
def root(db: None) -> User:
    return a_user(EMAIL, is_staff=True, is_superuser=True)


def acting(client: Client, workspace: Workspace, reason: str = REASON) -> None:
    """Begin to act for a workspace, as the administration does."""
    request = request_of(client)
    impersonation.begin(request, workspace, reason)
    request.session.save()


def request_of(client: Client) -> HttpRequest:
    request = RequestFactory().post("/admin/")
    user = person_in(client)
    assert user is not None
    request.user, request.session = user, client.session
    return request


def entries(action: str = "") -> list[AuditEntry]:
    found = AuditEntry.objects.filter(action__startswith=f"impersonation.{action}").order_by("id")
    return list(found)


# --- The administration -----------------------------------------------------------------------------------------------


def test_the_staff_gets_into_the_administration_by_code(root: User) -> None:
    client = signed_in()
    assert person_in(client) == root
    assert client.get("/admin/").status_code == 200


def test_nobody_else_does(alice: Person) -> None:
    client = signed_in("alice@example.org")
    assert client.get("/admin/").status_code == 302
    assert client.get("/admin/", follow=True).redirect_chain[-1][0].startswith("/admin/login/")


def test_the_staff_keeps_its_password(root: User) -> None:
    root.set_password("correct horse")
    root.save()
    client = browser()
    client.post("/admin/login/", {"username": root.username, "password": "correct horse"})
    assert client.get("/admin/").status_code == 200
    assert client.get(DASHBOARD)["Location"] == WELCOME


def test_an_address_and_a_password_open_nothing(root: User) -> None:
    """One way in less to be guessed at: passwords go with names."""
    root.set_password("correct horse")
    root.save()
    client = browser()
    client.post("/admin/login/", {"username": EMAIL, "password": "correct horse"})
    assert person_in(client) is None


def test_the_staff_is_told_of_the_administration_and_may_make_a_workspace(root: User) -> None:
    client = signed_in()
    page = client.get(DASHBOARD, follow=True).content.decode()
    assert 'href="/admin/"' in page
    assert client.post(WELCOME, {"workspace_name": "Ours"})["Location"] == DASHBOARD
    assert Workspace.objects.get().name == "Ours"


@pytest.mark.parametrize("address", ["/admin", "/console"])
def test_addresses_without_their_slash_lead_on(address: str) -> None:
    assert browser().get(address)["Location"] == f"{address}/"


# --- Acting for a workspace -------------------------------------------------------------------------------------------


def test_the_staff_sees_what_the_owner_sees(root: User, alice: Person) -> None:
    client = signed_in()
    acting(client, alice.workspace)
    response = client.get(DASHBOARD)
    assert response.status_code == 200
    assert "is recorded" in response.content.decode()
    visitor = visitor_of(request_of(client))
    assert visitor is not None
    assert (visitor.workspace, visitor.role, visitor.user) == (alice.workspace, "owner", root)


def test_beginning_and_end_are_on_the_record(root: User, alice: Person) -> None:
    client = signed_in()
    acting(client, alice.workspace)
    ended = client.post(END)
    assert ended["Location"] == f"/admin/workspaces/workspace/{alice.workspace.id}/change/"
    begun, over = entries()
    assert (begun.action, over.action) == ("impersonation.begin", "impersonation.end")
    for entry in (begun, over):
        assert (entry.actor, entry.workspace_id, entry.reason) == (root, alice.workspace.id, REASON)
    assert client.get(DASHBOARD)["Location"] == WELCOME
    # A second end ends nothing.
    assert client.post(END)["Location"] == DASHBOARD
    assert len(entries()) == 2


def test_ending_takes_a_form(root: User, alice: Person) -> None:
    client = signed_in()
    acting(client, alice.workspace)
    assert client.get(END).status_code == 405
    assert browser().post(END)["Location"].startswith("/console/sign-in")
    assert entries("end") == []


@pytest.mark.urls(__name__)
def test_every_change_is_on_the_record(root: User, alice: Person) -> None:
    client = signed_in()
    acting(client, alice.workspace)
    assert client.post(CHANGE).content.decode() == f"{alice.workspace.id} True"
    client.get(DASHBOARD)
    [entry] = entries("request")
    assert (entry.workspace_id, entry.actor, entry.reason) == (alice.workspace.id, root, REASON)
    assert entry.changes == {"method": "POST", "path": CHANGE}


@pytest.mark.urls(__name__)
def test_what_only_owners_do_is_refused_and_on_the_record(root: User, alice: Person) -> None:
    client = signed_in()
    acting(client, alice.workspace)
    refused = client.post(DELETE)
    assert refused.status_code == 403
    assert "Only the people of this workspace" in refused.content.decode()
    assert [entry.changes["path"] for entry in entries("request")] == [DELETE]
    # The page itself may be looked at.
    assert client.get(DELETE).content == b"reached"
    assert client.post(SWITCH, {"workspace": alice.workspace.id}).status_code == 403


@pytest.mark.urls(__name__)
def test_owners_are_not_watched(alice: Person) -> None:
    client = signed_in("alice@example.org")
    assert client.post(CHANGE).status_code == 200
    assert client.post(DELETE).content == b"reached"
    assert entries() == []


@pytest.mark.urls(__name__)
def test_an_hour_is_all_there_is(root: User, alice: Person, pass_time: Any) -> None:
    client = signed_in()
    acting(client, alice.workspace)
    pass_time(timedelta(minutes=59))
    assert client.post(CHANGE).status_code == 200
    pass_time(timedelta(minutes=2))
    # What was meant for one workspace is not done in another.
    late = client.post(CHANGE)
    assert late["Location"] == f"/admin/workspaces/workspace/{alice.workspace.id}/change/"
    [over] = entries("end")
    assert over.changes == {"cause": "no longer possible"}
    assert client.get(DASHBOARD)["Location"] == WELCOME


@pytest.mark.parametrize(
    "right", [{"is_staff": False}, {"is_superuser": False}], ids=["no staff", "no right to change workspaces"]
)
def test_a_right_that_was_taken_ends_it(right: dict[str, bool], root: User, alice: Person) -> None:
    client = signed_in()
    acting(client, alice.workspace)
    User.objects.filter(id=root.id).update(**right)
    assert client.get(DASHBOARD)["Location"].startswith("/admin/")
    assert visitor_of(request_of(client)) is None
    assert [entry.action for entry in entries()] == ["impersonation.begin", "impersonation.end"]


def test_an_erased_workspace_ends_it(root: User, alice: Person) -> None:
    client = signed_in()
    acting(client, alice.workspace)
    Workspace.objects.update(erasure_requested_at=clock.now())
    assert client.get(DASHBOARD).status_code == 302
    assert len(entries("end")) == 1


def test_signing_out_ends_it(root: User, alice: Person) -> None:
    client = signed_in()
    acting(client, alice.workspace)
    client.post(SIGN_OUT)
    [over] = entries("end")
    assert (over.actor, over.changes) == (root, {"cause": "signed out"})


def test_another_workspace_ends_the_first(root: User, alice: Person, bob: Person) -> None:
    client = signed_in()
    acting(client, alice.workspace)
    acting(client, bob.workspace)
    found = [(entry.action.partition(".")[2], entry.workspace_id) for entry in entries()]
    assert found == [("begin", alice.workspace.id), ("end", alice.workspace.id), ("begin", bob.workspace.id)]


def test_only_staff_that_may_change_workspaces_begins(alice: Person) -> None:
    helper = a_user(EMAIL, is_staff=True)
    client = signed_in()
    with pytest.raises(PermissionDenied):
        acting(client, alice.workspace)
    helper.user_permissions.add(Permission.objects.get(codename="change_workspace"))
    acting(client, alice.workspace)
    assert len(entries()) == 1


@pytest.mark.parametrize("reason", ["", "   ", "x" * 501])
def test_a_reason_is_given(reason: str, root: User, alice: Person) -> None:
    with pytest.raises(ValueError, match="1 to 500"):
        acting(signed_in(), alice.workspace, reason)
    assert entries() == []


def test_nobody_acts_for_what_is_being_erased(root: User, alice: Person) -> None:
    alice.workspace.erasure_requested_at = clock.now()
    with pytest.raises(ValueError, match="erased"):
        acting(signed_in(), alice.workspace)
