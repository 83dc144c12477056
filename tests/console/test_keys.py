"""API keys in the console."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from apps.api_keys.models import ApiKey
from apps.api_keys.services import create_key
from framelane.lib import clock
from tests.console.people import signed_in
from tests.people import Person, client_with

HOSTILE = '"><script>alert(1)</script>{{7*7}}'


@pytest.fixture
def owner(alice: Person) -> Client:
    return signed_in(alice)


def new_key(client: Client, **fields: object) -> str:
    """Make a key; the page that shows it."""
    body = {"name": "CI", "lifetime_days": "30", "scopes": ["renders:read"], **fields}
    return client.post("/console/keys/new", body, follow=True).content.decode()


def test_a_new_key_is_shown_once_and_works(owner: Client, alice: Person) -> None:
    text = re.search(r"fl_live_[0-9A-Za-z]{36}", new_key(owner))
    assert text is not None
    assert client_with(text[0]).get("/v1/renders").status_code == 200
    assert client_with(text[0]).get("/v1/webhooks").status_code == 403
    assert text[0] not in owner.get("/console/keys").content.decode()
    made = ApiKey.objects.get(workspace=alice.workspace, name="CI")
    assert made.expires_at is not None
    assert timedelta(days=29) < made.expires_at - clock.now() < timedelta(days=30)


def test_a_key_that_waits_to_be_shown_cannot_be_read_in_the_database(owner: Client) -> None:
    owner.post("/console/keys/new", {"name": "CI", "lifetime_days": "30", "scopes": ["renders:read"]})
    assert "fl_live_" not in str(dict(owner.session))
    assert "fl_live_" in owner.get("/console/keys").content.decode()


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"name": ""}, "required"),
        ({"name": "a\u202eb"}, "printable"),
        ({"name": "x" * 256}, "255"),
        ({"scopes": []}, "at least one"),
        ({"scopes": ["everything"]}, "everything"),
        ({"lifetime_days": "36500"}, "36500"),
    ],
)
def test_what_cannot_be_a_key_is_said_beside_its_field(owner: Client, fields: dict[str, object], message: str) -> None:
    answer = owner.post("/console/keys/new", {"name": "CI", "scopes": ["renders:read"], **fields})
    assert answer.status_code == 422
    assert message in answer.content.decode()
    assert ApiKey.objects.filter(name="CI").count() == 0


def test_a_rotated_key_has_a_successor_and_an_end(owner: Client, alice: Person) -> None:
    page = owner.post(f"/console/keys/{alice.key.id}/rotate", {"overlap_s": "3600"}, follow=True).content.decode()
    assert re.search(r"fl_live_[0-9A-Za-z]{36}", page)
    alice.key.refresh_from_db()
    assert alice.key.replaced_by is not None
    again = owner.post(f"/console/keys/{alice.key.id}/rotate", {"overlap_s": "3600"})
    assert again.status_code == 409
    assert owner.post(f"/console/keys/{alice.key.id}/rotate", {"overlap_s": "7"}).status_code == 422


def test_a_revoked_key_works_no_more(owner: Client, alice: Person) -> None:
    owner.post(f"/console/keys/{alice.key.id}/revoke")
    assert alice.get("/v1/renders").status_code == 401


def test_members_look_and_do_not_touch(alice: Person) -> None:
    member = signed_in(alice, "member")
    page = member.get("/console/keys")
    assert page.status_code == 200
    assert "Create key" not in page.content.decode()
    assert member.post("/console/keys/new", {"name": "CI", "scopes": ["renders:read"]}).status_code == 403
    assert member.post(f"/console/keys/{alice.key.id}/revoke").status_code == 403
    assert member.post(f"/console/keys/{alice.key.id}/rotate", {"overlap_s": "0"}).status_code == 403


@pytest.mark.parametrize("key_id", ["key_01J8QR2K5VKDGN2T4FBM3CZYX7", "nonsense", "%00"])
def test_keys_of_others_do_not_exist(owner: Client, bob: Person, key_id: str) -> None:
    for address in (f"/console/keys/{bob.key.id}/revoke", f"/console/keys/{key_id}/revoke"):
        assert owner.post(address).status_code == 404
    assert bob.get("/v1/renders").status_code == 200


def test_hostile_names_are_inert(owner: Client, alice: Person) -> None:
    create_key(workspace=alice.workspace, name=HOSTILE)
    page = owner.get("/console/keys").content.decode()
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;{{7*7}}" in page


def test_a_hundred_keys_take_few_queries(
    owner: Client, alice: Person, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(60):
        create_key(workspace=alice.workspace, name=f"key {number}")
    with django_assert_max_num_queries(10):
        page = owner.get("/console/keys").content.decode()
    older = re.search(r'href="(\?cursor=[^"]+)"', page)
    assert older is not None
    assert "key 10" in owner.get(f"/console/keys{older[1]}".replace("&amp;", "&")).content.decode()
    assert owner.get("/console/keys?cursor=nonsense").status_code == 400
