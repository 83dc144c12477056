"""Times claims and rate limits on the back end of the environment; prints JSON. Run by `benchmarks.platform`."""

import json
import time
from collections.abc import Callable
from datetime import timedelta
from statistics import quantiles

import django

django.setup()

from django.core.management import call_command  # noqa: E402
from django.db import connection, transaction  # noqa: E402

from apps.jobs.models import Job  # noqa: E402
from apps.jobs.services import fairness  # noqa: E402
from apps.jobs.services.attempts import claim  # noqa: E402
from apps.workspaces.models import Workspace  # noqa: E402
from framelane.api.throttling import guard  # noqa: E402
from framelane.lib import clock, ids  # noqa: E402
from framelane.lib.rate_limit import Limit  # noqa: E402

CLAIMS = 100
HITS = 2000
SCENE = {"duration": 1, "elements": [{"type": "text", "text": "Hello", "duration": 1}]}


def fill(workspaces: int, jobs_each: int, plan: str = "pro") -> str:
    """Queues jobs and nothing else in the database; returns the id of one of them."""
    Job.objects.all().delete()
    Workspace.objects.all().delete()
    owners = Workspace.objects.bulk_create(
        Workspace(name=f"Workspace {number}", email=f"{number}@example.org", plan=plan, verified_at=clock.now())
        for number in range(workspaces)
    )
    jobs = [job_of(owner) for _ in range(jobs_each) for owner in owners]
    Job.objects.bulk_create(jobs, batch_size=1000)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return jobs[0].id


def job_of(owner: Workspace) -> Job:
    return Job(
        id=ids.new_id("render"),
        workspace=owner,
        kind="render",
        request=SCENE,
        queue="render",
        deadline=clock.now() + timedelta(hours=6),
        due_at=clock.now() + timedelta(minutes=10),
        hints=1,
    )


def timed(act: Callable[[], object], times: int) -> dict[str, float]:
    """Milliseconds: one call in twenty took no longer than p5, half of them no longer than p50, and so on."""
    taken_ms = []
    for _ in range(times):
        start_s = time.perf_counter()
        act()
        taken_ms.append((time.perf_counter() - start_s) * 1000)
    cuts = quantiles(taken_ms, n=100)
    return {"p5_ms": cuts[4], "p50_ms": cuts[49], "p95_ms": cuts[94]}


def turn() -> fairness.Turn | None:
    """What a claim does to find its job."""
    with transaction.atomic():
        return fairness.next_turn("render")


def busy(workspaces: int, jobs_each: int) -> dict[str, dict[str, float]]:
    """A queue in which every claim finds a job."""
    hinted, title = fill(workspaces, jobs_each), f"{workspaces:,} workspace{'s'[: workspaces - 1]} × {jobs_each:,} jobs"
    assert turn() is not None
    figures = {
        f"whose turn, {title}": timed(turn, CLAIMS),
        f"whole claim, {title}": timed(lambda: claim(hinted, worker="bench"), CLAIMS),
    }
    assert Job.objects.filter(status="processing").count() == CLAIMS
    return figures


def blocked() -> dict[str, dict[str, float]]:
    """Twenty workspaces wait with 1,000 renders each, and none may start another."""
    hinted = fill(20, 1000, plan="free")
    for _ in range(20):
        assert claim(hinted, worker="bench")
    assert turn() is None
    return {"nobody's turn, 20 free workspaces × 1,000 jobs, each rendering": timed(turn, CLAIMS)}


def main() -> None:
    call_command("migrate", verbosity=0)
    limit = Limit(1_000_000)
    counting = timed(lambda: guard().hit("workspace:bench", limit), HITS)
    figures = {**busy(1, 1000), **busy(20, 1000), **busy(1000, 20), **blocked(), "rate limit, one request": counting}
    print(json.dumps(figures))


if __name__ == "__main__":
    main()
