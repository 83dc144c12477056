"""Who may call which route. A route without a row here fails the suite."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from rest_framework.test import APIClient

from apps.api_keys import scopes
from apps.api_keys.services import create_key, revoke_key
from apps.jobs.models import Job
from apps.uploads.imports.lifecycle import begin
from apps.uploads.models import Asset
from apps.webhooks.services import create_endpoint, send_test
from apps.workspaces.members import add_member
from apps.workspaces.models import Identity, Role, Workspace
from framelane.lib import clock, ids
from tests.contract.routes import leaf_patterns, methods, openapi_path
from tests.oidc_server import StandInIssuer
from tests.oidc_server import issuer as issuer
from tests.oidc_server import server as server
from tests.people import Person, client_with

SCENE = {"duration": 1, "elements": [{"type": "text", "text": "Hello", "duration": 1}]}
HOOK = {"url": "https://hooks.example.org/framelane"}
TASK = {"source_url": "https://cdn.example.org/clip.mp4"}


@dataclass(frozen=True)
class Row:
    """Expected statuses of a route: for the owner of the object, for a stranger with a key, without one, with a key of
    the owner's that lacks the scope, and before the workspace's e-mail address is verified.

    `path` builds the address from ids of Alice's objects.
    """

    owner: int
    stranger: int
    nobody: int = 401
    body: Any = None
    path: Callable[[dict[str, str]], str] | None = None
    without_scope: int = 403
    unverified: int = 403


def public(status: int = 200, path: str | None = None, body: Any = None) -> Row:
    """A route for which a key makes no difference."""
    where = (lambda _: path) if path is not None else None
    return Row(status, status, status, body=body, path=where, without_scope=status, unverified=status)


def of_render(owner: int, suffix: str = "") -> Row:
    return Row(owner, 404, path=lambda alices: f"/v1/renders/{alices['render']}{suffix}")


def of_task(owner: int, suffix: str = "") -> Row:
    return Row(owner, 404, path=lambda alices: f"/v1/tasks/{alices['task']}{suffix}")


def of_key(owner: int, suffix: str = "") -> Row:
    return Row(owner, 404, path=lambda alices: f"/v1/api-keys/{alices['key']}{suffix}")


def unconfigured(body: Any) -> Row:
    """A public route that this installation is not set up for."""
    return Row(501, 501, 501, body=body, without_scope=501, unverified=501)


def of_import(owner: int) -> Row:
    return Row(owner, 404, path=lambda alices: f"/v1/imports/{alices['import']}")


def of_asset(owner: int) -> Row:
    return Row(owner, 404, path=lambda alices: f"/v1/workspace/assets/{alices['asset']}")


def of_webhook(owner: int, suffix: str = "", body: Any = None) -> Row:
    """`{}` in the suffix stands for the id of a delivery."""
    return Row(
        owner,
        404,
        body=body,
        path=lambda alices: f"/v1/webhooks/{alices['webhook']}{suffix.format(alices['delivery'])}",
    )


TABLE: dict[str, Row] = {
    "GET /": public(),
    "GET /openapi.json": public(),
    "GET /healthz": public(),
    "GET /readyz": public(),
    # Tests ask from this machine.
    "GET /metrics": public(),
    # For the staff, who are sent to sign in.
    "GET /flower/": public(302),
    "GET /flower/{path}": public(302, "/flower/workers"),
    "GET /v1/system/health": public(),
    "GET /v1/system/ready": public(),
    "GET /v1/system/version": public(),
    "GET /v1/capabilities": public(),
    "POST /v1/signup": public(201, body={"workspace_name": "Ada's films", "email": "ada@example.org"}),
    "POST /v1/signup/verify": public(422, body={"email": "ada@example.org", "otp_code": "123456"}),
    "POST /v1/signup/resend": public(202, body={"email": "ada@example.org"}),
    "POST /v1/renders": Row(202, 202, body=SCENE),
    "POST /v1/renders/validate": Row(200, 200, body=SCENE),
    "GET /v1/renders": Row(200, 200),
    "GET /v1/renders/{render_id}": of_render(200),
    "DELETE /v1/renders/{render_id}": of_render(200),
    "GET /v1/renders/{render_id}/download": of_render(409, "/download"),
    "GET /v1/tasks": Row(200, 200),
    "POST /v1/tasks/super-resolution": Row(202, 202, body=TASK),
    "POST /v1/tasks/gaze-redirect": Row(202, 202, body=TASK),
    "POST /v1/tasks/remove-background": Row(202, 202, body=TASK),
    "POST /v1/tasks/transcribe": Row(202, 202, body=TASK),
    "GET /v1/tasks/{task_id}": of_task(200),
    "DELETE /v1/tasks/{task_id}": of_task(200),
    "GET /v1/tasks/{task_id}/download": of_task(409, "/download"),
    "POST /v1/uploads": Row(201, 201, body={"content_type": "video/mp4"}),
    "POST /v1/imports": Row(202, 202, body={"url": "https://cdn.example.org/clip.mp4"}),
    "GET /v1/imports": Row(200, 200),
    "GET /v1/imports/{import_id}": of_import(200),
    "GET /v1/billing/plans": public(),
    "GET /v1/billing/subscription": Row(200, 200),
    # Payments are not configured here.
    "POST /v1/billing/checkout": Row(501, 501, body={"plan": "pro"}),
    "POST /v1/billing/portal": Row(501, 501, body={}),
    "POST /v1/billing/stripe-webhook": public(501),
    "GET /v1/api-keys": Row(200, 200),
    "POST /v1/api-keys": Row(201, 201, body={"name": "another"}),
    "DELETE /v1/api-keys/{api_key_id}": of_key(204),
    "POST /v1/api-keys/{api_key_id}/rotate": of_key(201, "/rotate"),
    "POST /v1/auth/sync": unconfigured({"token": "a.b.c"}),
    "GET /v1/workspace": Row(200, 200, unverified=200),
    "PATCH /v1/workspace": Row(200, 200, body={"name": "Another name"}),
    "DELETE /v1/workspace": Row(422, 422, body={"confirm": "not the id of anything"}),
    "GET /v1/workspace/usage": Row(200, 200),
    "GET /v1/workspace/assets": Row(200, 200),
    "GET /v1/workspace/assets/{asset_id}": of_asset(200),
    "DELETE /v1/workspace/assets/{asset_id}": of_asset(204),
    "GET /v1/webhooks": Row(200, 200),
    "POST /v1/webhooks": Row(201, 201, body=HOOK),
    "POST /v1/webhooks/signing-secret/rotate": Row(200, 200),
    "GET /v1/webhooks/{webhook_id}": of_webhook(200),
    "PATCH /v1/webhooks/{webhook_id}": of_webhook(200, body={"enabled": False}),
    "DELETE /v1/webhooks/{webhook_id}": of_webhook(204),
    "POST /v1/webhooks/{webhook_id}/rotate-secret": of_webhook(200, "/rotate-secret"),
    "POST /v1/webhooks/{webhook_id}/test": of_webhook(202, "/test"),
    "GET /v1/webhooks/{webhook_id}/deliveries": of_webhook(200, "/deliveries"),
    "POST /v1/webhooks/{webhook_id}/deliveries/{delivery_id}/redeliver": of_webhook(202, "/deliveries/{}/redeliver"),
    # These two are opened by a signature in the address; a key neither helps nor harms.
    "GET /uploads/{token}": public(403, "/uploads/not-a-token"),
    "GET /media/{key}": public(403, "/media/ws_01J8QR2K5VKDGN2T4FBM3CZYX7/uploads/clip.mp4"),
    # Pages are for people who have signed in; keys open none of them.
    "GET /admin": public(302),
    # The documentation is for everybody.
    "GET /docs": public(302),
    "GET /docs/": public(),
    "GET /docs/api/": public(),
    "GET /docs/search.json": public(),
    "GET /docs/{path}": public(200, "/docs/webhooks"),
    "GET /llms.txt": public(),
    "GET /llms-full.txt": public(),
    "GET /skill.md": public(),
    "GET /sitemap.xml": public(),
    "GET /console": public(302),
}


@pytest.fixture(autouse=True)
def provider(settings: Any) -> None:
    """Somebody transcribes."""
    settings.FRAMELANE_ASSEMBLYAI_API_KEY = "key"


def all_routes() -> set[str]:
    """The pages of the console have a table of their own, in test_console_pages."""
    leaves = [leaf for leaf in leaf_patterns() if not leaf[0].startswith("console/")]
    return {f"{method} {openapi_path(leaf)}" for leaf in leaves for method in methods(leaf[1])}


def test_every_route_has_a_row() -> None:
    assert all_routes() == set(TABLE)


@pytest.fixture
def alices(alice: Person) -> dict[str, str]:
    """Ids of a render and a task of Alice's, both queued."""
    render = alice.post("/v1/renders", SCENE).json()["id"]
    task = Job.objects.create(
        id=ids.new_id("task"),
        workspace=alice.workspace,
        kind="task",
        task_type="transcribe",
        request={},
        queue="task.transcribe",
        deadline=clock.now() + timedelta(hours=1),
    )
    # A key with the least scope, which any key that may change keys may rotate.
    key, _ = create_key(workspace=alice.workspace, name="spare", scopes=["workspace:write"])
    asset = Asset.objects.create(
        workspace=alice.workspace, key=f"{alice.workspace.id}/uploads/clip.mp4", kind="video", expires_at=clock.now()
    )
    webhook, _ = create_endpoint(workspace=alice.workspace, url=HOOK["url"], events=["*"])
    delivery = send_test(endpoint=webhook, event_type="webhook.test")
    return {
        "workspace": alice.workspace.id,
        "render": render,
        "task": task.id,
        "key": key.id,
        "asset": asset.id,
        "import": begin(workspace=alice.workspace, url="https://cdn.example.org/clip.mp4", requested=True).id,
        "webhook": webhook.id,
        "delivery": delivery.delivery_id,
    }


