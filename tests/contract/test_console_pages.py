"""Who may open and do what in the console. An address of it without a row here fails the suite."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import transaction
from django.test import Client
from django.urls import reverse

from apps.account.invitations import invite
from apps.api_keys.services import create_key
from apps.audit.models import AuditEntry
from apps.console.impersonation import IMPERSONATION_KEY, LIFETIME
from apps.console.urls import pages
from apps.jobs.models import Job
from apps.jobs.services.submit import create_render
from apps.uploads.models import Asset
from apps.webhooks.services import create_endpoint, send_test
from apps.workspaces.models import Membership, Workspace
from framelane.api.throttling import count_for
from framelane.lib import clock
from tests.console.people import signed_in, user_of
from tests.people import Person

SCENE = {"duration": 1, "elements": [{"type": "text", "text": "Hello", "duration": 1}]}
SIGN_IN = "/console/sign-in"
Ids = dict[str, Any]


@dataclass(frozen=True)
class Row:
    """Expected statuses for an owner, a member, an owner of another workspace, and staff who act as the owner.

    Nobody gets in without signing in: they are redirected. `of` names the objects in the address.
    """

    owner: int
    member: int
    stranger: int
    staff: int
    of: tuple[str, ...] = ()
    body: dict[str, Any] = field(default_factory=dict)
    query: str = ""


def everybody(status: int = 200, *of: str, **more: Any) -> Row:
    """What every member may."""
    return Row(status, status, 404 if of else status, status, of, **more)


def owners(status: int, *of: str, **more: Any) -> Row:
    """What only owners may, and the staff in their place."""
    return Row(status, 403, 404 if of else status, status, of, **more)


def owners_themselves(status: int, *of: str, **more: Any) -> Row:
    """What only owners may, and nobody in their place."""
    return Row(status, 403, 404 if of else status, 403, of, **more)


def people_themselves(status: int, *of: str, **more: Any) -> Row:
    """What every member may, and nobody in their place."""
    return Row(status, status, 404 if of else status, 403, of, **more)


TABLE = {
    "GET dashboard": everybody(),
    "GET playground": everybody(),
    "GET playground-schema": everybody(),
    "POST playground-check": everybody(body={"source": "{}"}),
    "POST playground-render": everybody(422, body={"source": "{", "token": "x"}),
    "GET playground-job": everybody(200, "job"),
    "POST playground-cancel": everybody(302, "job"),
    "GET tasks": everybody(),
    "GET task": everybody(200, query="transcribe"),
    "GET task-sources": everybody(200, query="transcribe"),
    "GET task-recent": everybody(200, query="transcribe"),
    "GET jobs": everybody(),
    "GET jobs-live": everybody(),
    "GET job": everybody(200, "job"),
    "GET job-live": everybody(200, "job"),
    "GET job-download": everybody(409, "job"),
    "GET job-request": everybody(200, "job"),
    "POST job-cancel": everybody(302, "job"),
    "POST job-rerun": everybody(302, "job"),
    "GET assets": everybody(),
    "GET assets-live": everybody(),
    "POST asset-import": everybody(422),
    "POST upload-start": everybody(400),
    "POST upload-form": everybody(422),
    "GET asset": everybody(200, "asset"),
    "GET asset-status": everybody(200, "asset"),
    "GET asset-live": everybody(200, "asset"),
    "GET asset-download": everybody(409, "asset"),
    "POST asset-delete": everybody(302, "asset"),
    "GET keys": everybody(),
    "POST key-new": owners_themselves(302, body={"name": "CI", "scopes": ["renders:read"]}),
    "POST key-rotate": owners_themselves(302, "key", body={"overlap_s": "0"}),
    "POST key-revoke": owners(302, "key"),
    "GET webhooks": everybody(),
    "POST webhook-new": people_themselves(302, body={"url": "https://hooks.example.org/", "events": ["*"]}),
    "POST signing-secret": people_themselves(302),
    "GET webhook": everybody(200, "webhook"),
    "POST webhook": everybody(302, "webhook", body={"url": "https://hooks.example.org/", "events": ["*"]}),
    "POST webhook-rotate": people_themselves(302, "webhook"),
    "POST webhook-test": everybody(302, "webhook", body={"event_type": "webhook.test"}),
    "POST webhook-delete": everybody(302, "webhook"),
    "GET deliveries": everybody(200, "webhook"),
    "GET delivery": everybody(200, "webhook", "delivery"),
    "POST redeliver": everybody(302, "webhook", "delivery"),
    "GET usage": everybody(),
    "GET billing": everybody(),
    "POST checkout": owners_themselves(501),
    "POST portal": owners_themselves(501),
    "GET settings": everybody(),
    "POST settings": owners(302, body={"name": "New"}),
    "POST workspace-delete": owners_themselves(422, body={"confirm": "no"}),
    "GET people": everybody(),
    "POST invite": owners_themselves(302, body={"email": "new@example.org", "role": "member"}),
    "POST invitation-withdraw": owners_themselves(404, body={"invitation": "inv_x"}),
    "POST member-role": owners_themselves(302, "person", body={"role": "member"}),
    "POST member-remove": Row(302, 403, 404, 403, ("person",)),
    "POST sign-out-everywhere": everybody(302),
    "POST theme": everybody(302),
}
OPEN_TO_ALL = {"sign-in", "sign-in-code", "sign-in-resend", "sign-up", "sign-out", "theme"}
UNCOUNTED = {"POST playground-check", "POST theme", "POST sign-out-everywhere"}
"""Texts are checked at a rate of their own; the others ask nothing of the workspace."""
FOR_A_PERSON = {"welcome", "switch", "impersonation-end", "invitations", "invitation-accept", "invitation-decline"}
"""These need somebody, but no workspace; tests/console shows what they do."""


def names() -> set[str]:
    return {str(page.name) for page in pages if hasattr(page, "name")}


def test_every_address_has_a_row() -> None:
    assert names() == {name.split()[1] for name in TABLE} | OPEN_TO_ALL | FOR_A_PERSON


@pytest.fixture
def alices(alice: Person) -> Ids:
    """Ids of things of Alice's."""
    asset = Asset.objects.create(
        workspace=alice.workspace, key=f"{alice.workspace.id}/uploads/clip.mp4", kind="video", expires_at=clock.now()
    )
    webhook, _ = create_endpoint(workspace=alice.workspace, url="https://hooks.example.org/", events=["*"])
    return {
        "job": create_render(workspace=alice.workspace, payload=SCENE).id,
        "asset": asset.id,
        "key": create_key(workspace=alice.workspace, name="spare")[0].id,
        "webhook": webhook.id,
        "delivery": send_test(endpoint=webhook, event_type="webhook.test").delivery_id,
        "person": user_of(alice, "owner", email="second@example.org").id,
    }


