"""The administration of workspaces and keys."""

import pytest
from django.contrib.auth.models import User
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from apps.api_keys.models import ApiKey
from apps.workspaces.members import add_member
from apps.workspaces.models import Erasure, Identity, Membership, Role
from tests.people import Person, make_person
from tests.staff.acting import do


@pytest.fixture
def staff(db: None) -> Client:
    client = Client()
    client.force_login(User.objects.create_superuser("charlie", "charlie@example.org", "secret"))
    return client


@pytest.mark.django_db
def test_strangers_are_sent_to_the_sign_in() -> None:
    response = Client().get("/admin/api_keys/apikey/")
    assert response.status_code == 302
    assert response["Location"].startswith("/admin/login/")


@pytest.mark.parametrize("query", ["alice", "Alice's", "example.org"])
def test_workspaces_can_be_searched(query: str, staff: Client, alice: Person) -> None:
    page = staff.get("/admin/workspaces/workspace/", {"q": query})
    assert alice.workspace.id in page.content.decode()


def test_keys_can_be_found_by_their_prefix(staff: Client, alice: Person, bob: Person) -> None:
    page = staff.get("/admin/api_keys/apikey/", {"q": alice.key.key_prefix}).content.decode()
    assert alice.key.key_prefix in page
    assert bob.key.key_prefix not in page


def test_hashes_are_neither_shown_nor_edited(staff: Client, alice: Person) -> None:
    address = f"/admin/api_keys/apikey/{alice.key.id}/change/"
    page = staff.get(address).content.decode()
    assert alice.key.key_hash not in page
    assert 'name="key_hash"' not in page
    sent = {"name": "renamed", "scopes": '["renders:read"]', "key_hash": "0" * 64}
    assert staff.post(address, sent).status_code == 403
    unchanged = ApiKey.objects.get(id=alice.key.id)
    assert (unchanged.name, unchanged.key_hash) == (alice.key.name, alice.key.key_hash)


def test_keys_cannot_be_made_here(staff: Client) -> None:
    assert staff.get("/admin/api_keys/apikey/add/").status_code == 403


def test_chosen_keys_are_revoked(staff: Client, alice: Person, bob: Person) -> None:
    do(staff, "revoke", alice.key, reason="leaked")
    assert ApiKey.objects.get(id=alice.key.id).revoked_at is not None
    assert ApiKey.objects.get(id=bob.key.id).revoked_at is None


def test_the_list_of_keys_takes_the_same_queries_for_any_number(
    staff: Client, alice: Person, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(20):
        make_person(f"Charlie{number}")
    with django_assert_max_num_queries(8):
        staff.get("/admin/api_keys/apikey/")


@pytest.fixture
def ann(alice: Person) -> Membership:
    """The only owner of Alice's workspace."""
    return add_member(workspace=alice.workspace, user=User.objects.create(username="ann"), role=Role.OWNER)


def test_a_workspace_shows_its_people(staff: Client, alice: Person, ann: Membership) -> None:
    page = staff.get(f"/admin/workspaces/workspace/{alice.workspace.id}/change/").content.decode()
    assert "ann" in page
    assert 'name="memberships-0-role"' not in page


@pytest.mark.parametrize("action", ["remove", "make_member"])
def test_the_last_owner_stays_here_too(action: str, staff: Client, ann: Membership) -> None:
    assert "last owner" in do(staff, action, ann, reason="They asked.")
    assert Membership.objects.get(id=ann.id).role == Role.OWNER


def test_people_are_promoted_and_removed(staff: Client, alice: Person, ann: Membership) -> None:
    ben = add_member(workspace=alice.workspace, user=User.objects.create(username="ben"))
    do(staff, "make_owner", ben, reason="They asked.")
    assert Membership.objects.get(id=ben.id).role == Role.OWNER
    do(staff, "remove", ann, reason="They asked.")
    assert not Membership.objects.filter(id=ann.id).exists()


@pytest.mark.parametrize("name", ["membership", "identity", "erasure"])
def test_what_is_made_elsewhere_is_only_listed(name: str, staff: Client, ann: Membership) -> None:
    Identity.objects.create(issuer="https://issuer.example", subject="user_ann", user=ann.user)
    Erasure.objects.create(workspace_id="ws_gone")
    page = staff.get(f"/admin/workspaces/{name}/")
    assert page.status_code == 200
    assert {"membership": "ann", "identity": "user_ann", "erasure": "ws_gone"}[name] in page.content.decode()
    assert staff.get(f"/admin/workspaces/{name}/add/").status_code == 403
