"""/metrics tells what the database holds, to those who may know."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from unittest.mock import patch

import pytest
from django.db import OperationalError
from rest_framework.test import APIClient

from apps.jobs.models import Job
from apps.jobs.services import attempts
from apps.jobs.services.attempts import Output
from apps.jobs.services.cancel import cancel
from apps.jobs.services.sweep import sweep
from apps.mail.models import Mail
from apps.operations.metrics.view import exposition
from apps.workspaces.models import Workspace
from framelane.lib import clock
from tests.operations.reading import parsed, scrape, value
from tests.people import Person

pytestmark = pytest.mark.django_db

Render = Callable[[], Job]
TOKEN = "a-token-of-some-length"
MOST_QUERIES = 12


def test_open_jobs_are_counted_by_status_stage_and_queue(anonymous: APIClient, render: Render) -> None:
    for _ in range(3):
        render()
    held = attempts.claim(render().id, worker="cpu@host")
    assert held is not None
    attempts.report(held, percent=10, stage="compositing")
    samples = scrape(anonymous)
    assert value(samples, "framelane_jobs", kind="render", status="queued") == 3
    assert value(samples, "framelane_jobs", kind="render", status="processing") == 1
    assert value(samples, "framelane_jobs_by_stage", kind="render", stage="compositing") == 1
    assert value(samples, "framelane_queue_jobs", queue="render", state="ready") == 3
    assert value(samples, "framelane_queue_jobs", queue="task.gaze", state="ready") == 0


def test_the_age_of_a_queue_is_that_of_its_oldest_ready_job(anonymous: APIClient, render: Render) -> None:
    old, held = render(), render()
    now = clock.now()
    Job.objects.filter(id=old.id).update(updated_at=now - timedelta(minutes=5))
    Job.objects.filter(id=held.id).update(updated_at=now - timedelta(hours=5), held=True)
    samples = scrape(anonymous)
    assert 300 <= value(samples, "framelane_queue_oldest_seconds", queue="render") < 330
    assert value(samples, "framelane_queue_jobs", queue="render", state="held") == 1


def test_ended_jobs_are_counted_by_outcome_and_code(anonymous: APIClient, render: Render) -> None:
    before = scrape(anonymous)
    _complete(render(), duration_s=8.0)
    _fail(render(), "decode_failed")
    cancel(render())
    after = scrape(anonymous)
    for outcome, code in (("completed", ""), ("failed", "decode_failed"), ("cancelled", "")):
        labels = {"kind": "render", "outcome": outcome, "code": code}
        counted = value(after, "framelane_jobs_ended_total", **labels)
        assert counted - value(before, "framelane_jobs_ended_total", **labels) == 1
    assert value(after, "framelane_job_attempts_total", kind="render") == 2
    assert value(after, "framelane_output_seconds_total", kind="render") == 8
    assert value(after, "framelane_job_processing_seconds_count", kind="render") == 1
    assert value(after, "framelane_job_wait_seconds_count", kind="render") == 2


def test_speed_is_output_by_work(anonymous: APIClient, render: Render) -> None:
    job = render()
    held = attempts.claim(job.id, worker="cpu@host")
    assert held is not None
    began = clock.now() - timedelta(seconds=200)
    Job.objects.filter(id=job.id).update(stages=[{"stage": "downloading", "at": began.isoformat()}])
    assert attempts.complete(held, Output(key="x/y/z", size_bytes=1, duration_s=600.0))
    samples = scrape(anonymous)
    # A little less than three, by as long as the test takes.
    assert 2 < value(samples, "framelane_job_speed_ratio_sum", kind="render") <= 3
    buckets = [value(samples, "framelane_job_speed_ratio_bucket", kind="render", le=le) for le in ("2", "4", "+Inf")]
    assert buckets == [0, 1, 1]


def test_counters_outlive_the_workspace(anonymous: APIClient, alice: Person, render: Render) -> None:
    _complete(render(), duration_s=8.0)
    before = value(scrape(anonymous), "framelane_jobs_ended_total", kind="render", outcome="completed", code="")
    Workspace.objects.filter(id=alice.workspace.id).delete()
    assert not Job.objects.exists()
    after = value(scrape(anonymous), "framelane_jobs_ended_total", kind="render", outcome="completed", code="")
    assert before == after == 1


def test_lost_workers_are_counted(anonymous: APIClient, render: Render) -> None:
    job = render()
    assert attempts.claim(job.id, worker="cpu@host") is not None
    Job.objects.filter(id=job.id).update(lease_until=clock.now() - timedelta(seconds=1))
    sweep()
    assert value(scrape(anonymous), "framelane_job_lease_expiries_total", kind="render") == 1
    sweep()
    assert value(scrape(anonymous), "framelane_job_lease_expiries_total", kind="render") == 1


def test_what_waits_and_how_long(anonymous: APIClient) -> None:
    Mail.objects.create(to="a@example.org", template="code", created_at=clock.now() - timedelta(minutes=10))
    Mail.objects.create(to="b@example.org", template="code", sent_at=clock.now())
    samples = scrape(anonymous)
    assert value(samples, "framelane_mails_waiting") == 1
    assert 600 <= value(samples, "framelane_mails_late_seconds") < 630
    assert value(samples, "framelane_imports_waiting") == 0
    assert value(samples, "framelane_imports_late_seconds") == 0


def test_a_scrape_takes_few_queries(render: Render, django_assert_max_num_queries: Any) -> None:
    for _ in range(20):
        render()
    with django_assert_max_num_queries(MOST_QUERIES):
        exposition()


def test_without_a_database_it_says_so_and_still_counts_requests(anonymous: APIClient) -> None:
    with patch("apps.operations.metrics.collector.sums", side_effect=OperationalError):
        samples = scrape(anonymous)
    assert value(samples, "framelane_database_up") == 0
    assert "framelane_jobs" not in {name for name, _ in samples}
    assert value(scrape(anonymous), "framelane_http_requests_total", method="GET", route="/metrics", status="200") >= 1


def test_the_text_is_that_of_prometheus(anonymous: APIClient) -> None:
    response = anonymous.get("/metrics")
    assert response["Content-Type"].startswith("text/plain; version=0.0.4")
    assert response["Cache-Control"] == "no-store"
    samples = parsed(response.content.decode())
    assert value(samples, "framelane_database_up") == 1


# --- Who may read it ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("header", ["", f"Bearer {TOKEN}x", f"Basic {TOKEN}", "Bearer", "Bearer ä", TOKEN])
def test_a_token_is_asked_for_where_one_is_set(anonymous: APIClient, settings: Any, header: str) -> None:
    settings.FRAMELANE_METRICS_TOKEN = TOKEN
    refused = anonymous.get("/metrics", HTTP_AUTHORIZATION=header)
    assert refused.status_code == 401
    assert refused.json()["error"]["code"] == "unauthorized"
    assert "framelane_" not in refused.content.decode()


@pytest.mark.parametrize("is_production", [False, True])
def test_whoever_has_the_token_may_read_from_anywhere(anonymous: APIClient, settings: Any, is_production: bool) -> None:
    settings.FRAMELANE_METRICS_TOKEN, settings.IS_PRODUCTION = TOKEN, is_production
    answer = anonymous.get("/metrics", HTTP_AUTHORIZATION=f"Bearer {TOKEN}", REMOTE_ADDR="203.0.113.9")
    assert answer.status_code == 200


@pytest.mark.parametrize(
    "extra",
    [
        {"REMOTE_ADDR": "203.0.113.9"},
        {"HTTP_X_FORWARDED_FOR": "127.0.0.1"},
        {"HTTP_FORWARDED": "for=127.0.0.1"},
        {"HTTP_VIA": "1.1 proxy"},
        {"HTTP_X_REAL_IP": "127.0.0.1"},
    ],
)
def test_without_a_token_only_this_machine_may_read(anonymous: APIClient, extra: dict[str, str]) -> None:
    assert anonymous.get("/metrics", REMOTE_ADDR="127.0.0.1").status_code == 200
    assert anonymous.get("/metrics", **extra).status_code == 404


def test_without_a_token_nobody_may_read_in_production(anonymous: APIClient, settings: Any) -> None:
    settings.IS_PRODUCTION = True
    hidden, nowhere = anonymous.get("/metrics"), anonymous.get("/metric")
    assert (hidden.status_code, hidden.json()["error"]["code"]) == (404, nowhere.json()["error"]["code"])


def test_nothing_but_reading(anonymous: APIClient) -> None:
    assert anonymous.post("/metrics").status_code == 405


def _complete(job: Job, *, duration_s: float) -> None:
    held = attempts.claim(job.id, worker="cpu@host")
    assert held is not None
    assert attempts.complete(held, Output(key="x/y/z", size_bytes=1, duration_s=duration_s))


def _fail(job: Job, code: str) -> None:
    held = attempts.claim(job.id, worker="cpu@host")
    assert held is not None
    assert attempts.fail(held, code=code, message="It cannot be read.") is not None
