"""Rotating keys by API."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from unittest.mock import patch

import pytest

from apps.api_keys import services
from apps.api_keys.models import ApiKey
from framelane.lib import clock
from tests.people import Person, client_with

KEYS = "/v1/api-keys"


def make(person: Person, **body: Any) -> Any:
    return person.post(KEYS, {"name": "CI server", **body})


def stored(key_id: str) -> ApiKey:
    return ApiKey.objects.get(id=key_id)


def rotate(person: Person, key_id: str, **body: Any) -> Any:
    return person.post(f"{KEYS}/{key_id}/rotate", body)


def test_rotation_makes_an_equal_key_and_ends_the_old_one_after_the_overlap(alice: Person) -> None:
    expires_at = clock.now() + timedelta(days=90)
    old = make(alice, scopes=["renders:read"], expires_at=expires_at.isoformat()).json()
    before = clock.now()
    response = rotate(alice, old["id"], overlap_s=3600)
    assert response.status_code == 201
    new = response.json()
    assert new["id"] != old["id"]
    assert new["key"] != old["key"]
    assert all(new[name] == old[name] for name in ("name", "scopes", "expires_at"))
    ends_at = stored(old["id"]).expires_at
    assert ends_at is not None
    assert timedelta(0) <= ends_at - (before + timedelta(hours=1)) < timedelta(minutes=1)
    assert [client_with(each["key"]).get("/v1/renders").status_code for each in (old, new)] == [200, 200]
    later = clock.now() + timedelta(hours=1)
    with patch("apps.api_keys.authentication.clock.now", return_value=later):
        assert [client_with(each["key"]).get("/v1/renders").status_code for each in (old, new)] == [401, 200]


@pytest.mark.parametrize("post", [lambda a, p: a.post(p, {}), lambda a, p: a.client.post(p)])
def test_the_overlap_is_a_day_unless_said_otherwise(post: Callable[[Person, str], Any], alice: Person) -> None:
    old = make(alice).json()
    assert post(alice, f"{KEYS}/{old['id']}/rotate").status_code == 201
    ends_at = stored(old["id"]).expires_at
    assert ends_at is not None
    assert timedelta(hours=23, minutes=59) < ends_at - clock.now() <= timedelta(days=1)


def test_without_an_overlap_the_old_key_ends_at_once(alice: Person) -> None:
    new = rotate(alice, alice.key.id, overlap_s=0).json()
    assert alice.get(KEYS).status_code == 401
    assert client_with(new["key"]).get(KEYS).status_code == 200


def test_an_overlap_lengthens_no_life(alice: Person) -> None:
    soon = clock.now() + timedelta(minutes=5)
    old = make(alice, expires_at=soon.isoformat()).json()
    rotate(alice, old["id"])
    assert stored(old["id"]).expires_at == soon


@pytest.mark.parametrize("overlap_s", [-1, 604_801, 1.5, "day", None])
def test_overlaps_out_of_range(overlap_s: Any, alice: Person) -> None:
    response = rotate(alice, alice.key.id, overlap_s=overlap_s)
    assert response.status_code == 422
    assert [field["path"] for field in response.json()["error"]["details"]["fields"]] == ["/overlap_s"]
    assert ApiKey.objects.count() == 1


def test_a_rotated_key_is_not_rotated_again(alice: Person) -> None:
    new = rotate(alice, alice.key.id).json()
    response = rotate(alice, alice.key.id)
    assert (response.status_code, response.json()["error"]["code"]) == (409, "conflict")
    assert new["id"] in response.json()["error"]["message"]
    assert rotate(alice, new["id"]).status_code == 201


def test_a_key_that_works_no_more_is_not_rotated(alice: Person) -> None:
    made = make(alice).json()
    alice.delete(f"{KEYS}/{made['id']}")
    assert rotate(alice, made["id"]).status_code == 409


def test_rotation_is_replayed_without_the_text(alice: Person) -> None:
    made = make(alice).json()
    path = f"{KEYS}/{made['id']}/rotate"
    first, again = (alice.post(path, {}, HTTP_IDEMPOTENCY_KEY="r1") for _ in range(2))
    assert (first.status_code, again.status_code) == (201, 200)
    assert again.json() == {**first.json(), "key": None}


def test_a_narrow_key_gains_nothing_by_rotating_a_wide_one(alice: Person) -> None:
    client = client_with(services.create_key(workspace=alice.workspace, name="n", scopes=["workspace:write"])[1])
    response = client.post(f"{KEYS}/{alice.key.id}/rotate", {}, format="json")
    assert response.status_code == 403
    assert "renders:write" in response.json()["error"]["details"]["scopes"]
    assert ApiKey.objects.get(id=alice.key.id).replaced_by is None


def test_a_long_text_in_the_place_of_an_id_is_not_found(alice: Person) -> None:
    """The path of a request with an Idempotency-Key is written down, where PostgreSQL counts its characters."""
    answer = alice.post(f"/v1/api-keys/{'x' * 400}/rotate", {}, HTTP_IDEMPOTENCY_KEY="once")
    assert answer.status_code == 404
