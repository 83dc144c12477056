"""/v1/workspace: seen, renamed, and shut at a word."""

from typing import Any

import pytest

from apps.jobs.models import Job, Status
from apps.jobs.services import attempts
from apps.jobs.services.submit import create_render
from apps.workspaces.models import Erasure, Workspace
from tests.people import Person

pytestmark = pytest.mark.django_db
PATH = "/v1/workspace"
SCENE = {"duration": 2, "elements": [{"type": "text", "text": "Hello", "duration": 2}]}


def patch(person: Person, body: Any) -> Any:
    return person.client.patch(PATH, body, format="json")


def delete(person: Person, body: Any) -> Any:
    return person.client.delete(PATH, body, format="json")


def test_it_is_shown(alice: Person) -> None:
    body = alice.get(PATH).json()
    assert body.pop("created_at").endswith("Z")
    assert body == {
        "id": alice.workspace.id,
        "name": "Alice's workspace",
        "email": "alice@example.org",
        "plan": "pro",
        "plan_status": "active",
        "verified": True,
    }


def test_an_unverified_workspace_can_be_seen_and_nothing_more(alice: Person) -> None:
    Workspace.objects.filter(id=alice.workspace.id).update(verified_at=None)
    assert (alice.get(PATH).status_code, alice.get(PATH).json()["verified"]) == (200, False)
    refused = [patch(alice, {"name": "x"}), delete(alice, {"confirm": alice.workspace.id}), alice.get(f"{PATH}/usage")]
    for answer in refused:
        assert (answer.status_code, answer.json()["error"]["code"]) == (403, "email_not_verified")


@pytest.mark.parametrize(
    ("sent", "kept"), [("Films", "Films"), ("  Films ü 映画  ", "Films ü 映画"), ("x" * 255, "x" * 255)]
)
def test_it_is_renamed(alice: Person, sent: str, kept: str) -> None:
    answer = patch(alice, {"name": sent, "plan": "enterprise", "email": "mallory@example.org"})
    assert (answer.status_code, answer.json()["name"]) == (200, kept)
    workspace = Workspace.objects.get(id=alice.workspace.id)
    assert (workspace.name, workspace.plan, workspace.email) == (kept, "pro", "alice@example.org")


@pytest.mark.parametrize("name", ["", "   ", "x" * 256, "a\nb", "a\u200eb", "\u2028", None, 7, ["a"]])
def test_what_is_no_name_is_refused(alice: Person, name: Any) -> None:
    answer = patch(alice, {"name": name})
    assert answer.status_code == 422
    assert answer.json()["error"]["details"]["fields"][0]["path"] == "/name"
    assert Workspace.objects.get(id=alice.workspace.id).name == "Alice's workspace"


@pytest.mark.parametrize("body", [{}, [], "name"])
def test_a_body_without_a_name_is_refused(alice: Person, body: Any) -> None:
    assert patch(alice, body).status_code == 422


@pytest.mark.parametrize("confirm", ["", "yes", "ws_", None, True, "x" * 5000])
def test_nothing_is_deleted_without_the_right_word(alice: Person, bob: Person, confirm: Any) -> None:
    for body in ({"confirm": confirm}, {"confirm": bob.workspace.id}, {}):
        answer = delete(alice, body)
        assert answer.status_code == 422
        assert answer.json()["error"]["details"]["fields"][0]["path"] == "/confirm"
    assert delete(alice, None).status_code == 400
    assert not Erasure.objects.exists()
    assert alice.get(PATH).status_code == 200


def test_deleting_shuts_the_workspace_at_once(alice: Person, bob: Person) -> None:
    running = create_render(workspace=alice.workspace, payload=SCENE)
    claim = attempts.claim(running.id, worker="worker-1")
    assert claim is not None
    waiting = create_render(workspace=alice.workspace, payload=SCENE)
    his = create_render(workspace=bob.workspace, payload=SCENE)
    answer = delete(alice, {"confirm": alice.workspace.id})
    assert answer.status_code == 202
    erasure = Erasure.objects.get()
    assert answer.json()["workspace_id"] == erasure.workspace_id == alice.workspace.id
    for method in (alice.get, alice.delete):
        refused = method(PATH)
        assert (refused.status_code, refused.json()["error"]["code"]) == (401, "unauthorized")
    assert Job.objects.get(id=waiting.id).status == Status.CANCELLED
    assert attempts.look(claim) is attempts.Standing.CANCEL
    assert Job.objects.get(id=his.id).status == Status.QUEUED
    assert bob.get(PATH).status_code == 200


def test_deleting_is_announced_to_the_workers(
    alice: Person, django_capture_on_commit_callbacks: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent: list[Any] = []
    monkeypatch.setattr("celery.current_app.send_task", lambda name, args, **_: sent.append((name, args)))
    with django_capture_on_commit_callbacks(execute=True):
        delete(alice, {"confirm": alice.workspace.id})
    assert ("apps.account.tasks.erase", (alice.workspace.id,)) in sent
