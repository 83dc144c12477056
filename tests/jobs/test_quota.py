"""The plan's minutes as clients meet them: what a submission reserves, what is refused, and when it is settled."""

from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from apps.billing.models import Reservation, UsageRecord
from apps.billing.selectors import allowance_of
from apps.billing.services import record_usage
from apps.jobs.models import Job, Status
from apps.jobs.services import attempts
from apps.jobs.services.allowance import Extent, NotAllowed, require_allowed
from apps.jobs.services.cancel import cancel
from apps.jobs.services.sweep import recover_now, sweep
from apps.uploads.models import Asset
from apps.workspaces.models import Workspace
from framelane.lib import clock, ids
from framelane.lib.storage import get_links
from gpu_tasks.timeline.sources import SourceInfo
from tests.jobs.conftest import claimed, output_of, reloaded
from tests.people import Person, make_person

pytestmark = pytest.mark.usefixtures("within_a_month")
FOREIGN = "https://example.org/clip.mp4"
TASKS = ("super-resolution", "gaze-redirect", "remove-background")


@pytest.fixture
def charlie(db: None) -> Person:
    """Somebody with the free plan, and 25 minutes of it."""
    return make_person("Charlie", plan="free")


def text(seconds: float) -> dict[str, Any]:
    return {"elements": [{"type": "text", "text": "Hello", "duration": seconds}]}


def clip(url: str = FOREIGN, **fields: Any) -> dict[str, Any]:
    return {"elements": [{"type": "video", "source_url": url, **fields}]}


def asset_of(person: Person, kind: str = "video", **fields: Any) -> str:
    """The URL of an upload that is known as far as `fields` say."""
    key = f"{person.workspace.id}/uploads/{ids.new_id('asset')}.mp4"
    Asset.objects.create(
        workspace=person.workspace, key=key, kind=kind, status="ready", expires_at=clock.now(), **fields
    )
    return get_links().stable(key)


def render(person: Person, body: dict[str, Any], **extra: Any) -> Any:
    return person.post("/v1/renders", body, **extra)


def reserved_by(response: Any) -> float:
    assert response.status_code == 202, response.json()
    return float(Reservation.objects.get(job_id=response.json()["id"]).output_s)


def spend(person: Person, seconds: float) -> None:
    job_id = ids.new_id("render")
    record_usage(workspace_id=person.workspace.id, job_id=job_id, kind="render", output_s=Decimal(str(seconds)))


def error_of(response: Any) -> tuple[int, str]:
    return response.status_code, response.json()["error"]["code"]


# --- What is reserved -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("body", "seconds"),
    [
        ({**text(3), "duration": 12.5}, 12.5),
        (text(7), 7),
        ({"elements": []}, 10),
        ({**text(7), "duration": 12, "output_format": "png"}, 0),
        ({**clip(), "output_format": "jpg"}, 0),
        ({**text(7), "output_format": "gif"}, 7),
        # Whole frames: that is how long the film will be.
        ({**text(7.4), "frame_rate": 1}, 7),
        ({**text(0.01), "frame_rate": 1}, 1),
        # A trim says what the source does not.
        (clip(time=5, in_point=10, out_point=40, speed=2), 20),
        # Nobody knows how long the source is: the setting, or what is known if that is more.
        (clip(), 60),
        ({"elements": [*clip()["elements"], *text(90)["elements"]]}, 90),
        ({"elements": [*clip()["elements"], {"type": "audio", "source_url": FOREIGN, "out_point": 8}]}, 60),
        ({"elements": [{**clip()["elements"][0], "visible": False}, *text(4)["elements"]]}, 4),
    ],
)
def test_a_render_reserves_what_it_will_last(charlie: Person, body: dict[str, Any], seconds: float) -> None:
    assert reserved_by(render(charlie, body)) == seconds


