"""Jobs with foreign sources: the sources are copied first, then the job enters its queue."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from pytest_django import Settings

from apps.events.models import Event
from apps.events.services import relay_due
from apps.jobs.models import Job, Status
from apps.jobs.selectors import asset_of_source
from apps.jobs.services.attempts import claim
from apps.jobs.services.cancel import cancel
from apps.jobs.services.submit import create_render, create_task
from apps.jobs.services.sweep import sweep
from apps.uploads.imports import fetching
from apps.uploads.imports.fetching import fetch_import
from apps.uploads.imports.lifecycle import begin
from apps.uploads.models import Asset, CopyUse, Import
from framelane.lib import clock
from framelane.lib.storage import get_links, get_store
from gpu_tasks import artifacts
from gpu_tasks.timeline.sources import SourceInfo
from tests.jobs.conftest import Broker, claimed, reloaded
from tests.people import Person
from tests.uploads.files import mp4_like
from tests.web_site import Site, web_site

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def copying(
    direct_sources: None, settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[None]:
    """The installation copies foreign sources, from the loopback too, and takes every file for a video of 2 s."""

    def run_probe(path: Path, folder: Path) -> SourceInfo:
        return SourceInfo("video", "mp4", "video/mp4", path.stat().st_size, 640, 480, duration_s=Fraction(2))

    settings.FRAMELANE_INGEST_EXTERNAL = True
    settings.FRAMELANE_NET_ALLOW = ["127.0.0.0/8"]
    settings.STORAGE_URL = (tmp_path / "store").as_uri()
    settings.FRAMELANE_SCRATCH = tmp_path / "scratch"
    settings.FRAMELANE_SCRATCH.mkdir()
    monkeypatch.setattr(fetching, "run_probe", run_probe)
    return


@pytest.fixture
def site() -> Iterator[Site]:
    with web_site() as running:
        for number in (1, 2):
            running.put(f"/{number}.mp4", mp4_like(1000 + number))
        yield running


Work = Callable[[], list[str]]


@pytest.fixture
def work(broker: Broker, django_capture_on_commit_callbacks: Any) -> Work:
    """Fetch what is due, and hand the news on; the ids of the jobs that were hinted at."""

    def run() -> list[str]:
        with django_capture_on_commit_callbacks(execute=True):
            for import_id in list(Import.objects.filter(status="fetching").values_list("id", flat=True)):
                fetch_import(import_id=import_id)
        with django_capture_on_commit_callbacks(execute=True):
            relay_due()
        return broker.hints()

    return run


def render(person: Person, *urls: str, **fields: Any) -> Job:
    elements = [{"type": "video", "source_url": url} for url in urls]
    return create_render(workspace=person.workspace, payload={"elements": elements, **fields})


def moments(job: Job) -> list[str]:
    return [event.type for event in Event.objects.filter(type__startswith=f"{job.kind}.").order_by("created_at", "id")]


def test_a_job_is_queued_when_its_sources_have_come(alice: Person, site: Site, broker: Broker, work: Work) -> None:
    urls = [f"{site.url}/1.mp4", f"{site.url}/2.mp4"]
    job = render(alice, *urls)
    assert (job.status, job.copies, broker.hints(), moments(job)) == ("ingesting", {}, [], [])
    assert work() == [job.id]
    job = reloaded(job)
    assert (job.status, set(job.copies), moments(job)) == ("queued", set(urls), ["render.queued"])
    for url in urls:
        asset = asset_of_source(job, url)
        assert asset is not None
        assert (asset.source, asset.duration, asset.last_used_at is not None) == (url, 2.0, True)
    assert not CopyUse.objects.exists()
    assert work() == []
    assert moments(job) == ["render.queued"]


def test_its_sources_are_fetched_one_by_one_and_it_waits_for_the_last(alice: Person, site: Site, work: Work) -> None:
    job = render(alice, f"{site.url}/1.mp4", f"{site.url}/2.mp4")
    fetch_import(import_id=Import.objects.get(url=f"{site.url}/1.mp4").id)
    relay_due()
    assert reloaded(job).status == "ingesting"
    assert work() == [job.id]


def test_the_worker_reads_the_copies(alice: Person, site: Site, work: Work, tmp_path: Path) -> None:
    url = f"{site.url}/1.mp4"
    job = render(alice, url)
    work()
    site.pages.clear()
    artifacts.fetch(claimed(job), lambda: False, url, tmp_path / "source")
    assert (tmp_path / "source").read_bytes() == mp4_like(1001)


def test_a_copy_that_was_deleted_since_is_read_where_it_came_from(
    alice: Person, site: Site, work: Work, tmp_path: Path
) -> None:
    url = f"{site.url}/1.mp4"
    job = render(alice, url)
    work()
    Asset.objects.get().delete()
    artifacts.fetch(claimed(job), lambda: False, url, tmp_path / "source")
    assert (tmp_path / "source").read_bytes() == mp4_like(1001)
    assert len(site.asked) == 2


@pytest.mark.parametrize(
    ("installation", "wish", "status"),
    [
        (True, None, "ingesting"),
        (True, True, "ingesting"),
        (True, False, "queued"),
        (False, None, "queued"),
        (False, True, "ingesting"),
        (False, False, "queued"),
    ],
)
def test_a_request_decides_before_the_installation(
    alice: Person, site: Site, settings: Settings, installation: bool, wish: bool | None, status: str
) -> None:
    settings.FRAMELANE_INGEST_EXTERNAL = installation
    job = render(alice, f"{site.url}/1.mp4", ingest_external=wish)
    assert (job.status, moments(job)) == (status, [] if status == "ingesting" else ["render.queued"])
    assert Import.objects.exists() == (status == "ingesting")


def test_tasks_follow_the_installation(alice: Person, site: Site, settings: Settings, work: Work) -> None:
    def task() -> Job:
        body = {"source_url": f"{site.url}/1.mp4"}
        return create_task(workspace=alice.workspace, task_type="super_resolution", payload=body)

    job = task()
    assert job.status == "ingesting"
    assert work() == [job.id]
    assert (reloaded(job).status, moments(job)) == ("queued", ["task.queued"])
    settings.FRAMELANE_INGEST_EXTERNAL = False
    assert task().status == "queued"


def test_what_is_here_already_is_not_copied(alice: Person, bob: Person, site: Site, settings: Settings) -> None:
    own = get_links().stable(f"{alice.workspace.id}/uploads/clip.mp4")
    elsewhere = get_links().stable(f"{bob.workspace.id}/uploads/clip.mp4")
    sample = f"{settings.FRAMELANE_PUBLIC_URL}/docs/samples/clip.mp4"
    assert render(alice, own, elsewhere, sample).status == "queued"
    text = {"type": "text", "text": "Hi", "duration": 1}
    assert create_render(workspace=alice.workspace, payload={"elements": [text]}).status == "queued"
    assert not Import.objects.exists()


def test_colour_tables_are_read_by_the_worker(alice: Person, site: Site) -> None:
    table = f"{site.url}/look.cube"
    image = {"id": "still", "type": "image", "source_url": f"{site.url}/1.png", "duration": 1, "lut_url": table}
    create_render(workspace=alice.workspace, payload={"elements": [image], "background_image_url": f"{site.url}/2.png"})
    assert set(Import.objects.values_list("url", flat=True)) == {f"{site.url}/1.png", f"{site.url}/2.png"}


@pytest.mark.parametrize(
    ("path", "status", "body", "code"),
    [
        ("/gone.mp4", 404, b"", "source_not_found"),
        ("/page.mp4", 200, b"<!doctype html><title>Hi</title>", "invalid_source"),
        ("/huge.mp4", 200, mp4_like(5000), "source_too_large"),
    ],
)
def test_a_job_fails_with_the_cause_of_its_source(
    alice: Person, site: Site, settings: Settings, work: Work, path: str, status: int, body: bytes, code: str
) -> None:
    settings.FRAMELANE_SOURCE_MAX_BYTES = 4000
    job = render(alice, f"{site.url}/1.mp4", f"{site.put(path, body, status)}?token=secret")
    work()
    job = reloaded(job)
    assert (job.status, job.error_code, moments(job)) == ("failed", code, ["render.failed"])
    assert f"{site.url}{path}" in job.error_message
    assert "secret" not in job.error_message
    assert not CopyUse.objects.exists()
    # The customer asked for a film, not for an asset.
    assert not Event.objects.filter(type="asset.failed").exists()


def test_a_job_fails_with_ingest_failed_when_the_fault_is_ours(
    alice: Person, site: Site, work: Work, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fetching, "run_probe", lambda path, folder: 1 / 0)
    job = render(alice, f"{site.url}/1.mp4")
    for _ in range(4):
        with pytest.raises(ZeroDivisionError):
            work()
        Import.objects.update(due_at=clock.now())
    work()
    job = reloaded(job)
    assert (job.status, job.error_code) == ("failed", "ingest_failed")
    assert f"{site.url}/1.mp4" in job.error_message


def test_a_cancelled_job_ends_at_once_and_its_copies_stop(alice: Person, site: Site, work: Work) -> None:
    job = render(alice, f"{site.url}/1.mp4")
    assert cancel(job).status == "cancelled"
    assert Import.objects.get().status == "withdrawn"
    assert work() == []
    assert (site.asked, moments(job)) == ([], ["render.cancelled"])


def test_a_copy_that_another_job_needs_goes_on(alice: Person, site: Site, work: Work) -> None:
    first, second = (render(alice, f"{site.url}/1.mp4") for _ in range(2))
    assert Import.objects.count() == 1
    cancel(first)
    assert work() == [second.id]
    assert (reloaded(first).status, reloaded(second).status) == ("cancelled", "queued")
    assert len(site.asked) == 1


def test_a_deadline_ends_an_ingesting_job(alice: Person, site: Site) -> None:
    job = render(alice, f"{site.url}/1.mp4")
    Job.objects.filter(id=job.id).update(deadline=clock.now() - timedelta(seconds=1))
    assert sweep()["overdue"] == 1
    assert (reloaded(job).status, reloaded(job).error_code) == ("failed", "timeout")
    assert Import.objects.get().status == "withdrawn"


def test_lost_news_are_made_up_for(
    alice: Person, site: Site, broker: Broker, django_capture_on_commit_callbacks: Any
) -> None:
    job = render(alice, f"{site.url}/1.mp4")
    fetch_import(import_id=Import.objects.get().id)
    Event.objects.all().delete()
    Job.objects.filter(id=job.id).update(due_at=clock.now())
    with django_capture_on_commit_callbacks(execute=True):
        assert sweep()["ingesting"] == 1
    assert broker.hints() == [job.id]
    assert sweep()["ingesting"] == 0


def test_a_job_that_still_waits_is_looked_at_again_later(alice: Person, site: Site) -> None:
    job = render(alice, f"{site.url}/1.mp4")
    Job.objects.filter(id=job.id).update(due_at=clock.now())
    assert sweep()["ingesting"] == 0
    due_at = reloaded(job).due_at
    assert due_at is not None
    assert due_at > clock.now()


def test_a_fresh_copy_is_used_again_at_once(alice: Person, site: Site, broker: Broker, work: Work) -> None:
    work_done = render(alice, f"{site.url}/1.mp4")
    work()
    job = render(alice, f"{site.url}/1.mp4")
    assert (job.status, job.copies) == ("queued", reloaded(work_done).copies)
    assert moments(job) == ["render.queued", "render.queued"]
    assert len(site.asked) == 1


def test_a_stale_copy_is_fetched_again_but_stored_once(
    alice: Person, site: Site, settings: Settings, work: Work
) -> None:
    settings.FRAMELANE_COPY_REUSE_S = 0
    jobs = []
    for _ in range(2):
        jobs.append(render(alice, f"{site.url}/1.mp4"))
        assert work() == [jobs[-1].id]
    assert len(site.asked) == 2
    assert reloaded(jobs[0]).copies == reloaded(jobs[1]).copies
    assert len(list(get_store().list(f"{alice.workspace.id}/"))) == 1
    assert Event.objects.filter(type="asset.ready").count() == 1


def test_a_copy_is_of_one_workspace_alone(alice: Person, bob: Person, site: Site, work: Work) -> None:
    render(alice, f"{site.url}/1.mp4")
    work()
    job = render(bob, f"{site.url}/1.mp4")
    assert job.status == "ingesting"
    work()
    assert len(site.asked) == 2
    assert Asset.objects.filter(workspace=bob.workspace).count() == 1
    assert {asset.key.split("/")[0] for asset in Asset.objects.all()} == {alice.workspace.id, bob.workspace.id}


def test_an_import_of_a_client_serves_as_the_copy_and_is_never_withdrawn(alice: Person, site: Site, work: Work) -> None:
    row = begin(workspace=alice.workspace, url=f"{site.url}/1.mp4", requested=True)
    cancel(render(alice, row.url))
    job = render(alice, row.url)
    assert work() == [job.id]
    assert len(site.asked) == 1


def test_a_job_waits_in_the_queue_for_an_import_by_its_source_url(alice: Person, site: Site, work: Work) -> None:
    row = begin(workspace=alice.workspace, url=f"{site.url}/1.mp4", requested=True)
    job = render(alice, get_links().stable(row.key))
    assert job.status == "queued"
    assert not _can_start(job)
    assert reloaded(job).awaited_asset == row.id
    assert work() == [job.id]
    assert claimed(job).attempt == 1


def test_the_worker_finds_an_import_whose_asset_is_called_otherwise(
    alice: Person, site: Site, work: Work, tmp_path: Path
) -> None:
    site.put("/clip.webm", mp4_like(1001))
    rows = [
        begin(workspace=alice.workspace, url=f"{site.url}{path}", requested=True) for path in ("/1.mp4", "/clip.webm")
    ]
    work()
    job = render(alice, *(get_links().stable(row.key) for row in rows))
    held = claimed(job)
    for row in rows:
        artifacts.fetch(held, lambda: False, get_links().stable(row.key), tmp_path / "source")
        assert (tmp_path / "source").read_bytes() == mp4_like(1001)
    assert Asset.objects.count() == 1


def test_a_job_fails_when_an_import_that_it_uses_has_failed(alice: Person, site: Site, work: Work) -> None:
    row = begin(workspace=alice.workspace, url=f"{site.url}/gone.mp4", requested=True)
    job = render(alice, get_links().stable(row.key))
    assert not _can_start(job)
    assert work() == [job.id]
    assert not _can_start(job)
    job = reloaded(job)
    assert (job.status, job.error_code) == ("failed", "asset_not_ready")
    assert "its import failed" in job.error_message
    assert "404" in job.error_message


def test_a_job_does_not_wait_for_an_import_for_ever(alice: Person, site: Site) -> None:
    row = begin(workspace=alice.workspace, url=f"{site.url}/1.mp4", requested=True)
    job = render(alice, get_links().stable(row.key))
    Job.objects.filter(id=job.id).update(created_at=clock.now() - timedelta(hours=2))
    assert not _can_start(job)
    assert reloaded(job).error_code == "asset_not_ready"


def _can_start(job: Job) -> bool:
    Job.objects.filter(id=job.id).update(due_at=clock.now())
    return claim(job.id, worker="worker-1") is not None


def test_the_api_says_ingesting(alice: Person, site: Site) -> None:
    body = {"elements": [{"type": "video", "source_url": f"{site.url}/1.mp4"}]}
    answer = alice.post("/v1/renders", body, headers={"Idempotency-Key": "a"})
    again = alice.post("/v1/renders", body, headers={"Idempotency-Key": "a"})
    assert (answer.status_code, answer.json()["status"]) == (202, Status.INGESTING)
    assert (again.status_code, again.json()["id"]) == (200, answer.json()["id"])
    assert Import.objects.count() == 1
    assert alice.delete(f"/v1/renders/{answer.json()['id']}").json()["status"] == "cancelled"
