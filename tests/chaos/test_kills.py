"""Whatever is killed, every job ends, and no job ends twice."""

import os
import signal
from pathlib import Path
from typing import Any

import httpx
import pytest
import redis

from apps.billing.models import UsageRecord
from apps.events.models import Event
from apps.jobs.models import TERMINAL, Job, Status
from apps.jobs.services.cancel import cancel
from apps.jobs.services.submit import create_render
from framelane.lib.storage import get_store
from tests.chaos.cluster import Cluster, wait_until
from tests.killing import kill_all
from tests.people import Person, make_person

TEXT = {"type": "text", "text": "Hello", "duration": 1}


def submit(person: Person, seconds: float = 0.5) -> Job:
    payload = {"elements": [TEXT], "metadata": {"seconds": str(seconds)}}
    return create_render(workspace=person.workspace, payload=payload)


def wait_for_progress(cluster: Cluster, job: Job) -> None:
    at_work = Job.objects.filter(id=job.id, status=Status.PROCESSING, progress_percent__gt=0)
    wait_until(at_work.exists, "the job makes progress", cluster.log)


def wait_for_end(cluster: Cluster, *jobs: Job) -> list[Job]:
    ended = Job.objects.filter(id__in=[job.id for job in jobs], status__in=TERMINAL)
    wait_until(lambda: ended.count() == len(jobs), "every job ends", cluster.log)
    return list(ended.order_by("created_at"))


def assert_completed_once(cluster: Cluster, job: Job) -> None:
    job.refresh_from_db()
    assert (job.status, job.error_message) == (Status.COMPLETED, ""), cluster.log()
    outputs = [key for key in get_store().list(f"{job.workspace_id}/") if job.id in key]
    assert outputs == [job.output_key]
    assert UsageRecord.objects.filter(job_id=job.id).count() == 1
    ends = Event.objects.filter(type="render.completed", data__job__id=job.id)
    assert ends.count() == 1


def scratch_of(cluster: Cluster, job: Job) -> Path:
    return cluster.home / "scratch" / job.id


def test_a_job_survives_the_kill_of_its_worker(cluster: Cluster, alice: Person) -> None:
    job = submit(alice, seconds=4)
    cluster.start_clock()
    first = cluster.start_worker("first")
    wait_for_progress(cluster, job)
    cluster.kill(first)
    wait_until(lambda: not cluster.engines(), "the engine dies with its worker", cluster.log)

    cluster.start_worker("second")
    wait_for_end(cluster, job)
    assert_completed_once(cluster, job)
    assert (job.attempt, job.worker_deaths) == (2, 1)
    wait_until(lambda: not scratch_of(cluster, job).exists(), "the scratch folder is freed", cluster.log)


def test_a_real_film_survives_the_kill_of_its_worker(cluster: Cluster, alice: Person) -> None:
    motion = {"type": "zoom_in", "time": 0, "duration": 10}
    text = {**TEXT, "duration": 10, "font_size": 90, "motion": [motion]}
    payload = {"elements": [text], "width": 1280, "height": 720}
    job = create_render(workspace=alice.workspace, payload=payload)
    cluster.start_clock()
    first = cluster.start_worker("first", include="gpu_tasks.worker")
    wait_until(cluster.engines, "the engine begins", cluster.log)
    cluster.kill(first)
    wait_until(lambda: not cluster.engines(), "the engine dies with its worker", cluster.log)

    cluster.start_worker("second", include="gpu_tasks.worker")
    wait_for_end(cluster, job)
    assert_completed_once(cluster, job)
    assert (job.attempt, job.output_width, job.output_height, job.output_duration_s) == (2, 1280, 720, 10.0)


def test_a_job_survives_the_kill_of_the_process_that_runs_it(cluster: Cluster, alice: Person) -> None:
    job = submit(alice, seconds=4)
    cluster.start_clock()
    worker = cluster.start_worker("only")
    wait_for_progress(cluster, job)
    kill_all(cluster.pool_processes(worker))
    wait_for_end(cluster, job)
    assert_completed_once(cluster, job)
    assert worker.poll() is None
    assert (job.attempt, job.worker_deaths) == (2, 1)


