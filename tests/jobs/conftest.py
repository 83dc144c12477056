"""Renders in every state, messages that are kept instead of sent, and a worker whose children are stand-ins."""

import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from celery import current_app
from django.conf import settings

from apps.jobs.models import Job
from apps.jobs.services.attempts import Claim, Output, claim
from apps.jobs.services.submit import create_render
from gpu_tasks import watch, worker
from gpu_tasks.runners import foreign
from tests.people import Person
from tests.windows import not_at_a_months_end

TESTS = Path(__file__).parents[1]

SCENE: dict[str, Any] = {
    "duration": 2,
    "elements": [{"type": "text", "text": "Hello", "duration": 2}],
    "metadata": {"project_id": "proj_123"},
}


class Broker:
    """Collects what would have been sent."""

    def __init__(self) -> None:
        self.sent: list[tuple[str, tuple[Any, ...], str]] = []

    def hints(self) -> list[str]:
        """Ids of the jobs that were hinted at, since the last call."""
        hints = [args[0] for task, args, _ in self.sent if task == "gpu_tasks.worker.run_job"]
        self.sent.clear()
        return hints


@pytest.fixture(autouse=True)
def broker(monkeypatch: pytest.MonkeyPatch) -> Broker:
    kept = Broker()

    def send_task(name: str, args: tuple[Any, ...] = (), queue: str = "", **_: Any) -> None:
        kept.sent.append((name, tuple(args), queue))

    monkeypatch.setattr(current_app, "send_task", send_task)
    return kept


@pytest.fixture(autouse=True)
def direct_sources(monkeypatch: pytest.MonkeyPatch) -> None:
    """Foreign sources are read where they are, unless a request says otherwise."""
    monkeypatch.setattr(settings, "FRAMELANE_INGEST_EXTERNAL", False)


@pytest.fixture
def within_a_month() -> None:
    """What is used and what is left of the plan are of the same month."""
    not_at_a_months_end()


Submit = Callable[..., Job]


@pytest.fixture
def submit(alice: Person, django_capture_on_commit_callbacks: Any) -> Submit:
    """Creates a render of Alice, or of whoever is given, and sends its hint."""

    def call(person: Person = alice, **fields: Any) -> Job:
        with django_capture_on_commit_callbacks(execute=True):
            return create_render(workspace=person.workspace, payload={**SCENE, **fields})

    return call


def claimed(job: Job, worker: str = "worker-1") -> Claim:
    """A claim that must succeed, of a job that is due and whose turn it is."""
    set_free(job)
    held = claim(job.id, worker=worker)
    assert held is not None
    assert held.job_id == job.id
    return held


def set_free(job: Job) -> None:
    """What the sweeper does when a job that was set aside is due."""
    Job.objects.filter(id=job.id).update(held=False)


def output_of(held: Claim, **changes: Any) -> Output:
    key = f"{held.workspace_id}/renders/{held.job_id}/attempt-{held.attempt}/output.mp4"
    return Output(**{"key": key, "size_bytes": 1000, "width": 1280, "height": 720, "duration_s": 2.0, **changes})


def reloaded(job: Job) -> Job:
    return Job.objects.get(id=job.id)


@pytest.fixture
def stand_ins(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[None]:
    """A worker in this process, whose children are stand-ins. A shutdown lasts for one test."""
    monkeypatch.setattr(worker, "ENGINE", [sys.executable, str(TESTS / "stand_in_engine.py")])
    monkeypatch.setattr(worker, "TASK", [sys.executable, str(TESTS / "stand_in_task_child.py")])
    monkeypatch.setattr(watch, "WATCH_INTERVAL_S", 0.05)
    monkeypatch.setattr(foreign, "RETRY_PAUSES_S", (0.0, 0.0))
    monkeypatch.setattr(settings, "FRAMELANE_SCRATCH", tmp_path / "scratch")
    monkeypatch.setattr(settings, "FRAMELANE_NET_ALLOW", ["127.0.0.0/8"])
    yield
    watch._shutdown[0] = 0
