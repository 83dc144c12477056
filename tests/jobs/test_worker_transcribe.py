"""A transcription from its submission to its files: the real runner and the provider's own client, over HTTP."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from apps.jobs.models import Job, Status
from apps.jobs.services.cancel import cancel
from apps.jobs.services.submit import create_task
from framelane.lib.storage import get_store
from tests.assemblyai_server import KEY, SENTENCE, WRONG_KEY, AssemblyAiServer
from tests.jobs.work import run, run_and_meanwhile, scratch_is_empty, stored_outputs, uploaded
from tests.media.make import make_sound
from tests.people import Person

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow, pytest.mark.usefixtures("stand_ins")]


@pytest.fixture
def service(monkeypatch: pytest.MonkeyPatch) -> Iterator[AssemblyAiServer]:
    with AssemblyAiServer(polls=0) as server:
        monkeypatch.setattr(settings, "FRAMELANE_ASSEMBLYAI_API_KEY", KEY)
        monkeypatch.setattr(settings, "FRAMELANE_ASSEMBLYAI_BASE_URL", server.url)
        yield server


def submitted(person: Person, folder: Path, **options: Any) -> Job:
    sound = make_sound(folder / "speech.wav")
    payload = {"source_url": uploaded(person, folder, sound.read_bytes()), **options}
    return create_task(workspace=person.workspace, task_type="transcribe", payload=payload)


def read(key: str) -> str:
    return b"".join(get_store().read(key)).decode("utf-8")


def test_speech_becomes_text_and_subtitles(alice: Person, tmp_path: Path, service: AssemblyAiServer) -> None:
    job = run(submitted(alice, tmp_path, language="en-US", speaker_labels=True, speakers_expected=2))
    assert (job.status, job.error_message) == (Status.COMPLETED, "")
    transcript = json.loads(read(job.output_key))
    assert transcript["text"] == SENTENCE
    assert [word["text"] for word in transcript["words"]] == SENTENCE.split()
    assert {utterance["speaker"] for utterance in transcript["utterances"]} == {"A", "B"}
    assert "Framelane makes films." in read(job.output_key.replace(".json", ".srt"))
    assert read(job.output_key.replace(".json", ".vtt")).startswith("WEBVTT")
    assert service.created[0]["speakers_expected"] == 2
    assert scratch_is_empty()


def test_a_wrong_key_is_the_providers_word(
    alice: Person, tmp_path: Path, service: AssemblyAiServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings, "FRAMELANE_ASSEMBLYAI_API_KEY", "wrong")
    monkeypatch.setattr(settings, "FRAMELANE_JOB_MAX_ATTEMPTS", 1)
    job = run(submitted(alice, tmp_path))
    assert (job.status, job.error_code) == (Status.FAILED, "provider_error")
    assert WRONG_KEY in job.error_message


def test_a_source_without_sound_is_the_customers(alice: Person, tmp_path: Path, service: AssemblyAiServer) -> None:
    url = uploaded(alice, tmp_path, b"not a medium at all")
    job = run(create_task(workspace=alice.workspace, task_type="transcribe", payload={"source_url": url}))
    assert (job.status, job.error_code) == (Status.FAILED, "invalid_source")
    assert url in job.error_message
    assert service.requests == []


def test_cancelling_leaves_nothing_anywhere(alice: Person, tmp_path: Path, service: AssemblyAiServer) -> None:
    service.polls = 1000
    job = submitted(alice, tmp_path)

    def cancel_when_created() -> None:
        while not service.count("ask"):
            service.closing.wait(0.02)
        cancel(job)

    assert run_and_meanwhile(job, cancel_when_created).status == Status.CANCELLED
    # The worker waits for a few seconds at most until the service has deleted it.
    while not service.deleted:
        service.closing.wait(0.02)
    assert service.deleted == ["tr-0"]
    assert [key for key in stored_outputs(alice) if "/uploads/" not in key] == []
    assert scratch_is_empty()
