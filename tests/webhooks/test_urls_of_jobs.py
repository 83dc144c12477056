"""A `webhook_url` of its own takes a job away from the endpoints of the workspace."""

from typing import Any

import pytest

from apps.events.services import relay_due
from apps.jobs.models import Job
from apps.jobs.services import attempts as jobs
from apps.webhooks.models import Attempt, Secret, Status
from apps.webhooks.secrets import of_workspace, signing_secrets
from tests.jobs.conftest import claimed, output_of
from tests.people import Person
from tests.webhooks.conftest import SCENE, Clock, Listen, send_all
from tests.webhooks.receivers import Receiver, answers, receiving
from tests.webhooks.test_signatures import is_signed

ROTATE = "/v1/webhooks/signing-secret/rotate"


def render(person: Person, url: str | None, **extra: Any) -> Any:
    return person.post("/v1/renders", {**SCENE, "webhook_url": url}, **extra)


def test_its_events_go_there_and_nowhere_else(alice: Person, receiver: Receiver, listen: Listen) -> None:
    with receiving(Receiver()) as own:
        listen()
        job_id = render(alice, own.url).json()["id"]
        other_id = render(alice, None).json()["id"]
        relay_due()
        send_all()
        assert [call.json["data"]["job"]["id"] for call in own.calls] == [job_id]
    assert [call.json["data"]["job"]["id"] for call in receiver.calls] == [other_id]


def test_it_is_signed_with_the_secret_of_the_workspace(alice: Person, bob: Person, receiver: Receiver) -> None:
    secret = alice.client.post(ROTATE).json()["secret"]
    assert alice.client.post(ROTATE).status_code == bob.client.post(ROTATE).status_code == 200
    newest = alice.post(ROTATE, {"revoke_now": False}).json()["secret"]
    render(alice, receiver.url)
    relay_due()
    send_all()
    assert is_signed(receiver.calls[0], secret)
    assert is_signed(receiver.calls[0], newest)
    assert not is_signed(receiver.calls[0], signing_secrets(of_workspace(bob.workspace.id))[0])


def test_the_secret_is_made_when_it_is_first_needed(alice: Person, receiver: Receiver) -> None:
    assert not Secret.objects.exists()
    render(alice, receiver.url)
    render(alice, receiver.url)
    relay_due()
    send_all()
    (secret,) = signing_secrets(of_workspace(alice.workspace.id))
    assert all(is_signed(call, secret) for call in receiver.calls)
    revoked = alice.post(ROTATE, {"revoke_now": True}).json()["secret"]
    assert signing_secrets(of_workspace(alice.workspace.id)) == [revoked] != [secret]


def test_a_job_without_endpoints_and_url_sends_nothing(alice: Person) -> None:
    render(alice, None)
    relay_due()
    assert not Attempt.objects.exists()


def test_tasks_have_one_too(alice: Person, receiver: Receiver, settings: Any) -> None:
    settings.FRAMELANE_INGEST_EXTERNAL = False
    body = {"source_url": "https://cdn.example.org/clip.mp4", "webhook_url": receiver.url}
    assert alice.post("/v1/tasks/super-resolution", body).status_code == 202
    relay_due()
    send_all()
    assert receiver.calls[0].json["data"]["job"]["task_type"] == "super_resolution"


def test_a_completed_job_comes_with_the_address_of_its_film(alice: Person, receiver: Receiver) -> None:
    job = Job.objects.get(id=render(alice, receiver.url).json()["id"])
    held = claimed(job)
    assert jobs.complete(held, output_of(held))
    relay_due()
    send_all()
    assert receiver.types == ["render.queued", "render.processing", "render.completed"]
    output = receiver.calls[-1].json["data"]["job"]["output"]
    assert (output["width"], output["height"], output["duration"]) == (1280, 720, 2.0)
    assert f"/media/{alice.workspace.id}/renders/{job.id}" in output["url"]
    assert "?" in output["url"]


def test_retries_go_there_too_and_end(alice: Person, receiver: Receiver, time: Clock) -> None:
    receiver.behaviour = answers(500)
    render(alice, receiver.url)
    relay_due()
    send_all()
    time.move(seconds=6)
    receiver.behaviour = answers(410)
    assert send_all() == 1
    assert [attempt.status for attempt in Attempt.objects.order_by("number")] == [Status.FAILED, Status.DEAD]


@pytest.mark.parametrize("path", ["/v1/renders", "/v1/tasks/super-resolution", "/v1/tasks/transcribe"])
@pytest.mark.parametrize(
    "url",
    [
        "ftp://example.com/",
        "example.com",
        "",
        "https://10.0.0.1/hook",
        "http://169.254.169.254/",
        "http://[::1]/",
        "https://user:secret@example.com/",
        f"https://example.com/{'x' * 2083}",
    ],
)
def test_addresses_that_receive_nothing_are_refused(alice: Person, settings: Any, path: str, url: str) -> None:
    settings.FRAMELANE_ASSEMBLYAI_API_KEY = "key"
    body = SCENE if path == "/v1/renders" else {"source_url": "https://cdn.example.org/clip.mp4"}
    response = alice.post(path, {**body, "webhook_url": url})
    assert response.status_code == 422
    assert response.json()["error"]["details"]["fields"][0]["path"] == "/webhook_url"
    assert not Job.objects.exists()


def test_it_is_no_endpoint_of_the_workspace(alice: Person, receiver: Receiver) -> None:
    render(alice, receiver.url)
    assert alice.get("/v1/webhooks").json()["data"] == []
    assert alice.get("/v1/webhooks/signing-secret").status_code == 404