def test_an_upload_that_was_probed_is_known_exactly(charlie: Person) -> None:
    info = SourceInfo("video", "mp4", "video/mp4", 9, has_video=True, duration_s=75 + 1 / 3).as_json()  # type: ignore[arg-type]
    url = asset_of(charlie, duration=75.33, info={**info, "duration_s": "226/3"})
    assert reserved_by(render(charlie, clip(url, speed=2))) == 37.667


def test_an_upload_that_was_described_is_believed_for_now(charlie: Person) -> None:
    assert reserved_by(render(charlie, clip(asset_of(charlie, duration=8.5)))) == 8.5


def test_an_upload_that_is_on_its_way_is_unknown(charlie: Person) -> None:
    assert reserved_by(render(charlie, clip(asset_of(charlie)))) == 60


def test_an_upload_of_somebody_else_is_unknown(charlie: Person, alice: Person) -> None:
    assert reserved_by(render(charlie, clip(asset_of(alice, duration=8.5)))) == 60


def test_what_is_reserved_for_the_unknown_is_a_setting(charlie: Person, settings: Any) -> None:
    settings.FRAMELANE_UNKNOWN_RESERVE_S = 12.25
    assert reserved_by(render(charlie, clip())) == 12.25


def test_an_own_film_is_known(charlie: Person) -> None:
    job = Job.objects.get(id=render(charlie, text(4)).json()["id"])
    held = claimed(job)
    assert attempts.complete(held, output_of(held, duration_s=4.0))
    url = get_links().stable(reloaded(job).output_key)
    assert reserved_by(render(charlie, clip(url))) == 4
    assert reserved_by(charlie.post("/v1/tasks/gaze-redirect", {"source_url": url})) == 4


@pytest.mark.parametrize("path", TASKS)
def test_a_task_reserves_what_its_source_lasts(charlie: Person, path: str) -> None:
    url = asset_of(charlie, duration=33.0, width=640, height=360)
    assert reserved_by(charlie.post(f"/v1/tasks/{path}", {"source_url": url})) == 33
    picture = asset_of(charlie, kind="image", width=640, height=360)
    assert reserved_by(charlie.post(f"/v1/tasks/{path}", {"source_url": picture})) == 0
    assert reserved_by(charlie.post(f"/v1/tasks/{path}", {"source_url": FOREIGN})) == 60
    assert reserved_by(charlie.post(f"/v1/tasks/{path}", {"source_url": "https://example.org/a.JPG?s=1"})) == 0


def test_a_thousand_uploads_are_looked_up_at_once(charlie: Person, django_assert_max_num_queries: Any) -> None:
    urls = [asset_of(charlie, duration=1.0) for _ in range(200)]
    elements = [{"type": "video", "source_url": url, "time": place} for place, url in enumerate(urls)]
    with django_assert_max_num_queries(40):
        assert reserved_by(render(charlie, {"elements": elements})) == 200


# --- What is refused ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["renders", *(f"tasks/{path}" for path in TASKS)])
def test_refuses_what_is_more_than_the_month_has_left(charlie: Person, path: str) -> None:
    spend(charlie, 1441)
    body = {**clip(), "source_url": FOREIGN}
    response = charlie.post(f"/v1/{path}", body)
    assert error_of(response) == (402, "quota_exceeded")
    details = response.json()["error"]["details"]
    month_end = details.pop("resets_at")
    assert details == {
        "limit_minutes": 25,
        "used_minutes": 24.0167,
        "reserved_minutes": 0,
        "requested_minutes": 1,
    }
    assert month_end.endswith("-01T00:00:00Z")
    assert not Job.objects.exists()
    assert not Reservation.objects.exists()


def test_counts_what_is_reserved(charlie: Person) -> None:
    spend(charlie, 1440)
    assert render(charlie, text(40)).status_code == 202
    assert error_of(render(charlie, text(20.1))) == (402, "quota_exceeded")
    assert render(charlie, text(20)).status_code == 202
    assert error_of(render(charlie, text(0.1))) == (402, "quota_exceeded")
    assert render(charlie, {**text(20), "output_format": "png"}).status_code == 202


