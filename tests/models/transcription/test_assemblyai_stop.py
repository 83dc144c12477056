"""A transcription that is cancelled: heard at once, and taken back at the service."""

import time
from collections.abc import Callable

import pytest

from gpu_tasks.models.transcription.provider import TranscriptionStopped
from tests.assemblyai_server import AssemblyAiServer, Fault
from tests.models.transcription.conftest import Ask

pytestmark = pytest.mark.slow


def until(happened: Callable[[], bool]) -> None:
    """Wait for something that must happen within a minute."""
    give_up_at = time.monotonic() + 60
    while not happened():
        assert time.monotonic() < give_up_at
        time.sleep(0.02)


def test_stops_while_it_waits_for_the_transcript(ask: Ask, service: AssemblyAiServer) -> None:
    service.polls = 10**9
    with pytest.raises(TranscriptionStopped):
        ask(should_stop=lambda: service.count("ask") >= 3)
    assert service.deleted == ["tr-0"]


def test_stops_while_the_service_is_silent(ask: Ask, service: AssemblyAiServer) -> None:
    service.fail("ask", Fault(silent=True))
    with pytest.raises(TranscriptionStopped):
        ask(should_stop=lambda: service.count("ask") > 0)
    assert service.deleted == ["tr-0"]


def test_stops_before_the_next_try(ask: Ask, service: AssemblyAiServer) -> None:
    service.fail("create", Fault(429, "slow down", {"Retry-After": "60"}))
    with pytest.raises(TranscriptionStopped):
        ask(
            should_stop=lambda: service.count("create") > 0,
            patience={"longest_retry_after_s": 100.0},
        )
    assert service.count("create") == 1


def test_deletes_what_is_created_after_it_was_stopped(ask: Ask, service: AssemblyAiServer) -> None:
    service.fail("create", Fault(late_s=3.0))
    with pytest.raises(TranscriptionStopped):
        ask(should_stop=lambda: service.count("create") > 0)
    assert not service.deleted
    until(lambda: service.deleted == ["tr-0"])


def test_sends_no_more_of_a_file_once_it_is_stopped(ask: Ask, service: AssemblyAiServer) -> None:
    service.fail("upload", Fault(silent=True))
    with pytest.raises(TranscriptionStopped):
        ask(should_stop=lambda: service.count("upload") > 0)
    assert service.count("create") == 0


def test_a_service_that_does_not_delete_holds_nobody_up(
    ask: Ask, service: AssemblyAiServer, caplog: pytest.LogCaptureFixture
) -> None:
    service.polls = 10**9
    service.fail("delete", Fault(silent=True), times=5)
    with pytest.raises(TranscriptionStopped):
        ask(should_stop=lambda: service.count("ask") >= 2, patience={"clean_up_s": 0.2})
    # The request to delete is still under way, or has not even come: nobody has waited for its end.
    until(lambda: service.count("delete") == 1)
    service.closing.set()
    until(lambda: "tr-0 stays at AssemblyAI" in caplog.text)