def call(client: APIClient, name: str, alices: dict[str, str]) -> Any:
    method, route = name.split()
    row = TABLE[name]
    path = row.path(alices) if row.path else route
    body = b"" if row.body is None else json.dumps(row.body).encode()
    return client.generic(method, path, body, content_type="application/json")


def revoked_client(person: Person) -> APIClient:
    key, secret = create_key(workspace=person.workspace, name="old")
    revoke_key(key=key)
    return client_with(secret)


@pytest.mark.parametrize("name", sorted(TABLE))
def test_owner(name: str, alice: Person, alices: dict[str, str]) -> None:
    assert call(alice.client, name, alices).status_code == TABLE[name].owner


@pytest.mark.parametrize("name", sorted(TABLE))
def test_stranger(name: str, bob: Person, alices: dict[str, str]) -> None:
    before = list(Job.objects.filter(workspace=alices["workspace"]).order_by("id").values())
    response = call(bob.client, name, alices)
    assert response.status_code == TABLE[name].stranger
    # Not a word of Alice's comes out, and nothing of hers changes.
    assert alices["render"] not in response.content.decode()
    assert alices["task"] not in response.content.decode()
    assert list(Job.objects.filter(workspace=alices["workspace"]).order_by("id").values()) == before


@pytest.mark.parametrize("name", sorted(TABLE))
def test_no_key(name: str, anonymous: APIClient, alices: dict[str, str]) -> None:
    assert call(anonymous, name, alices).status_code == TABLE[name].nobody