def test_a_broken_request_is_told_what_is_broken(charlie: Person) -> None:
    spend(charlie, 1500)
    assert render(charlie, text(-1)).status_code == 422


def test_a_plan_that_sells_more_does_not_refuse(alice: Person) -> None:
    spend(alice, 2000 * 60 + 1)
    assert reserved_by(render(alice, text(600))) == 600


def test_a_replay_reserves_nothing(charlie: Person) -> None:
    spend(charlie, 1440)
    first = render(charlie, text(45), HTTP_IDEMPOTENCY_KEY="one")
    again = render(charlie, text(45), HTTP_IDEMPOTENCY_KEY="one")
    assert (first.status_code, again.status_code) == (202, 200)
    assert first.json()["id"] == again.json()["id"]
    assert [float(row.output_s) for row in Reservation.objects.all()] == [45]


def test_a_refusal_leaves_the_key_free(charlie: Person) -> None:
    spend(charlie, 1500)
    assert render(charlie, text(45), HTTP_IDEMPOTENCY_KEY="one").status_code == 402
    Workspace.objects.filter(id=charlie.workspace.id).update(plan="pro")
    assert render(charlie, text(45), HTTP_IDEMPOTENCY_KEY="one").status_code == 202


def test_who_does_not_pay_can_only_read(alice: Person) -> None:
    job_id = render(alice, text(5)).json()["id"]
    since = clock.now() - timedelta(days=8)
    Workspace.objects.filter(id=alice.workspace.id).update(plan_status="past_due", past_due_since=since)
    for path, body in (
        ("/v1/renders", text(5)),
        ("/v1/tasks/gaze-redirect", {"source_url": FOREIGN}),
        ("/v1/uploads", {"content_type": "video/mp4"}),
        ("/v1/imports", {"url": FOREIGN}),
    ):
        response = alice.post(path, body)
        assert error_of(response) == (402, "quota_exceeded")
        assert response.json()["error"]["details"]["plan_status"] == "past_due"
    assert alice.get(f"/v1/renders/{job_id}").status_code == 200
    assert alice.delete(f"/v1/renders/{job_id}").json()["status"] == "cancelled"


# --- Sizes of tasks -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("width", "height", "scale", "status"),
    [(960, 540, 2, 202), (540, 960, 2, 202), (961, 540, 2, 403), (960, 541, 2, 403), (1000, 400, 4, 403)],
)
def test_super_resolution_stays_within_the_plan(
    charlie: Person, width: int, height: int, scale: float, status: int
) -> None:
    url = asset_of(charlie, kind="image", width=width, height=height)
    response = charlie.post("/v1/tasks/super-resolution", {"source_url": url, "scale": scale})
    assert response.status_code == status
    if status == 403:
        assert error_of(response) == (403, "plan_limit")
        assert "1080p" in response.json()["error"]["message"]
        assert not Reservation.objects.exists()


def test_a_larger_plan_takes_larger_pictures(alice: Person) -> None:
    url = asset_of(alice, kind="image", width=1024, height=540)
    assert alice.post("/v1/tasks/super-resolution", {"source_url": url, "scale": 4}).status_code == 202
    url = asset_of(alice, kind="image", width=1025, height=540)
    assert alice.post("/v1/tasks/super-resolution", {"source_url": url, "scale": 4}).status_code == 403


def test_photographs_that_keep_their_size_may_have_any(charlie: Person) -> None:
    url = asset_of(charlie, kind="image", width=4032, height=3024)
    answer = charlie.post("/v1/tasks/remove-background", {"source_url": url})
    assert answer.status_code == 202
    require_allowed(claimed(Job.objects.get(id=answer.json()["id"])), Extent(0, 4032, 3024))


def test_films_that_keep_their_size_stay_within_the_plan(charlie: Person) -> None:
    url = asset_of(charlie, kind="video", duration=1.0, width=3840, height=2160)
    assert error_of(charlie.post("/v1/tasks/remove-background", {"source_url": url})) == (403, "plan_limit")


