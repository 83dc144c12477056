"""One call: what is sent, what counts as success, and what receivers cannot do to us."""

import socket
import time as real_time
from http.server import BaseHTTPRequestHandler
from typing import Any

import pytest

from apps.events.services import relay_due
from apps.webhooks import sending
from apps.webhooks.models import Endpoint, Status
from framelane.lib.net import Policy
from tests.people import Person
from tests.webhooks.conftest import Clock, Listen, attempts, listening, send_all, submitted, tell
from tests.webhooks.receivers import Receiver, answers


def outcome(person: Person) -> Any:
    """The first attempt at an event, made."""
    tell(person, "render.failed")
    send_all()
    return attempts()[0]


def test_the_body_tells_of_the_job(alice: Person, receiver: Receiver, listen: Listen) -> None:
    listen()
    job = submitted(alice, metadata={"project_id": "proj_123"})
    relay_due()
    assert send_all() == 1
    body = receiver.calls[0].json
    assert set(body) == {"id", "type", "created_at", "workspace_id", "data"}
    assert body["id"].startswith("evt_")
    assert (body["type"], body["workspace_id"]) == ("render.queued", alice.workspace.id)
    assert body["created_at"].endswith("Z")
    shown = alice.get(f"/v1/renders/{job.id}").json()
    assert body["data"] == {"job": shown}


def test_the_body_is_canonical_json(alice: Person, receiver: Receiver, listen: Listen) -> None:
    listen()
    tell(alice, "render.failed", metadata={"ä": "\u2028✓"})
    send_all()
    body = receiver.calls[0].body
    assert b"\xe2\x9c\x93" in body
    assert b": " not in body
    assert body.index(b'"created_at"') < body.index(b'"data"') < body.index(b'"id"') < body.index(b'"type"')


def test_only_what_an_endpoint_listens_to_is_sent(alice: Person, receiver: Receiver, listen: Listen) -> None:
    listen("render.failed", "task.*")
    for event_type in ("render.failed", "render.queued", "task.queued", "task.cancelled"):
        tell(alice, event_type)
    assert send_all() == 3
    assert sorted(receiver.types) == ["render.failed", "task.cancelled", "task.queued"]


@pytest.mark.parametrize("status", [200, 201, 202, 204, 299])
def test_any_2xx_is_a_success(alice: Person, receiver: Receiver, listen: Listen, status: int) -> None:
    endpoint = listen()
    receiver.behaviour = answers(status)
    made = outcome(alice)
    assert (made.status, made.status_code, made.error) == (Status.SUCCEEDED, status, "")
    assert len(attempts()) == 1
    endpoint.refresh_from_db()
    assert endpoint.last_delivery_at == made.attempted_at is not None
    assert endpoint.failing_since is None


@pytest.mark.parametrize("status", [400, 401, 404, 408, 429, 500, 503, 599])
def test_other_answers_are_failures(alice: Person, receiver: Receiver, listen: Listen, status: int) -> None:
    endpoint = listen()
    receiver.behaviour = answers(status, b"no")
    made = outcome(alice)
    assert (made.status, made.status_code, made.response_body) == (Status.FAILED, status, "no")
    assert str(status) in made.error
    endpoint.refresh_from_db()
    assert endpoint.failing_since == made.attempted_at
    assert endpoint.failures == 1


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_redirects_are_not_followed(alice: Person, receiver: Receiver, listen: Listen, status: int) -> None:
    listen()
    receiver.behaviour = answers(status, headers={"Location": f"{receiver.url}/elsewhere"})
    made = outcome(alice)
    assert (made.status, made.status_code) == (Status.FAILED, status)
    assert "redirects are not followed" in made.error
    assert [call.path for call in receiver.calls] == ["/hook"]


def test_a_closed_port_is_a_failure_without_an_answer(alice: Person, listen: Listen) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        url = f"http://127.0.0.1:{taken.getsockname()[1]}/hook"
    listen(url=url)
    made = outcome(alice)
    assert (made.status, made.status_code, made.response_body) == (Status.FAILED, None, None)
    assert "No connection" in made.error


def test_nonsense_instead_of_http_is_a_failure(alice: Person, receiver: Receiver, listen: Listen) -> None:
    listen()
    receiver.behaviour = lambda handler: handler.wfile.write(b"\x00\xff nonsense\r\n\r\n")  # type: ignore[assignment,return-value]
    made = outcome(alice)
    assert (made.status, made.status_code) == (Status.FAILED, None)
    assert "broke" in made.error


# --- Private addresses ------------------------------------------------------------------------------------------------


