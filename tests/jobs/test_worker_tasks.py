"""The worker's side of a task: what is stored where, and what becomes of the job at each of its ends."""

import json
from collections.abc import Callable, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from apps.billing.models import UsageRecord
from apps.billing.selectors import usage
from apps.events.models import Event
from apps.jobs.models import Job, Status
from apps.jobs.services.cancel import cancel
from apps.jobs.services.submit import create_task
from apps.jobs.services.sweep import recover_now, sweep
from framelane.lib import clock
from framelane.lib.sandbox import Limits
from framelane.lib.storage import StorageError, get_store
from framelane.lib.storage.local import LocalStore
from gpu_tasks import watch, worker
from gpu_tasks.errors import JobFailed
from gpu_tasks.models.transcription.provider import ProviderSettings
from gpu_tasks.runners.child import Stopped
from gpu_tasks.runners.outcome import Planned
from gpu_tasks.runners.transcribe import Transcribed
from tests.jobs.conftest import reloaded
from tests.jobs.work import run, run_and_meanwhile, scratch_is_empty, stored_outputs, uploaded
from tests.people import Person

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow, pytest.mark.usefixtures("stand_ins")]
FRAME_TASKS = ["super_resolution", "remove_background", "gaze_redirect"]

Submit = Callable[..., Job]