@pytest.mark.parametrize("name", sorted(TABLE))
def test_revoked_key(name: str, alice: Person, alices: dict[str, str]) -> None:
    assert call(revoked_client(alice), name, alices).status_code == TABLE[name].nobody


@pytest.mark.parametrize("name", [name for name, row in TABLE.items() if row.stranger == 404])
def test_a_stranger_learns_nothing_about_existence(name: str, bob: Person, alices: dict[str, str]) -> None:
    absent = {key: value[:-4] + "0000" for key, value in alices.items()}
    existing, missing = call(bob.client, name, alices).json(), call(bob.client, name, absent).json()
    assert existing == missing


@pytest.mark.parametrize("path", ["/v1/renders", "/v1/tasks"])
def test_lists_hold_only_what_is_ones_own(path: str, bob: Person, alices: dict[str, str]) -> None:
    assert bob.get(path).json() == {"data": [], "next_cursor": None, "has_more": False}


def needed_scope(name: str) -> str | None:
    """The scope that the route's view asks for; None for a view that asks for no key."""
    view, method = VIEWS[name], name.split()[0]
    view_set = getattr(view, "cls", None)
    if not getattr(view_set, "scope_area", None):
        return None
    scope: str = view_set.needed_scope(method, view.actions[method.lower()])
    return scope


