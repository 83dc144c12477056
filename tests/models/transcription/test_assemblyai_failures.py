"""However AssemblyAI fails, the job ends: with a code of the contract, a message, and nothing left behind."""

import logging
import socket
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import httpx
import pytest

from gpu_tasks.errors import JobFailed
from gpu_tasks.models.transcription import assemblyai_calls
from gpu_tasks.models.transcription.assemblyai_calls import Calls, retry_after_s
from tests.assemblyai_server import KEY, SENTENCE, WRONG_KEY, AssemblyAiServer, Fault
from tests.models.transcription.conftest import HASTY, Ask

pytestmark = pytest.mark.slow

TRIES = len(HASTY.retry_pauses_s) + 1
STEPS = ("upload", "create", "ask")
SHORT_S = 1.5
"""As long as a request may take where one is never answered; the others, which are, need less on any machine."""


@pytest.fixture
def waits(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """How long the provider has wanted to wait; it does not."""
    waited: list[float] = []
    monkeypatch.setattr(Calls, "wait", lambda calls, seconds: waited.append(seconds))
    return waited


def failure_of(ask: Ask, **arguments: object) -> JobFailed:
    with pytest.raises(JobFailed) as caught:
        ask(**arguments)
    return caught.value


def test_wrong_key_is_told_once(ask: Ask, service: AssemblyAiServer) -> None:
    failure = failure_of(ask, key="f" * 32)
    assert failure.code == "provider_error"
    assert failure.message == f"AssemblyAI answered 401 to the upload: {WRONG_KEY}"
    assert failure.is_final
    assert service.requests == [("upload", "/v2/upload")]


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("status", [429, 500, 502, 503, 504])
def test_what_may_pass_is_tried_again(ask: Ask, service: AssemblyAiServer, step: str, status: int) -> None:
    service.fail(step, Fault(status, "busy"), times=TRIES - 1)
    assert ask().text == SENTENCE


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("status", [429, 500])
def test_what_does_not_pass_ends_the_job(ask: Ask, service: AssemblyAiServer, step: str, status: int) -> None:
    service.fail(step, Fault(status, "we are\n overloaded"), times=TRIES + 5)
    failure = failure_of(ask)
    assert failure.code == "provider_error"
    assert f"answered {status} to" in failure.message
    assert failure.message.endswith("we are overloaded")
    assert service.count(step) == TRIES
    assert not failure.is_final
    assert not service.kept


@pytest.mark.parametrize("status", [400, 403, 404, 422])
def test_a_refusal_is_final(ask: Ask, service: AssemblyAiServer, status: int) -> None:
    service.fail("create", Fault(status, "this language has no sentiment"))
    assert failure_of(ask).message == (
        f"AssemblyAI answered {status} to the request for a transcript: this language has no sentiment"
    )
    assert service.count("create") == 1


def test_waits_as_long_as_the_service_wishes(ask: Ask, service: AssemblyAiServer, waits: list[float]) -> None:
    service.fail("create", Fault(429, "slow down", {"Retry-After": "2"}), times=2)
    assert ask().text == SENTENCE
    assert waits[:2] == [2.0, 2.0]


def test_does_not_wait_longer_than_it_may(ask: Ask, service: AssemblyAiServer) -> None:
    service.fail("create", Fault(429, "come back tomorrow", {"Retry-After": "86400"}))
    assert failure_of(ask).message.endswith("come back tomorrow")
    assert service.count("create") == 1


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("7", 7.0),
        ("0", 0.0),
        ("-3", 0.0),
        ("soon", 0.0),
        ("", 0.0),
        ("9" * 400, 0.0),
        ("Sun, 06 Nov 1994 08:49:37 GMT", 0.0),
    ],
)
def test_reads_retry_after(value: str, seconds: float) -> None:
    assert retry_after_s(httpx.Response(429, headers={"Retry-After": value})) == seconds


def test_reads_retry_after_as_a_date() -> None:
    in_an_hour = format_datetime(datetime.now(UTC) + timedelta(hours=1), usegmt=True)
    assert 3500 < retry_after_s(httpx.Response(429, headers={"Retry-After": in_an_hour})) <= 3600


def test_a_failed_transcription_says_why_and_is_deleted(ask: Ask, service: AssemblyAiServer) -> None:
    service.error = "Transcoding failed. File does not appear to contain audio."
    failure = failure_of(ask)
    assert failure.code == "provider_error"
    assert failure.message == f"AssemblyAI could not transcribe the sound: {service.error}"
    assert service.deleted == ["tr-0"]


def test_a_transcription_that_never_ends_runs_out_of_time(ask: Ask, service: AssemblyAiServer) -> None:
    service.polls = 10**9
    failure = failure_of(ask, patience={"total_s": 3})
    assert failure.code == "timeout"
    assert failure.message == "AssemblyAI did not finish within 3 s; its last status was processing."
    assert service.deleted == ["tr-0"]


