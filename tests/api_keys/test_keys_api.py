"""Making, listing, rotating and revoking keys by API."""

from datetime import UTC, datetime, timedelta
from typing import Any
from unittest.mock import patch

import pytest
from rest_framework.test import APIClient

from apps.api_keys import keys, scopes, services
from apps.api_keys.models import ApiKey
from apps.mail.models import Mail
from framelane.lib import clock
from tests.people import Person, client_with

KEYS = "/v1/api-keys"


def make(person: Person, **body: Any) -> Any:
    return person.post(KEYS, {"name": "CI server", **body})


def fields_of(response: Any) -> dict[str, str]:
    assert response.status_code == 422, response.content
    return {field["path"]: field["message"] for field in response.json()["error"]["details"]["fields"]}


def narrow_client(person: Person, *allowed: str) -> APIClient:
    return client_with(services.create_key(workspace=person.workspace, name="narrow", scopes=list(allowed))[1])


def stored(key_id: str) -> ApiKey:
    return ApiKey.objects.get(id=key_id)


# --- Making ---


def test_a_key_is_made_with_all_that_its_maker_has(alice: Person) -> None:
    response = make(alice)
    assert response.status_code == 201
    made = response.json()
    assert keys.is_well_formed(made["key"])
    assert made["key_prefix"] == made["key"][:12]
    assert made["scopes"] == list(scopes.ALL)
    assert (made["name"], made["last_used_at"], made["revoked_at"], made["expires_at"]) == ("CI server", *[None] * 3)
    assert set(made) == {
        *("id", "name", "key_prefix", "created_at", "last_used_at", "revoked_at", "scopes", "expires_at", "key")
    }
    assert client_with(made["key"]).get("/v1/renders").status_code == 200


def test_a_key_made_by_a_narrow_key_is_as_narrow(alice: Person) -> None:
    made = narrow_client(alice, "workspace:write", "renders:read").post(KEYS, {"name": "n"}, format="json").json()
    assert made["scopes"] == ["renders:read", "workspace:write"]


def test_scopes_are_kept_once_and_in_order(alice: Person) -> None:
    made = make(alice, scopes=["tasks:write", "renders:read", "tasks:write"]).json()
    assert made["scopes"] == ["renders:read", "tasks:write"]
    assert client_with(made["key"]).get("/v1/renders").status_code == 200
    assert client_with(made["key"]).post("/v1/renders", {}, format="json").status_code == 403


def test_nobody_gives_scopes_that_they_lack(alice: Person) -> None:
    client = narrow_client(alice, "workspace:write", "renders:read")
    body = {"name": "more", "scopes": ["renders:read", "renders:write", "billing:write"]}
    response = client.post(KEYS, body, format="json")
    assert response.status_code == 403
    error = response.json()["error"]
    assert error["code"] == "forbidden"
    assert error["details"] == {"scopes": ["renders:write", "billing:write"]}
    assert "renders:write, billing:write" in error["message"]
    assert ApiKey.objects.filter(name="more").count() == 0


def test_a_misspelt_scope_is_answered_with_the_nearest_one(alice: Person) -> None:
    message = fields_of(make(alice, scopes=["renders:read", "render:write"]))["/scopes/1"]
    assert "did you mean 'renders:write'" in message


@pytest.mark.parametrize(
    ("body", "path"),
    [
        ({"name": ""}, "/name"),
        ({"name": "   "}, "/name"),
        ({"name": "x" * 256}, "/name"),
        ({"name": "a\u0007b"}, "/name"),
        ({"name": None}, "/name"),
        ({"name": 7}, "/name"),
        ({"scopes": []}, "/scopes"),
        ({"scopes": "renders:read"}, "/scopes"),
        ({"scopes": ["renders:read"] * 1000}, "/scopes"),
        ({"scopes": [7]}, "/scopes/0"),
        ({"expires_at": "soon"}, "/expires_at"),
        ({"expires_at": "2027-01-01T00:00:00"}, "/expires_at"),
        ({"expires_at": 1e300}, "/expires_at"),
        ({"expires_at": "2020-01-01T00:00:00Z"}, "/expires_at"),
        ({"expires_at": "2200-01-01T00:00:00Z"}, "/expires_at"),
        ({"expires_at": "0001-01-01T00:00:00+14:00"}, "/expires_at"),
        ({"expires_at": "9999-12-31T23:59:59-14:00"}, "/expires_at"),
    ],
    ids=range(17),
)
def test_bodies_that_are_wrong(body: dict[str, Any], path: str, alice: Person) -> None:
    assert path in fields_of(make(alice, **body))
    assert ApiKey.objects.filter(workspace=alice.workspace).count() == 1


@pytest.mark.parametrize(
    ("lasts", "is_good"),
    [
        (timedelta(0), False),
        (timedelta(seconds=1), True),
        (services.MAX_LIFETIME - timedelta(seconds=1), True),
        (services.MAX_LIFETIME, False),
    ],
)
def test_a_key_expires_within_five_years(lasts: timedelta, is_good: bool, alice: Person) -> None:
    now = datetime(2026, 11, 22, tzinfo=UTC)
    with patch("apps.api_keys.services.clock.now", return_value=now):
        response = make(alice, expires_at=(now + lasts).isoformat())
    assert response.status_code == (201 if is_good else 422)


def test_times_are_utc(alice: Person) -> None:
    moment = (clock.now() + timedelta(days=2)).replace(microsecond=0)
    sent = moment.astimezone(tz=datetime.strptime("+0530", "%z").tzinfo)
    assert make(alice, expires_at=sent.isoformat()).json()["expires_at"] == moment.isoformat().replace("+00:00", "Z")