def test_speech_has_no_size(charlie: Person, settings: Any) -> None:
    settings.FRAMELANE_ASSEMBLYAI_API_KEY = "key"
    url = asset_of(charlie, duration=5.0, width=3840, height=2160)
    assert reserved_by(charlie.post("/v1/tasks/transcribe", {"source_url": url})) == 5


def test_an_unknown_size_is_refused_by_the_worker(charlie: Person) -> None:
    answer = charlie.post("/v1/tasks/super-resolution", {"source_url": asset_of(charlie)})
    held = claimed(Job.objects.get(id=answer.json()["id"]))
    require_allowed(held, Extent(1, 1920, 1080))
    with pytest.raises(NotAllowed, match=r"1080p.*1922×1080"):
        require_allowed(held, Extent(1, 1922, 1080))


# --- How it is settled ----------------------------------------------------------------------------------------------


@pytest.fixture
def job(charlie: Person) -> Job:
    """A film of unknown length, with 90 seconds left of the month."""
    spend(charlie, 1410)
    return Job.objects.get(id=render(charlie, clip(asset_of(charlie))).json()["id"])


def left_s(person: Person) -> float:
    left = allowance_of(person.workspace).left_s
    assert left is not None
    return float(left)


def test_completing_charges_what_was_made(charlie: Person, job: Job) -> None:
    held = claimed(job)
    require_allowed(held, Extent(42.5))
    assert left_s(charlie) == 47.5
    assert attempts.complete(held, output_of(held, duration_s=42.5))
    assert not Reservation.objects.exists()
    assert UsageRecord.objects.get(job_id=job.id).output_s == Decimal("42.5")
    assert left_s(charlie) == 47.5


def test_failing_and_cancelling_cost_nothing(charlie: Person, job: Job) -> None:
    other = Job.objects.get(id=render(charlie, text(30)).json()["id"])
    cancel(other)
    assert left_s(charlie) == 30
    attempts.fail(claimed(job), code="invalid_source", message="no")
    assert left_s(charlie) == 90
    assert UsageRecord.objects.filter(job_id__in=[job.id, other.id]).count() == 0


def test_trying_again_keeps_what_is_reserved(charlie: Person, job: Job) -> None:
    held = claimed(job)
    attempts.release(held)
    assert left_s(charlie) == 30
    held = claimed(job)
    require_allowed(held, Extent(80))
    attempts.fail(held, code="internal", message="the worker broke")
    assert (reloaded(job).status, left_s(charlie)) == (Status.QUEUED, 10)
    claimed(job)
    recover_now(reloaded(job))
    assert left_s(charlie) == 10


def test_a_longer_film_takes_what_is_left(charlie: Person, job: Job) -> None:
    held = claimed(job)
    require_allowed(held, Extent(90))
    assert left_s(charlie) == 0


def test_a_film_that_is_too_long_is_told_how_much_is_left(charlie: Person, job: Job) -> None:
    held = claimed(job)
    with pytest.raises(NotAllowed) as refused:
        require_allowed(held, Extent(90.001))
    until = (clock.now().replace(day=1) + timedelta(days=32)).replace(day=1)
    assert str(refused.value) == (
        f"The film would be 90.00 s long; 90.00 s are left on the free plan until {until:%Y-%m-%d}."
    )
    assert left_s(charlie) == 30


def test_whoever_lost_the_job_reserves_nothing(charlie: Person, job: Job) -> None:
    held = claimed(job)
    recover_now(reloaded(job))
    require_allowed(held, Extent(5))
    assert left_s(charlie) == 30
    cancel(reloaded(job))
    require_allowed(held, Extent(5))
    assert not Reservation.objects.exists()