@pytest.fixture
def submit(alice: Person, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Submit:
    """A task of Alice's on an upload; keyword arguments become the upload, which tells the stand-in how to behave."""
    monkeypatch.setattr(settings, "FRAMELANE_ASSEMBLYAI_API_KEY", "secret")

    def call(task_type: str = "super_resolution", options: Mapping[str, Any] | None = None, **wishes: Any) -> Job:
        url = uploaded(alice, tmp_path, json.dumps(wishes).encode())
        return create_task(
            workspace=alice.workspace, task_type=task_type, payload={"source_url": url, **(options or {})}
        )

    return call


def made(person: Person) -> list[str]:
    """What lies in the store besides uploads."""
    return [key for key in stored_outputs(person) if "/uploads/" not in key]


@pytest.mark.parametrize("task_type", FRAME_TASKS)
def test_completes_a_task(alice: Person, submit: Submit, task_type: str) -> None:
    job = run(submit(task_type))
    assert (job.status, job.error_message) == (Status.COMPLETED, "")
    assert job.output_key == f"{alice.workspace.id}/tasks/{job.id}/attempt-1/output.webm"
    assert made(alice) == [job.output_key]
    assert (job.output_width, job.output_height, job.output_duration_s) == (640, 360, 2.5)
    assert [warning["code"] for warning in job.warnings] == ["NO_FACE", "TASK_WARNING"]
    assert Event.objects.filter(type="task.completed").count() == 1
    assert scratch_is_empty()


def test_a_picture_counts_as_a_task_without_length(alice: Person, submit: Submit) -> None:
    job = run(submit(file="output.png"))
    assert (job.status, job.output_duration_s) == (Status.COMPLETED, None)
    record = UsageRecord.objects.get(job_id=job.id)
    assert (record.kind, record.output_s) == ("super_resolution", Decimal(0))
    used = usage(workspace_id=alice.workspace.id, start=job.created_at, end=clock.now())
    assert (used.task_count, used.renders_count, used.output_s) == (1, 0, Decimal(0))


def test_uses_the_output_of_another_task(alice: Person, submit: Submit) -> None:
    first = run(submit())
    url = alice.get(f"/v1/tasks/{first.id}").json()["output"]["url"]
    job = run(create_task(workspace=alice.workspace, task_type="gaze_redirect", payload={"source_url": url}))
    assert job.status == Status.COMPLETED


@pytest.mark.parametrize(
    ("behaviour", "code"),
    [("damaged", "decode_failed"), ("no_face", "invalid_source"), ("no_memory", "out_of_memory")],
)
def test_fails_with_the_code_of_the_cause(alice: Person, submit: Submit, behaviour: str, code: str) -> None:
    job = run(submit(behaviour=behaviour))
    assert (job.status, job.error_code) == (Status.FAILED, code)
    assert made(alice) == []
    assert scratch_is_empty()
    assert not UsageRecord.objects.exists()


def test_names_the_source_that_is_damaged(submit: Submit) -> None:
    job = run(submit(behaviour="damaged"))
    assert job.error_message == f"{job.request['source_url']} is damaged"


def test_tries_again_after_a_crash(submit: Submit) -> None:
    job = run(submit(behaviour="crash"))
    assert (job.status, job.attempt) == (Status.QUEUED, 1)


@pytest.mark.parametrize("task_type", FRAME_TASKS)
def test_stops_when_cancelled(alice: Person, submit: Submit, task_type: str) -> None:
    job = submit(task_type, seconds=60)
    job = run_and_meanwhile(job, lambda: cancel(job))
    assert job.status == Status.CANCELLED
    assert made(alice) == []
    assert scratch_is_empty()


def test_gives_the_task_back_when_told_to_stop(submit: Submit) -> None:
    job = submit(seconds=60)
    job = run_and_meanwhile(job, watch.note_shutdown)
    assert (job.status, job.spent_attempts) == (Status.QUEUED, 0)


def test_tasks_have_a_memory_of_their_own(submit: Submit, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "FRAMELANE_TASK_MEMORY_BYTES", 64 * 1024**2)
    job = run(submit(behaviour="fill_memory"))
    assert (job.status, job.error_code) == (Status.FAILED, "out_of_memory")
    assert "64 MiB" in job.error_message


# --- Transcripts, which are several files ---------------------------------------------------------------------------


class Transcriber:
    """Stands in for the runner of transcriptions, and remembers what it was told."""

    def __init__(self) -> None:
        self.request: Mapping[str, Any] = {}
        self.provider = ProviderSettings()
        self.limits: Limits | None = None
        self.source = b""
        self.before_it_ends: Callable[[], object] = lambda: None

    def __call__(
        self,
        request: Mapping[str, Any],
        source: Path,
        scratch: Path,
        *,
        provider: ProviderSettings,
        report: Callable[[str, int], None],
        should_stop: Callable[[], bool],
        limits: Limits,
        approve: Callable[[Planned], None],
    ) -> Transcribed:
        self.request, self.provider, self.limits, self.source = request, provider, limits, source.read_bytes()
        report("compositing", 50)
        approve(Planned(12.5))
        self.before_it_ends()
        if should_stop():
            raise Stopped
        paths = [scratch / f"transcript{extension}" for extension in (".json", ".srt", ".vtt")]
        for path in paths:
            path.write_text(path.suffix)
        return Transcribed(
            paths[0], paths[1], paths[2], duration_s=12.5, warnings=[{"code": "NO_SPEECH", "message": "x"}]
        )


@pytest.fixture
def transcriber(monkeypatch: pytest.MonkeyPatch) -> Transcriber:
    found = Transcriber()
    monkeypatch.setattr(worker, "transcribe", found)
    return found


def test_stores_the_subtitles_beside_the_transcript(alice: Person, submit: Submit, transcriber: Transcriber) -> None:
    job = run(submit("transcribe"))
    folder = f"{alice.workspace.id}/tasks/{job.id}/attempt-1"
    assert (job.status, job.error_message) == (Status.COMPLETED, "")
    assert job.output_key == f"{folder}/transcript.json"
    assert made(alice) == [f"{folder}/transcript.{extension}" for extension in ("json", "srt", "vtt")]
    assert (job.output_width, job.output_duration_s, job.output_bytes) == (None, 12.5, len(".json"))
    assert [warning["code"] for warning in job.warnings] == ["NO_SPEECH"]
    assert UsageRecord.objects.get().output_s == Decimal("12.5")


def test_the_subtitles_can_be_fetched(alice: Person, submit: Submit, transcriber: Transcriber) -> None:
    job = run(submit("transcribe"))
    subtitles = alice.get(f"/v1/tasks/{job.id}").json()["output"]["subtitles"]
    for extension, kind in (("srt", "application/x-subrip"), ("vtt", "text/vtt")):
        response: Any = alice.client.get("/" + subtitles[extension].split("/", 3)[3])
        assert response.status_code == 200
        assert b"".join(response) == f".{extension}".encode()
        assert response["Content-Type"].startswith(kind)


def test_tells_the_transcriber_everything(submit: Submit, transcriber: Transcriber) -> None:
    run(submit("transcribe", {"language": "de", "speaker_labels": True}, content="speech"))
    assert transcriber.request["language"] == "de"
    assert transcriber.request["speaker_labels"] is True
    assert transcriber.request["speech_model"] == "universal-2"
    assert json.loads(transcriber.source) == {"content": "speech"}
    assert (transcriber.provider.name, transcriber.provider.assemblyai_api_key) == ("assemblyai", "secret")
    assert 0 < transcriber.provider.patience.total_s <= settings.FRAMELANE_JOB_DEADLINE_S
    assert transcriber.limits is not None


def test_a_failing_provider_is_tried_again(submit: Submit, transcriber: Transcriber) -> None:
    def refuse() -> None:
        raise JobFailed("provider_error", "AssemblyAI: no")

    transcriber.before_it_ends = refuse
    job = run(submit("transcribe"))
    assert (job.status, job.attempt) == (Status.QUEUED, 1)
    run(job)
    job = run(job)
    assert (job.status, job.error_code, job.error_message) == (Status.FAILED, "provider_error", "AssemblyAI: no")


def test_a_provider_that_refuses_for_good_is_asked_once(submit: Submit, transcriber: Transcriber) -> None:
    def refuse() -> None:
        raise JobFailed("provider_error", "AssemblyAI answered 401", is_final=True)

    transcriber.before_it_ends = refuse
    job = run(submit("transcribe"))
    assert (job.status, job.attempt, job.error_message) == (Status.FAILED, 1, "AssemblyAI answered 401")


def test_a_source_without_sound_is_named(submit: Submit, transcriber: Transcriber) -> None:
    def refuse() -> None:
        raise JobFailed("invalid_source", "the source has no sound")

    transcriber.before_it_ends = refuse
    job = run(submit("transcribe"))
    assert job.error_message == f"{job.request['source_url']}: the source has no sound"


def test_a_cancelled_transcription_leaves_nothing(alice: Person, submit: Submit, transcriber: Transcriber) -> None:
    job = submit("transcribe")
    transcriber.before_it_ends = lambda: cancel(reloaded(job))
    assert run(job).status == Status.CANCELLED
    assert made(alice) == []


def test_takes_all_files_back_that_came_too_late(alice: Person, submit: Submit, transcriber: Transcriber) -> None:
    job = submit("transcribe")
    transcriber.before_it_ends = lambda: recover_now(reloaded(job))
    assert run(job).status == Status.QUEUED
    assert made(alice) == []


def test_takes_back_what_was_stored_before_the_store_failed(
    alice: Person, submit: Submit, transcriber: Transcriber, monkeypatch: pytest.MonkeyPatch
) -> None:
    put_file = LocalStore.put_file

    def put(self: LocalStore, key: str, path: Path, content_type: str) -> Any:
        if key.endswith(".vtt"):
            raise StorageError("away")
        return put_file(self, key, path, content_type)

    job = submit("transcribe")
    with monkeypatch.context() as patched:
        patched.setattr(LocalStore, "put_file", put)
        assert run(job).status == Status.QUEUED
    assert made(alice) == []


def test_removes_what_earlier_attempts_left_in_the_store(
    alice: Person, submit: Submit, transcriber: Transcriber, tmp_path: Path
) -> None:
    job = submit("transcribe")
    (tmp_path / "left").write_bytes(b"half")
    get_store().put_file(f"{alice.workspace.id}/tasks/{job.id}/attempt-1/transcript.vtt", tmp_path / "left", "text/vtt")
    Job.objects.filter(id=job.id).update(attempt=1)
    assert run(job).output_key.endswith("attempt-2/transcript.json")
    assert all("/attempt-2/" in key for key in made(alice))


def test_everything_is_deleted_when_its_time_is_over(alice: Person, submit: Submit, transcriber: Transcriber) -> None:
    job = run(submit("transcribe"))
    Job.objects.filter(id=job.id).update(output_expires_at=clock.now())
    assert sweep()["expired"] == 1
    assert made(alice) == []
    assert alice.get(f"/v1/tasks/{job.id}").json()["output"]["subtitles"] is None