def test_names_are_trimmed(alice: Person) -> None:
    assert make(alice, name="  CI server ").json()["name"] == "CI server"


def test_the_hundred_and_first_key_is_refused(alice: Person, bob: Person) -> None:
    for number in range(services.MAX_KEYS - 1):
        services.create_key(workspace=alice.workspace, name=f"key {number}")
    response = make(alice)
    assert (response.status_code, response.json()["error"]["code"]) == (409, "conflict")
    assert "100" in response.json()["error"]["message"]
    assert make(bob).status_code == 201
    # What works no more, or was replaced, makes room.
    chosen = ApiKey.objects.filter(workspace=alice.workspace).first()
    assert chosen is not None
    services.revoke_key(key=chosen)
    assert make(alice).status_code == 201
    assert make(alice).status_code == 409
    ApiKey.objects.filter(name="key 1").update(expires_at=clock.now())
    assert make(alice).status_code == 201
    rotated = ApiKey.objects.get(name="key 2")
    assert alice.post(f"{KEYS}/{rotated.id}/rotate", {}).status_code == 201
    assert make(alice).status_code == 409


def test_the_owner_is_told_of_a_new_key(alice: Person) -> None:
    made = make(alice).json()
    mail = Mail.objects.get(template="api_key_created")
    assert mail.to == alice.workspace.email
    assert mail.context["key_prefix"] == made["key_prefix"]
    assert made["key"] not in str(mail.context)


# --- Sent twice ---


def test_a_replay_shows_the_key_but_not_its_text(alice: Person) -> None:
    first = alice.post(KEYS, {"name": "once"}, HTTP_IDEMPOTENCY_KEY="k1")
    again = alice.post(KEYS, {"name": "once"}, HTTP_IDEMPOTENCY_KEY="k1")
    assert (first.status_code, again.status_code) == (201, 200)
    assert again.json() == {**first.json(), "key": None}
    assert ApiKey.objects.filter(name="once").count() == 1
    assert Mail.objects.count() == 1


def test_another_body_under_the_same_idempotency_key_is_409(alice: Person) -> None:
    alice.post(KEYS, {"name": "once"}, HTTP_IDEMPOTENCY_KEY="k1")
    response = alice.post(KEYS, {"name": "twice"}, HTTP_IDEMPOTENCY_KEY="k1")
    assert (response.status_code, response.json()["error"]["code"]) == (409, "idempotency_conflict")


def test_a_replay_survives_the_expiry_that_it_asked_for(alice: Person) -> None:
    body = {"name": "brief", "expires_at": (clock.now() + timedelta(minutes=1)).isoformat()}
    assert alice.post(KEYS, body, HTTP_IDEMPOTENCY_KEY="k1").status_code == 201
    with patch("apps.api_keys.services.clock.now", return_value=clock.now() + timedelta(hours=1)):
        assert alice.post(KEYS, body, HTTP_IDEMPOTENCY_KEY="k1").status_code == 200


# --- Listing and revoking ---


def test_the_list_is_newest_first_with_what_works_no_more(alice: Person, bob: Person) -> None:
    ids = [make(alice, name=f"key {number}").json()["id"] for number in range(3)]
    alice.delete(f"{KEYS}/{ids[0]}")
    ApiKey.objects.filter(id=ids[1]).update(expires_at=clock.now() - timedelta(days=1))
    make(bob)
    page = alice.get(f"{KEYS}?limit=3").json()
    assert [key["id"] for key in page["data"]] == ids[::-1]
    assert page["data"][2]["revoked_at"] is not None
    assert page["data"][1]["expires_at"] is not None
    assert page["has_more"]
    rest = alice.get(f"{KEYS}?limit=3&cursor={page['next_cursor']}").json()
    assert [key["id"] for key in rest["data"]] == [alice.key.id]
    assert rest["data"][0]["last_used_at"] is not None
    assert all("key" not in key and "key_hash" not in key for key in page["data"])


def test_revoking_is_idempotent_and_at_once(alice: Person) -> None:
    made = make(alice).json()
    for _ in range(2):
        response = alice.delete(f"{KEYS}/{made['id']}")
        assert (response.status_code, response.content) == (204, b"")
    assert client_with(made["key"]).get("/v1/renders").status_code == 401


def test_a_key_may_revoke_itself(alice: Person) -> None:
    assert alice.delete(f"{KEYS}/{alice.key.id}").status_code == 204
    assert alice.get(KEYS).status_code == 401


@pytest.mark.parametrize("method", ["delete", "rotate"])
@pytest.mark.parametrize("key_id", ["nonsense", "key_01J8QR2K5VKDGN2T4FBM3CZYX7", "render_01J8QR2K5VKDGN2T4FBM3CZYX7"])
def test_what_is_no_key_is_404(method: str, key_id: str, alice: Person) -> None:
    response = alice.delete(f"{KEYS}/{key_id}") if method == "delete" else alice.post(f"{KEYS}/{key_id}/rotate", {})
    assert (response.status_code, response.json()["error"]["code"]) == (404, "not_found")


def test_another_workspaces_key_is_404_and_works_on(alice: Person, bob: Person) -> None:
    assert bob.delete(f"{KEYS}/{alice.key.id}").status_code == 404
    assert bob.post(f"{KEYS}/{alice.key.id}/rotate", {}).status_code == 404
    assert alice.get(KEYS).status_code == 200
