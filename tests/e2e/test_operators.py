"""What operators read of a platform at work: its metrics agree with its database, its lines say what they belong to,
and Flower shows its workers to the staff alone.
"""

import json
import re
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from threading import Event, Lock
from typing import Any

import httpx
import pytest

from scripts.live import Platform, running_platform
from scripts.processes import free_port, is_listening
from scripts.serve import PROCESSES
from tests.operations.reading import Samples, parsed, value

pytestmark = pytest.mark.once

SCENE = {"width": 64, "height": 36, "duration": 0.5, "elements": [{"type": "text", "text": "x", "duration": 0.5}]}
MISSING = {"id": "none", "type": "image", "source_url": "http://127.0.0.1:1/none.png", "duration": 0.5}
GOOD, BROKEN, CANCELLED = 12, 5, 7
WORKERS = {name.removeprefix("worker-") for name in PROCESSES if name.startswith("worker-")}
PATIENCE_S = 400
ENDED = ("completed", "failed", "cancelled")
TOKEN = "token-of-the-metrics"
PASSWORD = "a-password-of-the-staff"
ROUTES = [
    (re.compile(r"/v1/renders/render_\w+"), "/v1/renders/{render_id}"),
    (re.compile(r"/v1/renders"), "/v1/renders"),
    (re.compile(r"/nowhere.*"), "unmatched"),
]
FACTS = """
import json
from django.db.models import Count, F, Q, Sum
from apps.billing.models import UsageRecord
from apps.events.models import Event
from apps.jobs.models import Job
from apps.mail.models import Mail
from apps.uploads.models import Import
from apps.webhooks.models import Attempt
ended = Job.objects.exclude(completed_at=None)
print(json.dumps({
    "ended": [list(row) for row in ended.values_list("status", "error_code").annotate(n=Count("id"))],
    "open": Job.objects.filter(completed_at=None).count(),
    "attempts": ended.aggregate(n=Sum(F("attempt") - F("released")))["n"],
    "started": ended.exclude(started_at=None).count(),
    "output_s": float(UsageRecord.objects.aggregate(n=Sum("output_s"))["n"]),
    "mails": Mail.objects.filter(sent_at=None, given_up_at=None).count(),
    "mails_sent": Mail.objects.exclude(sent_at=None).count(),
    "events": Event.objects.filter(relayed_at=None).count(),
    "imports": Import.objects.exclude(due_at=None).count(),
    "pending": Attempt.objects.filter(status="pending").count(),
    "tries": dict(Attempt.objects.exclude(status="pending").values_list("status").annotate(n=Count("id"))),
}))
"""


class Caller:
    """Sends requests of a workspace and keeps count of them, as a client sees it."""

    def __init__(self, platform: Platform, key: str) -> None:
        self.counted: Counter[tuple[str, str, str]] = Counter()
        self._counting = Lock()
        self._http = httpx.Client(
            base_url=platform.url, headers={"Authorization": f"Bearer {key}"}, timeout=60, trust_env=False
        )

    def send(self, method: str, path: str, **options: Any) -> httpx.Response:
        response = self._http.request(method, path, **options)
        route = next(name for pattern, name in ROUTES if pattern.fullmatch(path))
        with self._counting:
            self.counted[method, route, str(response.status_code)] += 1
        return response

    def submit(self, scene: dict[str, Any]) -> httpx.Response:
        response = self.send("POST", "/v1/renders", json=scene)
        assert response.status_code == 202, response.text
        return response

    def status(self, job_id: str) -> str:
        return str(self.send("GET", f"/v1/renders/{job_id}").json()["status"])


@pytest.fixture(scope="module")
def watched(live_settings: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Platform]:
    """A platform with Flower, whose lines are JSON and whose metrics ask for a token."""
    settings = {
        **live_settings,
        "FLOWER_PORT": str(free_port()),
        "FRAMELANE_LOG_FORMAT": "json",
        "FRAMELANE_METRICS_TOKEN": TOKEN,
        "FRAMELANE_NET_ALLOW": "127.0.0.0/8",
        "FRAMELANE_INGEST_EXTERNAL": "false",
        "FRAMELANE_RATE_LIMIT_PRO": "100000",
    }
    with running_platform(tmp_path_factory.mktemp("watched"), settings, (*PROCESSES, "flower")) as running:
        yield running


@pytest.fixture(scope="module")
def caller(watched: Platform) -> Caller:
    return Caller(watched, watched.create_workspace("Alice's films", "alice@example.com"))


def scrape(platform: Platform) -> Samples:
    # A connection of its own each time: any of the web's processes may answer.
    headers = {"Authorization": f"Bearer {TOKEN}"}
    response = httpx.get(f"{platform.url}/metrics", headers=headers, timeout=60, trust_env=False)
    assert response.status_code == 200, response.text
    return parsed(response.text)