def test_a_job_survives_the_kill_of_its_engine(cluster: Cluster, alice: Person) -> None:
    job = submit(alice, seconds=4)
    cluster.start_clock()
    cluster.start_worker("only")
    wait_for_progress(cluster, job)
    kill_all(cluster.engines())
    wait_for_end(cluster, job)
    assert_completed_once(cluster, job)
    assert (job.attempt, job.worker_deaths) == (2, 0)


@pytest.mark.parametrize("whole_group", [False, True], ids=["worker alone", "whole process group"])
def test_a_deployment_costs_no_attempt(cluster: Cluster, alice: Person, whole_group: bool) -> None:
    job = submit(alice, seconds=30)
    cluster.start_clock()
    first = cluster.start_worker("first")
    wait_for_progress(cluster, job)
    if whole_group:
        os.killpg(first.pid, signal.SIGTERM)
    else:
        first.terminate()
    wait_until(lambda: first.poll() is not None, "the worker ends", cluster.log)
    job.refresh_from_db()
    assert (job.status, job.spent_attempts, job.worker_deaths) == (Status.QUEUED, 0, 0), cluster.log()
    assert not scratch_of(cluster, job).exists()

    Job.objects.filter(id=job.id).update(request={**job.request, "metadata": {}})
    cluster.start_worker("second")
    wait_for_end(cluster, job)
    assert_completed_once(cluster, job)


def test_every_job_ends_although_the_broker_loses_its_queue(cluster: Cluster, alice: Person) -> None:
    cluster.start_clock()
    worker = cluster.start_worker("only")
    jobs = [submit(alice, seconds=4) for _ in range(3)]
    wait_for_progress(cluster, jobs[0])
    lose_queue(cluster)
    jobs += [submit(alice) for _ in range(2)]
    for job in wait_for_end(cluster, *jobs):
        assert_completed_once(cluster, job)
    assert worker.poll() is None


def lose_queue(cluster: Cluster) -> None:
    """Everything that the broker holds is gone, its folders included."""
    if url := cluster.env["CELERY_BROKER_URL"]:
        with redis.Redis.from_url(url) as client:
            client.flushdb()
    else:
        # At one stroke: file by file, it would meet workers that take and leave messages meanwhile.
        (cluster.home / "broker").rename(cluster.home / "lost")


def test_a_cancelled_job_stops_and_leaves_nothing(cluster: Cluster, alice: Person) -> None:
    job = submit(alice, seconds=120)
    cluster.start_clock()
    cluster.start_worker("only")
    wait_for_progress(cluster, job)
    assert cluster.engines()
    cancel(job)
    wait_for_end(cluster, job)
    job.refresh_from_db()
    assert job.status == Status.CANCELLED
    assert not cluster.engines()
    assert not scratch_of(cluster, job).exists()
    assert not list(get_store().list(f"{job.workspace_id}/"))
    assert not UsageRecord.objects.exists()


def test_a_job_survives_the_kill_of_the_web_right_after_its_answer(cluster: Cluster, alice: Person) -> None:
    job = Job.objects.get(id=post_and_kill(cluster, alice, "/v1/renders", {"elements": [TEXT]})["id"])
    cluster.start_clock()
    cluster.start_worker("only")
    wait_for_end(cluster, job)
    assert_completed_once(cluster, job)


def post_and_kill(cluster: Cluster, person: Person, path: str, body: dict[str, Any]) -> dict[str, Any]:
    """What a web server answers that is killed right then."""
    web, url = cluster.start_web()
    headers = {"Authorization": f"Bearer {person.secret}"}
    answer = httpx.post(f"{url}{path}", json=body, headers=headers, timeout=120, trust_env=False)
    cluster.kill(web)
    assert answer.status_code == 202, answer.text
    return dict(answer.json())


def test_turns_go_on_after_the_kill_of_the_worker_that_had_one(cluster: Cluster, alice: Person) -> None:
    """Who may render one film at a time is not locked out by one whose worker is gone."""
    bob = make_person("Bob", plan="free")
    jobs = [submit(bob, seconds=4), submit(bob), submit(alice)]
    cluster.start_clock()
    first = cluster.start_worker("first")
    wait_for_progress(cluster, jobs[0])
    cluster.kill(first)
    cluster.start_worker("second")
    ended = wait_for_end(cluster, *jobs)
    for job in ended:
        assert_completed_once(cluster, job)
    assert [job.worker_deaths for job in ended] == [1, 0, 0]
