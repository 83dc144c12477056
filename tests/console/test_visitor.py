"""Which workspace somebody is in, and going from one to another."""

from typing import Any

import pytest
from django.test import Client

from apps.console.visitor import WORKSPACE_KEY
from apps.workspaces.members import add_member, remove_member
from apps.workspaces.models import Role, Workspace
from framelane.lib import clock
from tests.console.entering import DASHBOARD, SWITCH, WELCOME, a_user, person_in, signed_in
from tests.people import Person

pytestmark = pytest.mark.django_db


@pytest.fixture
def ada(alice: Person, bob: Person) -> Client:
    """The browser of somebody who owns Alice's workspace and is a member of Bob's."""
    user = a_user()
    add_member(workspace=alice.workspace, user=user, role=Role.OWNER)
    add_member(workspace=bob.workspace, user=user)
    return signed_in()


def place(client: Client) -> Any:
    """The workspace and the role in which pages are shown there."""
    visitor = client.get(SWITCH).context["visitor"]
    return visitor.workspace, visitor.role


def test_people_are_in_the_workspace_that_they_joined_first(ada: Client, alice: Person) -> None:
    assert place(ada) == (alice.workspace, "owner")


def test_people_choose_among_their_workspaces(ada: Client, bob: Person) -> None:
    page = ada.get(SWITCH).content.decode()
    assert "Alice&#x27;s workspace" in page
    assert "Bob&#x27;s workspace" in page
    assert ada.post(SWITCH, {"workspace": bob.workspace.id})["Location"] == DASHBOARD
    assert place(ada) == (bob.workspace, "member")


@pytest.mark.parametrize("wanted", ["", "nonsense", "a\x00b", "x" * 5000, "ws_01J8QR2K5VKDGN2T4FBM3CZYX7"])
def test_what_is_no_workspace_is_refused(wanted: str, ada: Client, alice: Person) -> None:
    assert ada.post(SWITCH, {"workspace": wanted}).status_code == 404
    assert place(ada)[0] == alice.workspace


def test_foreign_workspaces_look_like_missing_ones(alice: Person, bob: Person) -> None:
    client = signed_in("alice@example.org")
    answers = [client.post(SWITCH, {"workspace": each}) for each in (bob.workspace.id, bob.workspace.id[:-4] + "0000")]
    assert [answer.status_code for answer in answers] == [404, 404]
    assert answers[0].content == answers[1].content
    assert WORKSPACE_KEY not in client.session


def test_a_workspace_that_is_being_erased_is_left_for_another(ada: Client, alice: Person, bob: Person) -> None:
    ada.post(SWITCH, {"workspace": bob.workspace.id})
    Workspace.objects.filter(id=bob.workspace.id).update(erasure_requested_at=clock.now())
    assert place(ada)[0] == alice.workspace
    assert ada.post(SWITCH, {"workspace": bob.workspace.id}).status_code == 404
    Workspace.objects.update(erasure_requested_at=clock.now())
    assert ada.get(DASHBOARD)["Location"] == WELCOME


def test_who_was_let_go_is_elsewhere_at_once(ada: Client, alice: Person, bob: Person) -> None:
    ada.post(SWITCH, {"workspace": bob.workspace.id})
    user = person_in(ada)
    assert user is not None
    remove_member(workspace=bob.workspace, user=user)
    assert place(ada)[0] == alice.workspace


def test_what_owners_alone_may_do_is_asked_of_the_role_in_that_workspace(ada: Client, bob: Person) -> None:
    visitor = ada.get(SWITCH).context["visitor"]
    assert (visitor.is_owner, visitor.may("billing:write")) == (True, True)
    ada.post(SWITCH, {"workspace": bob.workspace.id})
    visitor = ada.get(SWITCH).context["visitor"]
    assert (visitor.is_owner, visitor.may("billing:write"), visitor.may("renders:write")) == (False, False, True)