def lines_of(platform: Platform) -> list[dict[str, Any]]:
    """What the platform has logged as JSON; the rest is what processes print before they log."""
    # What follows the last line's end is still being written.
    written = platform.log.read_text("utf-8", "replace").rpartition("\n")[0]
    texts = [line.partition("| ")[2] for line in written.split("\n")]
    return [json.loads(text) for text in texts if text.startswith('{"time"')]


def test_lines_say_what_they_belong_to(watched: Platform, caller: Caller) -> None:
    submitted = caller.submit(SCENE)
    job_id = submitted.json()["id"]
    _until_ended(caller, [job_id])
    request_id = submitted.headers["X-Request-Id"]
    (begun,) = [line for line in lines_of(watched) if line.get("job") == job_id and "begins" in line["message"]]
    assert begun["worker"].startswith("cpu@")
    told = {name: begun[name] for name in ("attempt", "queue", "task", "request_id")}
    assert told == {
        "attempt": "1",
        "queue": "render",
        "task": "gpu_tasks.worker.run_job",
        "request_id": request_id,
    }
    (answered,) = [line for line in lines_of(watched) if line["request_id"] == request_id and "duration_ms" in line]
    assert (answered["method"], answered["route"], answered["status"]) == ("POST", "/v1/renders", 202)
    assert answered["workspace"] == begun["workspace"]


def test_metrics_under_load_agree_with_the_database(watched: Platform, caller: Caller) -> None:
    counted_before, before = Counter(caller.counted), scrape(watched)
    with watching(watched) as falls:
        _load(caller)
    assert falls == []
    requests = caller.counted - counted_before
    facts = _settled(watched)
    after = scrape(watched)
    assert _grown(before, after) == dict(requests)
    assert facts["open"] == 0
    # What was loaded, and the one render of the test before.
    assert sum(count for _, _, count in facts["ended"]) == GOOD + BROKEN + CANCELLED + 1
    _agree(after, facts)
    assert sum(found for (name, _), found in after.items() if name == "framelane_jobs") == 0
    for queue in ("render", "io", "webhooks", "ingest"):
        assert value(after, "framelane_queue_workers", queue=queue) == 1
    up = [dict(labels)["worker"] for (name, labels), found in after.items() if name == "framelane_worker_up" and found]
    assert sorted(name.partition("@")[0] for name in up) == sorted([*WORKERS, "beat"])


def test_flower_shows_the_workers_and_refuses_strangers(watched: Platform) -> None:
    port = watched.env["FLOWER_PORT"]
    _until_flower_listens(int(port))
    with httpx.Client(base_url=watched.url, timeout=40, trust_env=False) as stranger:
        sent_away = stranger.get("/flower/")
        assert (sent_away.status_code, sent_away.headers["Location"]) == (302, "/admin/login/?next=/flower/")
    with httpx.Client(base_url=f"http://127.0.0.1:{port}/flower", timeout=40, trust_env=False) as stranger:
        refused = {path: stranger.get(path).status_code for path in ("/", "/api/workers", "/tasks", "/metrics")}
        assert refused == {"/": 401, "/api/workers": 401, "/tasks": 401, "/metrics": 404}
        assert stranger.get("/", auth=("framelane", "guessed")).status_code == 401
    with closing(_signed_in(watched)) as staff:
        assert "Flower" in staff.get("/flower/").text
        names = _names_of_workers(staff)
        assert {name.partition("@")[0] for name in names} == WORKERS
        foreign = staff.post(f"/flower/api/worker/shutdown/{min(names)}", headers={"Origin": "https://evil.example"})
        assert foreign.status_code == 403
        assert len(_names_of_workers(staff)) == len(WORKERS)


# --- Load -----------------------------------------------------------------------------------------------------------


def _load(caller: Caller) -> None:
    """Renders that succeed, fail and are cancelled, and requests that come to nothing."""
    with ThreadPoolExecutor(6) as pool:
        broken = list(pool.map(lambda _: caller.submit({**SCENE, "elements": [MISSING]}), range(BROKEN)))
        good = list(pool.map(lambda _: caller.submit(SCENE), range(GOOD)))
        # At the end of the queue, where no worker has come yet.
        unwanted = [caller.submit(SCENE).json()["id"] for _ in range(CANCELLED)]
        for job_id in reversed(unwanted):
            assert caller.send("DELETE", f"/v1/renders/{job_id}").status_code == 200
        for number in range(4):
            assert caller.send("GET", f"/nowhere/{number}").status_code == 404
            assert caller.send("POST", "/v1/renders", json={"duration": -1}).status_code == 422
    _until_ended(caller, [response.json()["id"] for response in (*broken, *good)] + unwanted)