def test_a_private_address_is_refused_and_no_socket_opened(alice: Person, settings: Any) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listening(alice, f"http://127.0.0.1:{listener.getsockname()[1]}/hook")
        settings.FRAMELANE_NET_ALLOW = []
        made = outcome(alice)
        listener.settimeout(0.2)
        with pytest.raises(TimeoutError):
            listener.accept()
    assert (made.status, made.status_code) == (Status.FAILED, None)
    assert "does not lie on the public Internet" in made.error


def test_a_name_is_checked_at_every_attempt(
    alice: Person, receiver: Receiver, listen: Listen, time: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Rebinding: what was an allowed address at the first attempt is a metadata service at the second."""
    addresses = [["127.0.0.1"], ["169.254.169.254"]]
    rebinding = Policy(allow=["127.0.0.0/8"], resolve=lambda host, port: addresses.pop(0))
    monkeypatch.setattr(sending, "policy", lambda: rebinding)
    receiver.behaviour = answers(500)
    listen(url=f"http://hooks.example.com:{receiver.port}/hook")
    outcome(alice)
    time.move(seconds=6)
    send_all()
    first, second, _ = attempts()
    assert (first.status_code, second.status_code) == (500, None)
    assert "does not lie on the public Internet" in second.error
    assert len(receiver.calls) == 1
    assert addresses == []


def test_the_settings_say_which_private_networks_may_be_called(settings: Any) -> None:
    settings.FRAMELANE_NET_ALLOW = ["10.1.0.0/16"]
    assert [str(network) for network in sending.policy().networks()] == ["10.1.0.0/16"]


# --- Slow and large ---------------------------------------------------------------------------------------------------


@pytest.fixture
def _in_a_hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sending, "TIMEOUT_S", 0.3)


def test_ten_seconds_are_allowed() -> None:
    assert sending.TIMEOUT_S == 10


@pytest.mark.usefixtures("_in_a_hurry")
def test_a_receiver_that_does_not_answer_is_left(alice: Person, receiver: Receiver, listen: Listen) -> None:
    listen()
    receiver.behaviour = lambda handler: real_time.sleep(2)
    made = outcome(alice)
    assert (made.status, made.status_code) == (Status.FAILED, None)
    assert "did not answer in time" in made.error


@pytest.mark.usefixtures("_in_a_hurry")
def test_a_receiver_that_drips_is_left(alice: Person, receiver: Receiver, listen: Listen) -> None:
    def drip(handler: BaseHTTPRequestHandler) -> None:
        handler.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")
        for _ in range(40):
            handler.wfile.write(b".")
            handler.wfile.flush()
            real_time.sleep(0.05)

    listen()
    receiver.behaviour = drip
    assert "did not answer in time" in outcome(alice).error


@pytest.mark.parametrize("length", ["Content-Length: 1000000000000", "Transfer-Encoding: chunked", "X-None: 0"])
def test_of_an_endless_answer_only_the_beginning_is_read(
    alice: Person, receiver: Receiver, listen: Listen, length: str
) -> None:
    written: list[int] = []

    def gush(handler: BaseHTTPRequestHandler) -> None:
        handler.wfile.write(f"HTTP/1.1 200 OK\r\n{length}\r\n\r\n".encode())
        block = b"10000\r\n" + b"x" * 65536 + b"\r\n" if "chunked" in length else b"x" * 65536
        try:
            for _ in range(10_000):
                handler.wfile.write(block)
                written.append(len(block))
        except OSError:
            pass

    listen()
    receiver.behaviour = gush
    made = outcome(alice)
    assert (made.status, made.status_code) == (Status.SUCCEEDED, 200)
    assert made.response_body == "x" * 4096
    assert sum(written) < 64 * 1024**2


def test_an_answer_that_is_no_text_is_kept_as_far_as_it_goes(alice: Person, receiver: Receiver, listen: Listen) -> None:
    listen()
    receiver.behaviour = answers(200, b"\x00ok \xff\xfe")
    assert outcome(alice).response_body == "\ufffdok \ufffd\ufffd"


def test_a_secret_that_cannot_be_read_is_said_and_blamed_on_nobody(
    alice: Person, receiver: Receiver, listen: Listen, settings: Any
) -> None:
    endpoint = listen()
    settings.SECRET_KEY = "another key of this installation, without the former one"
    made = outcome(alice)
    assert (made.status, made.attempted_at) == (Status.FAILED, None)
    assert "rotate it" in made.error
    assert receiver.calls == []
    endpoint.refresh_from_db()
    assert endpoint.failures == 0


def test_the_current_url_is_called(alice: Person, receiver: Receiver, listen: Listen, time: Clock) -> None:
    endpoint = listen()
    receiver.behaviour = answers(500)
    outcome(alice)
    Endpoint.objects.filter(id=endpoint.id).update(url=f"{receiver.url}/moved")
    time.move(seconds=6)
    send_all()
    assert [call.path for call in receiver.calls] == ["/hook", "/hook/moved"]
