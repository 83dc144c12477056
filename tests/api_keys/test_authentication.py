"""Bearer authentication, seen from outside."""

from datetime import timedelta
from typing import Any
from unittest.mock import patch

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from apps.api_keys import keys, services
from apps.api_keys.models import ApiKey
from framelane.lib import clock
from tests.people import Person, client_with

PROTECTED = "/v1/renders"


def assert_unauthorized(response: Any) -> None:
    assert response.status_code == 401
    assert response.json()["error"]["code"] == "unauthorized"
    assert response["WWW-Authenticate"].startswith("Bearer")


def looked_up(queries: CaptureQueriesContext) -> list[str]:
    """Queries for keys or people; the limiter of requests has its own."""
    asked = [query["sql"] for query in queries.captured_queries]
    return [sql for sql in asked if ApiKey._meta.db_table in sql or "workspaces_" in sql or "auth_user" in sql]


def test_key_opens_its_workspace(alice: Person) -> None:
    assert alice.get(PROTECTED).status_code == 200


def test_scheme_is_case_insensitive(alice: Person, anonymous: APIClient) -> None:
    assert anonymous.get(PROTECTED, HTTP_AUTHORIZATION=f"bearer {alice.secret}").status_code == 200


@pytest.mark.parametrize(
    "header", ["", "Bearer", "Bearer ", "Basic YTpi", "Bearer nonsense", "Bearer \xff", "fl_live_x"]
)
def test_malformed_authorization_is_401_and_looks_up_no_key(anonymous: APIClient, db: None, header: str) -> None:
    with CaptureQueriesContext(connection) as queries:
        assert_unauthorized(anonymous.get(PROTECTED, HTTP_AUTHORIZATION=header))
    assert not looked_up(queries)


def test_no_authorization_is_401(anonymous: APIClient, db: None) -> None:
    assert_unauthorized(anonymous.get(PROTECTED))


def test_mistyped_key_is_not_looked_up(alice: Person, anonymous: APIClient) -> None:
    mistyped = alice.secret[:-1] + ("a" if alice.secret[-1] != "a" else "b")
    with CaptureQueriesContext(connection) as queries:
        assert_unauthorized(anonymous.get(PROTECTED, HTTP_AUTHORIZATION=f"Bearer {mistyped}"))
    assert not looked_up(queries)


def test_unknown_key_is_401(db: None) -> None:
    assert_unauthorized(client_with(keys.generate()).get(PROTECTED))


def test_revoked_key_is_401_at_once(alice: Person) -> None:
    services.revoke_key(key=alice.key)
    assert_unauthorized(alice.get(PROTECTED))


def test_expired_key_is_401(alice: Person) -> None:
    ApiKey.objects.filter(id=alice.key.id).update(expires_at=clock.now() - timedelta(seconds=1))
    assert_unauthorized(alice.get(PROTECTED))


def test_revoking_again_keeps_the_first_moment(alice: Person) -> None:
    first = services.revoke_key(key=alice.key).revoked_at
    assert services.revoke_key(key=alice.key).revoked_at == first


def test_use_is_noted_at_most_once_a_minute(alice: Person) -> None:
    start = clock.now()
    noted = []
    for seconds in (0, 59, 61):
        with patch("apps.api_keys.services.clock.now", return_value=start + timedelta(seconds=seconds)):
            alice.get(PROTECTED)
        noted.append(ApiKey.objects.get(id=alice.key.id).last_used_at)
    assert noted == [start, start, start + timedelta(seconds=61)]


def test_key_without_the_scope_is_403(alice: Person) -> None:
    _, secret = services.create_key(workspace=alice.workspace, name="narrow", scopes=["uploads:write"])
    response = client_with(secret).get(PROTECTED)
    assert response.status_code == 403
    assert response.json()["error"]["code"] == "forbidden"
    assert "renders:read" in response.json()["error"]["message"]


def test_read_scope_does_not_write(alice: Person) -> None:
    _, secret = services.create_key(workspace=alice.workspace, name="reader", scopes=["renders:read"])
    reader = client_with(secret)
    assert reader.get(PROTECTED).status_code == 200
    assert reader.post(PROTECTED, {}, format="json").status_code == 403


def test_unverified_workspace_is_403(alice: Person) -> None:
    alice.workspace.verified_at = None
    alice.workspace.save()
    response = alice.get(PROTECTED)
    assert (response.status_code, response.json()["error"]["code"]) == (403, "email_not_verified")


def test_plaintext_is_stored_nowhere(alice: Person) -> None:
    row = ApiKey.objects.filter(id=alice.key.id).values().get()
    assert alice.secret not in str(row)
    assert row["key_hash"] == keys.digest(alice.secret)
    assert row["key_prefix"] == alice.secret[:12]