def _until_ended(caller: Caller, job_ids: list[str]) -> None:
    deadline, waiting = time.monotonic() + PATIENCE_S, set(job_ids)
    while waiting:
        waiting = {job_id for job_id in waiting if caller.status(job_id) not in ENDED}
        assert time.monotonic() < deadline, waiting
        time.sleep(1)


@contextmanager
def watching(platform: Platform) -> Iterator[list[Any]]:
    """Reads the metrics all the while; what of the counters was ever seen to fall."""
    over, falls = Event(), list[Any]()

    def watch() -> None:
        highest: Samples = {}
        while not over.wait(0.3):
            for key, now in scrape(platform).items():
                if key[0].endswith(("_total", "_bucket", "_count")):
                    if now < highest.get(key, 0):
                        falls.append((key, highest[key], now))
                    highest[key] = now

    with ThreadPoolExecutor(1) as pool:
        watcher = pool.submit(watch)
        try:
            yield falls
        finally:
            over.set()
        watcher.result()


# --- Agreement ------------------------------------------------------------------------------------------------------


def _grown(before: Samples, after: Samples) -> dict[tuple[str, str, str], int]:
    """By how much the counters of requests have grown; but for those of scrapes."""
    found = {}
    for (name, labels), now in after.items():
        of = dict(labels)
        if name == "framelane_http_requests_total" and of["route"] != "/metrics":
            found[of["method"], of["route"], of["status"]] = int(now - before.get((name, labels), 0))
    return {key: count for key, count in found.items() if count}


def _settled(platform: Platform) -> dict[str, Any]:
    """The state of the database once nothing waits any more."""
    deadline = time.monotonic() + PATIENCE_S
    while True:
        facts: dict[str, Any] = json.loads(platform.manage("shell", "-v", "0", "-c", FACTS).splitlines()[-1])
        if not (facts["events"] or facts["mails"] or facts["pending"]):
            return facts
        assert time.monotonic() < deadline, facts


def _agree(told: Samples, facts: dict[str, Any]) -> None:
    ended = {
        (of["outcome"], of["code"]): int(found)
        for (name, labels), found in told.items()
        if name == "framelane_jobs_ended_total" and found and (of := dict(labels))["kind"] == "render"
    }
    assert ended == {(status, code): count for status, code, count in facts["ended"]}
    assert {status for status, _, _ in facts["ended"]} == set(ENDED)
    completed = sum(count for status, _, count in facts["ended"] if status == "completed")
    assert value(told, "framelane_job_attempts_total", kind="render") == facts["attempts"]
    assert value(told, "framelane_job_wait_seconds_count", kind="render") == facts["started"]
    assert value(told, "framelane_job_processing_seconds_count", kind="render") == completed
    assert value(told, "framelane_output_seconds_total", kind="render") == pytest.approx(facts["output_s"])
    assert value(told, "framelane_mails_total", outcome="sent") == facts["mails_sent"]
    for outcome in ("succeeded", "failed", "dead"):
        assert value(told, "framelane_webhook_attempts_total", outcome=outcome) == facts["tries"].get(outcome, 0)
    for name, waiting in (("mails", "mails"), ("events", "events"), ("imports", "imports")):
        assert value(told, f"framelane_{name}_waiting") == facts[waiting]


# --- Flower ---------------------------------------------------------------------------------------------------------


def _until_flower_listens(port: int) -> None:
    """The platform is ready before it: Flower is not what it needs."""
    deadline = time.monotonic() + PATIENCE_S
    while not is_listening("127.0.0.1", port):
        assert time.monotonic() < deadline, port
        time.sleep(0.2)


def _signed_in(platform: Platform) -> httpx.Client:
    """A session of the staff, by the form."""
    code = f"from django.contrib.auth.models import User; User.objects.create_superuser('root', '', {PASSWORD!r})"
    platform.manage("shell", "-v", "0", "-c", code)
    staff = httpx.Client(base_url=platform.url, timeout=40, trust_env=False)
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', staff.get("/admin/login/").text)
    assert token
    form = {"username": "root", "password": PASSWORD, "csrfmiddlewaretoken": token[1], "next": "/flower/"}
    answer = staff.post("/admin/login/", data=form, headers={"Origin": platform.url})
    assert (answer.status_code, answer.headers.get("Location")) == (302, "/flower/"), answer.text[:500]
    return staff


def _names_of_workers(staff: httpx.Client) -> set[str]:
    """Those that Flower has heard of; it takes a while until all have told of themselves."""
    deadline = time.monotonic() + PATIENCE_S
    while True:
        names = {row["hostname"] for row in staff.get("/flower/workers", params={"json": "1"}).json()["data"]}
        if len(names) == len(WORKERS) or time.monotonic() > deadline:
            return names
        time.sleep(1)
