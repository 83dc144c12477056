"""The audit log keeps who did what, little of it, nobody's secrets, and outlives what it tells of."""

import json
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser, User
from django.http import HttpRequest
from django.test import RequestFactory

from apps.account import tables
from apps.account.erasure import erase, request_erasure
from apps.audit import services
from apps.audit.changes import MAX_BYTES, MAX_ITEMS, bounded
from apps.audit.models import AuditEntry
from tests.people import Person

pytestmark = pytest.mark.django_db


@pytest.fixture
def charlie(db: None) -> User:
    return User.objects.create_superuser("charlie", "charlie@example.org", "a password")


def request_of(user: Any) -> HttpRequest:
    request = RequestFactory().post("/admin/", REMOTE_ADDR="192.0.2.7")
    request.user = user
    return request


def test_an_entry_names_who_did_what_to_what_from_where_and_why(charlie: User, alice: Person) -> None:
    entry = services.record(
        request=request_of(charlie),
        action="key.revoke",
        obj=alice.key,
        changes={"revoked_at": [None, datetime(2026, 3, 1, tzinfo=UTC)], "minutes": Decimal("1.50")},
        reason="It was published.",
    )
    entry.refresh_from_db()
    assert (entry.actor, entry.actor_name) == (charlie, "charlie")
    assert (entry.object_type, entry.object_id) == ("api_keys.apikey", alice.key.id)
    assert entry.workspace_id == alice.workspace.id
    assert entry.changes == {"revoked_at": [None, "2026-03-01 00:00:00+00:00"], "minutes": "1.50"}
    assert entry.reason == "It was published."
    assert entry.client_address == "192.0.2.7"


def test_a_workspace_is_its_own(charlie: User, alice: Person) -> None:
    assert services.record(request=request_of(charlie), action="a.b", obj=alice.workspace).workspace_id == (
        alice.workspace.id
    )


def test_what_concerns_nothing_names_nothing(charlie: User) -> None:
    entry = services.record(request=request_of(charlie), action="flower.open")
    assert (entry.object_type, entry.object_id, entry.workspace_id) == ("", "", "")


def test_nobody_is_called_by_the_name_that_they_gave(db: None) -> None:
    request = request_of(AnonymousUser())
    entry = services.record_attempt(request=request, action="staff.sign_in_failed", name="mall\x00ory" + "x" * 500)
    assert entry.actor is None
    assert entry.actor_name.startswith("mall ory")
    assert len(entry.actor_name) == 254


@pytest.mark.parametrize("action", ["", "x" * 65])
def test_an_action_has_a_name_of_a_bounded_length(charlie: User, action: str) -> None:
    with pytest.raises(ValueError, match="1 to 64 characters"):
        services.record(request=request_of(charlie), action=action)


def test_an_entry_is_never_changed(charlie: User) -> None:
    entry = services.record(request=request_of(charlie), action="a.b")
    entry.reason = "another"
    with pytest.raises(TypeError, match="append-only"):
        entry.save()


def test_the_name_of_somebody_who_was_deleted_stays(charlie: User) -> None:
    entry = services.record(request=request_of(charlie), action="a.b")
    charlie.delete()
    entry.refresh_from_db()
    assert (entry.actor, entry.actor_name) == (None, "charlie")


def test_entries_outlive_the_workspace_that_they_tell_of(charlie: User, alice: Person) -> None:
    entry = services.record(request=request_of(charlie), action="workspace.erase", obj=alice.workspace)
    request_erasure(workspace=alice.workspace)
    erase(workspace_id=alice.workspace.id)
    assert AuditEntry.objects.get() == entry
    assert AuditEntry in tables.KEPT


def test_secrets_and_the_queries_of_urls_are_left_out() -> None:
    told = bounded(
        {
            "password": "sesame",
            "key_hash": "sesame",
            "deep": [{"webhook_secret": "sesame"}],
            "url": "https://bob:sesame@example.org/hook?signature=sesame",
            "text": "to https://example.org/hook?token=sesame at once",
        }
    )
    assert "sesame" not in json.dumps(told)
    assert "https://example.org/hook" in told["url"]


def test_little_is_kept_of_much() -> None:
    told = bounded({"long": "x" * 10_000, "many": list(range(1000)), "deep": [[[[[[1]]]]]]})
    assert len(told["long"]) == 500
    assert len(told["many"]) == MAX_ITEMS
    assert told["deep"] == [[["(left out)"]]]
    too_much = bounded({str(n): ["x" * 500] * 50 for n in range(50)})
    assert len(json.dumps(too_much)) < MAX_BYTES
    assert "left_out" in too_much