@pytest.mark.parametrize("step", STEPS)
def test_silence_ends_the_job(ask: Ask, service: AssemblyAiServer, step: str) -> None:
    service.fail(step, Fault(silent=True), times=TRIES)
    failure = failure_of(ask, patience={"request_s": SHORT_S})
    assert failure.code == "provider_error"
    assert failure.message.endswith(f"within {SHORT_S} s.")
    assert not service.kept


@pytest.mark.parametrize("step", STEPS)
def test_silence_is_not_waited_for_beyond_the_whole_time(ask: Ask, service: AssemblyAiServer, step: str) -> None:
    service.fail(step, Fault(silent=True), times=TRIES)
    failure = failure_of(ask, patience={"total_s": 3.0})
    assert failure.code == "timeout"
    assert not service.kept


def test_what_may_have_been_created_is_not_created_again(ask: Ask, service: AssemblyAiServer) -> None:
    service.fail("create", Fault(silent=True))
    failure_of(ask, patience={"request_s": SHORT_S})
    assert service.count("create") == 1


@pytest.mark.parametrize("step", ["upload", "ask"])
def test_a_broken_connection_is_tried_again(ask: Ask, service: AssemblyAiServer, step: str) -> None:
    service.fail(step, Fault(broken_off=True), times=TRIES - 1)
    assert ask().text == SENTENCE


@pytest.mark.parametrize("step", STEPS)
def test_connections_that_always_break_end_the_job(ask: Ask, service: AssemblyAiServer, step: str) -> None:
    service.fail(step, Fault(broken_off=True), times=TRIES)
    failure = failure_of(ask)
    assert failure.code == "provider_error"
    assert "broke off" in failure.message
    assert not service.kept


def test_a_service_that_is_not_there(ask: Ask) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        # Nobody listens at it, and while it is bound nobody else can.
        failure = failure_of(ask, url=f"http://127.0.0.1:{free.getsockname()[1]}")
    assert (failure.code, failure.message) == ("provider_error", "AssemblyAI could not be reached.")


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize(
    "body", [b"<html>hello</html>", b"{}", b"[]", b"null", b'{"id": "tr-0", "status": "dreaming"}']
)
def test_answers_that_nobody_understands(ask: Ask, service: AssemblyAiServer, step: str, body: bytes) -> None:
    service.fail(step, Fault(200, body=body))
    failure = failure_of(ask)
    assert failure.code == "provider_error"
    assert "in an unknown form" in failure.message
    assert not service.kept


def test_an_id_must_not_lead_elsewhere(ask: Ask, service: AssemblyAiServer) -> None:
    service.fail("create", Fault(200, body=b'{"id": "../../account", "status": "queued", "audio_url": ""}'))
    assert "in an unknown form" in failure_of(ask).message
    assert [kind for kind, _ in service.requests] == ["upload", "create"]


@pytest.mark.parametrize(
    "result",
    [
        {"words": [{"text": "no times"}]},
        {"words": [{"text": "negative", "start": -5, "end": 4}]},
        {"words": "all of them"},
        {"text": 7},
        {"audio_duration": "long"},
    ],
)
def test_transcripts_of_an_unknown_form(ask: Ask, service: AssemblyAiServer, result: dict[str, object]) -> None:
    service.result = result
    failure = failure_of(ask)
    assert failure.code == "provider_error"
    assert "unknown form" in failure.message
    assert service.deleted == ["tr-0"]


@pytest.mark.parametrize("fault", [Fault(500, "no"), Fault(404, "no"), Fault(broken_off=True), Fault(silent=True)])
def test_a_result_counts_though_it_cannot_be_deleted(
    ask: Ask, service: AssemblyAiServer, fault: Fault, caplog: pytest.LogCaptureFixture
) -> None:
    service.fail("delete", fault, times=5)
    assert ask(patience={"request_s": SHORT_S}).text == SENTENCE
    assert "tr-0 stays at AssemblyAI" in caplog.text


@pytest.mark.parametrize("step", STEPS)
def test_the_key_is_told_to_nobody(
    ask: Ask, service: AssemblyAiServer, step: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    service.fail(step, Fault(401, f"the key {KEY} is not valid"))
    failure = failure_of(ask)
    assert failure.message.endswith("the key [key] is not valid")
    assert KEY not in caplog.text
    assert KEY not in repr(failure.__cause__)


@pytest.mark.parametrize("key", ["line\nbreak", "with space", "ключ", "\x00", "k" * 501])
def test_a_key_that_cannot_be_one_is_not_sent(ask: Ask, service: AssemblyAiServer, key: str) -> None:
    failure = failure_of(ask, key=key)
    assert failure.code == "provider_error"
    assert key not in failure.message
    assert not service.requests


def test_long_messages_are_cut(ask: Ask, service: AssemblyAiServer) -> None:
    service.error = "x" * 100_000
    assert len(failure_of(ask).message) < assemblyai_calls.MAX_MESSAGE_LENGTH + 100