def test_the_sweep_frees_what_nobody_will_use(charlie: Person, job: Job) -> None:
    orphan = ids.new_id("render")
    ended = Job.objects.get(id=render(charlie, text(10)).json()["id"])
    cancel(ended)
    for job_id in (orphan, ended.id):
        Reservation.objects.create(workspace=charlie.workspace, job_id=job_id, output_s=10)
    assert sweep()["unclaimed"] == 2
    assert sweep()["unclaimed"] == 0
    assert [row.job_id for row in Reservation.objects.all()] == [job.id]


# --- The worker, with children that are stand-ins -------------------------------------------------------------------


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("stand_ins")
class TestWorker:
    @pytest.fixture
    def charlie(self) -> Person:
        person = make_person("Charlie", plan="free")
        spend(person, 1440)
        return person

    def run(self, person: Person, path: str, body: dict[str, Any]) -> Job:
        from tests.jobs.work import run

        return run(Job.objects.get(id=person.post(path, body).json()["id"]))

    def film(self, person: Person, tmp_path: Path, **wishes: str) -> Job:
        from tests.jobs.work import uploaded

        url = uploaded(person, tmp_path, b"clip")
        return self.run(person, "/v1/renders", {**clip(url), "metadata": wishes})

    def test_makes_a_film_that_is_affordable(self, charlie: Person, tmp_path: Path) -> None:
        assert self.film(charlie, tmp_path, lasts="60").status == Status.COMPLETED
        assert left_s(charlie) == 0

    def test_stops_a_film_before_it_is_made(self, charlie: Person, tmp_path: Path) -> None:
        """The stand-in would work for ten minutes."""
        job = self.film(charlie, tmp_path, lasts="75", seconds="600")
        assert (job.status, job.error_code, job.attempt) == (Status.FAILED, "source_too_large", 1)
        assert job.error_message.startswith("The film would be 75.00 s long; 60.00 s are left on the free plan until")
        assert left_s(charlie) == 60

    def test_throws_away_what_was_longer_than_announced(self, charlie: Person, tmp_path: Path) -> None:
        from tests.jobs.work import stored_outputs

        job = self.film(charlie, tmp_path, lasts="75", secretive="yes")
        assert (job.status, job.error_code) == (Status.FAILED, "source_too_large")
        assert [key for key in stored_outputs(charlie) if "/uploads/" not in key] == []
        assert left_s(charlie) == 60

    @pytest.mark.parametrize("wish", ['{"lasts": 61}', '{"size": [1922, 1080]}'])
    def test_stops_a_task(self, charlie: Person, tmp_path: Path, wish: str) -> None:
        from tests.jobs.work import uploaded

        url = uploaded(charlie, tmp_path, wish.encode())
        job = self.run(charlie, "/v1/tasks/super-resolution", {"source_url": url})
        assert (job.status, job.error_code) == (Status.FAILED, "source_too_large")
        assert job.error_message.startswith(f"{url}: The")
        assert left_s(charlie) == 60


@pytest.mark.django_db
def test_what_was_queued_under_a_larger_plan_is_not_made_for_nothing_under_a_smaller_one() -> None:
    """A subscription that ends with a long queue: as much of it is made as the free plan includes."""
    dora = make_person("Dora", plan="pro")
    for _ in range(4):
        assert render(dora, text(600)).status_code == 202
    assert render(dora, {**text(600), "output_format": "png"}).status_code == 202
    Workspace.objects.filter(id=dora.workspace.id).update(plan="free")
    held = attempts.claim(Job.objects.latest("created_at").id, worker="worker-1")
    assert held is not None
    assert Job.objects.filter(status="failed", error_code="source_too_large").count() == 2
    assert allowance_of(held.workspace).reserved_s == Decimal(1200)


@pytest.mark.django_db
def test_what_has_started_under_a_larger_plan_may_end() -> None:
    dora = make_person("Dora", plan="pro")
    render(dora, text(1800))
    held = claimed(Job.objects.get())
    require_allowed(held, Extent(1800))
    Workspace.objects.filter(id=dora.workspace.id).update(plan="free")
    require_allowed(held, Extent(1800))
    assert attempts.complete(held, output_of(held, duration_s=1800.0))
