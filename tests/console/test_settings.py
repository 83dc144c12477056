"""The settings of a workspace in the console."""

import pytest
from django.test import Client

from apps.workspaces.models import Erasure
from tests.console.people import signed_in
from tests.people import Person


@pytest.fixture
def owner(alice: Person) -> Client:
    return signed_in(alice)


def test_a_workspace_is_renamed(owner: Client, alice: Person) -> None:
    assert owner.post("/console/settings", {"name": "  Ada & friends  "}).status_code == 302
    alice.workspace.refresh_from_db()
    assert alice.workspace.name == "Ada & friends"


@pytest.mark.parametrize("name", ["", " ", "x" * 256, "a\u0000b", "a\u202eb"])
def test_what_cannot_be_a_name_is_refused(owner: Client, alice: Person, name: str) -> None:
    assert owner.post("/console/settings", {"name": name}).status_code == 422
    alice.workspace.refresh_from_db()
    assert alice.workspace.name == "Alice's workspace"


def test_deleting_takes_the_typed_id(owner: Client, alice: Person) -> None:
    refused = owner.post("/console/settings/delete", {"confirm": "yes"})
    assert refused.status_code == 422
    assert alice.workspace.id in refused.content.decode()
    assert not Erasure.objects.exists()
    assert owner.post("/console/settings/delete", {"confirm": alice.workspace.id}).status_code == 302
    assert Erasure.objects.get().workspace_id == alice.workspace.id
    assert alice.get("/v1/workspace").status_code == 401


def test_members_cannot(alice: Person) -> None:
    member = signed_in(alice, "member")
    assert member.get("/console/settings").status_code == 200
    assert member.post("/console/settings", {"name": "Mine"}).status_code == 403
    assert member.post("/console/settings/delete", {"confirm": alice.workspace.id}).status_code == 403
    assert not Erasure.objects.exists()