def call(client: Client, name: str, alices: Ids) -> Any:
    method, page = name.split()
    row = TABLE[name]
    address = reverse(f"console:{page}", args=[alices[one] for one in row.of] or [row.query] * bool(row.query))
    return client.get(address) if method == "GET" else client.post(address, row.body)


def each(client: Client, alices: Ids, names: Iterable[str] = TABLE) -> Iterator[tuple[str, Any]]:
    """The names with what the pages answer. Whatever one of them does is undone when the next one is asked for."""
    for name in names:
        with transaction.atomic():
            yield name, call(client, name, alices)
            transaction.set_rollback(True)


def statuses(client: Client, alices: Ids) -> dict[str, int]:
    return {name: answer.status_code for name, answer in each(client, alices)}


def test_owner(alice: Person, alices: Ids) -> None:
    assert statuses(signed_in(alice), alices) == {name: row.owner for name, row in TABLE.items()}


def test_member(alice: Person, alices: Ids) -> None:
    assert statuses(signed_in(alice, "member"), alices) == {name: row.member for name, row in TABLE.items()}


def test_owner_of_another_workspace(bob: Person, alices: Ids) -> None:
    before, found = list(Job.objects.filter(id=alices["job"]).values()), {}
    for name, answer in each(signed_in(bob), alices):
        found[name] = answer.status_code
        if TABLE[name].of:
            assert "hooks.example.org" not in answer.content.decode(), name
        assert list(Job.objects.filter(id=alices["job"]).values()) == before, name
    assert found == {name: row.stranger for name, row in TABLE.items()}


def test_nobody(alices: Ids) -> None:
    for name, answer in each(Client(), alices, set(TABLE) - {"POST theme"}):
        assert answer.status_code == 302, name
        assert answer.headers["Location"].startswith(SIGN_IN), name


def test_staff_in_the_owners_place(alice: Person, alices: Ids) -> None:
    found = {}
    for name, answer in each(acting_for(alice.workspace), alices):
        found[name] = answer.status_code
        if name.startswith("POST") and name != "POST theme":
            assert AuditEntry.objects.filter(workspace_id=alice.workspace.id).exists(), name
    assert found == {name: row.staff for name, row in TABLE.items()}


def acting_for(workspace: Workspace) -> Client:
    """Somebody from the staff, who has begun to act for a workspace."""
    user = User.objects.create_superuser("charlie", "charlie@example.org")
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    session = client.session
    until = (clock.now() + LIFETIME).timestamp()
    session[IMPERSONATION_KEY] = {"workspace": workspace.id, "until": until, "reason": "They asked for help."}
    session.save()
    return client


@pytest.mark.usefixtures("still_minute")
@pytest.mark.parametrize("name", sorted({name for name in TABLE if name.startswith("POST")} - UNCOUNTED))
def test_acts_count_as_they_do_at_the_api(name: str, alice: Person, alices: Ids, settings: Any) -> None:
    settings.FRAMELANE_RATE_LIMIT_PRO = 1
    assert count_for(alice.workspace).allowed
    client = signed_in(alice)
    answer = call(client, name, alices)
    if name == "POST job-rerun":
        assert "More than 1 requests in a minute" in client.get(answer.headers["Location"]).content.decode()
    else:
        assert answer.status_code == 429


def test_who_was_removed_sees_nothing_any_more(alice: Person, alices: Ids) -> None:
    client = signed_in(alice, "member", email="eve@example.org")
    Membership.objects.filter(user__email="eve@example.org").delete()
    found = {name: answer.status_code for name, answer in each(client, alices) if TABLE[name].of}
    assert found == dict.fromkeys(found, 302)
    assert found


def test_invitations_are_for_their_address(alice: Person, bob: Person) -> None:
    inviter = user_of(alice, email="owner@example.org")
    invitation = invite(workspace=alice.workspace, email="grace@example.org", role="member", inviter=inviter)
    stranger = signed_in(bob)
    for act in ("accept", "decline"):
        assert stranger.post(f"/console/invitations/{invitation.id}/{act}").status_code == 404
        assert Client().post(f"/console/invitations/{invitation.id}/{act}").headers["Location"].startswith(SIGN_IN)