VIEWS: dict[str, Any] = {
    f"{method} {openapi_path(leaf)}": leaf[1].callback for leaf in leaf_patterns() for method in methods(leaf[1])
}


def client_scoped(person: Person, allowed: list[str]) -> APIClient:
    return client_with(create_key(workspace=person.workspace, name="scoped", scopes=allowed)[1])


@pytest.mark.parametrize("name", sorted(TABLE))
def test_key_without_the_scope(name: str, alice: Person, alices: dict[str, str]) -> None:
    allowed = [scope for scope in scopes.ALL if scope != needed_scope(name)]
    assert call(client_scoped(alice, allowed), name, alices).status_code == TABLE[name].without_scope


@pytest.mark.parametrize("name", [name for name in sorted(TABLE) if needed_scope(name)])
def test_key_with_that_scope_alone(name: str, alice: Person, alices: dict[str, str]) -> None:
    allowed = [scope for scope in scopes.ALL if scope == needed_scope(name)]
    assert call(client_scoped(alice, allowed), name, alices).status_code == TABLE[name].owner


@pytest.mark.parametrize("name", sorted(TABLE))
def test_expired_key(name: str, alice: Person, alices: dict[str, str]) -> None:
    past = clock.now() - timedelta(seconds=1)
    client = client_with(create_key(workspace=alice.workspace, name="old", expires_at=past)[1])
    assert call(client, name, alices).status_code == TABLE[name].nobody


@pytest.mark.parametrize("name", sorted(TABLE))
def test_unverified_workspace(name: str, alice: Person, alices: dict[str, str]) -> None:
    Workspace.objects.filter(id=alice.workspace.id).update(verified_at=None)
    assert call(alice.client, name, alices).status_code == TABLE[name].unverified


@pytest.mark.parametrize("name", sorted(TABLE))
def test_workspace_that_is_being_erased(name: str, alice: Person, alices: dict[str, str]) -> None:
    Workspace.objects.filter(id=alice.workspace.id).update(erasure_requested_at=clock.now())
    assert call(alice.client, name, alices).status_code == TABLE[name].nobody


OF_OWNERS = {"workspace:write", "billing:write"}


def session_of(issuer: StandInIssuer, person: Person, role: str) -> APIClient:
    """Somebody with that role in the person's workspace, with the token of their session."""
    user = User.objects.create(username=role)
    Identity.objects.create(issuer=issuer.url, subject=f"user_{role}", user=user)
    add_member(workspace=person.workspace, user=user, role=role)
    return client_with(issuer.token(sub=f"user_{role}"))


@pytest.mark.parametrize("name", [name for name in sorted(TABLE) if needed_scope(name)])
def test_session_of_an_owner(name: str, issuer: StandInIssuer, alice: Person, alices: dict[str, str]) -> None:
    assert call(session_of(issuer, alice, Role.OWNER), name, alices).status_code == TABLE[name].owner


@pytest.mark.parametrize("name", [name for name in sorted(TABLE) if needed_scope(name)])
def test_session_of_a_member(name: str, issuer: StandInIssuer, alice: Person, alices: dict[str, str]) -> None:
    expected = 403 if needed_scope(name) in OF_OWNERS else TABLE[name].owner
    assert call(session_of(issuer, alice, Role.MEMBER), name, alices).status_code == expected


@pytest.mark.parametrize("name", [name for name in sorted(TABLE) if needed_scope(name)])
def test_session_of_a_stranger(name: str, issuer: StandInIssuer, bob: Person, alices: dict[str, str]) -> None:
    assert call(session_of(issuer, bob, Role.OWNER), name, alices).status_code == TABLE[name].stranger
