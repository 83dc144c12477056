"""GET /v1/workspace/usage: exact sums over whole days in UTC."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.db import OperationalError
from django.test import Client
from pytest_django import Settings

from apps.billing.models import UsageRecord
from apps.billing.services import record_usage
from apps.jobs.models import Job, Status
from apps.uploads import egress
from apps.uploads.egress import Counted, egress_bytes, note_delivery, note_redirect
from apps.uploads.models import EgressDay
from framelane.lib import clock, ids
from framelane.lib.storage import get_store
from tests.people import Person, make_person
from tests.threads import at_once

PATH = "/v1/workspace/usage"
NOW = datetime(2027, 1, 31, 23, 59, 59, tzinfo=UTC)


@pytest.fixture(autouse=True)
def store(tmp_path: Path, settings: Settings) -> None:
    settings.STORAGE_URL = (tmp_path / "store").as_uri()


@pytest.fixture
def now(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOW)


def enter(person: Person, output_s: str, kind: str = "render", at: datetime | None = None) -> None:
    made = record_usage(
        workspace_id=person.workspace.id, job_id=ids.new_id("render"), kind=kind, output_s=Decimal(output_s)
    )
    if at is not None:
        UsageRecord.objects.filter(pk=made.pk).update(created_at=at)


def usage(person: Person, period: str = "") -> dict[str, Any]:
    answer = person.get(f"{PATH}?period={period}" if period else PATH)
    assert answer.status_code == 200, answer.content
    body: dict[str, Any] = answer.json()
    return body


def test_nothing_used_is_nothing(alice: Person, now: None) -> None:
    assert usage(alice) == {
        "period_start": "2027-01-01T00:00:00Z",
        "period_end": "2027-02-01T00:00:00Z",
        "render_minutes": 0.0,
        "render_minutes_limit": 2000,
        "renders_count": 0,
        "task_count": 0,
        "egress_bytes": 0,
    }


def test_minutes_are_exact(alice: Person) -> None:
    enter(alice, "12.0")
    assert usage(alice)["render_minutes"] == 0.2
    for _ in range(2):
        enter(alice, "12.0")
    assert usage(alice)["render_minutes"] == 0.6
    enter(alice, "0.2", kind="super_resolution")
    enter(alice, "0", kind="remove_background")
    body = usage(alice)
    assert (body["render_minutes"], body["renders_count"], body["task_count"]) == (0.6033, 3, 2)


@pytest.mark.parametrize(
    ("period", "start", "end"),
    [
        ("current", "2027-01-01", "2027-02-01"),
        ("7d", "2027-01-25", "2027-02-01"),
        ("30d", "2027-01-02", "2027-02-01"),
        ("90d", "2026-11-03", "2027-02-01"),
    ],
)
def test_periods_begin_and_end_at_midnight(alice: Person, now: None, period: str, start: str, end: str) -> None:
    first, behind = (datetime.fromisoformat(f"{day}T00:00:00+00:00") for day in (start, end))
    for at in (first - timedelta(microseconds=1), first, behind - timedelta(microseconds=1), behind):
        enter(alice, "60", at=at)
    for day in (first - timedelta(days=1), first, behind - timedelta(days=1), behind):
        EgressDay.objects.create(workspace=alice.workspace, day=day.date(), bytes=7)
    body = usage(alice, period)
    assert (body["period_start"], body["period_end"]) == (f"{start}T00:00:00Z", f"{end}T00:00:00Z")
    assert (body["render_minutes"], body["renders_count"], body["egress_bytes"]) == (2.0, 2, 14)


@pytest.mark.parametrize(("plan", "limit"), [("free", 25), ("pro", 2000), ("enterprise", None)])
def test_the_limit_is_the_plans(db: None, plan: str, limit: int | None) -> None:
    assert usage(make_person("Charlie", plan=plan))["render_minutes_limit"] == limit


@pytest.mark.parametrize("period", ["month", "", "7", "7D", "current,7d"])
def test_other_periods_are_refused(alice: Person, period: str) -> None:
    answer = alice.get(f"{PATH}?period={period}")
    assert answer.status_code == 422
    assert "current" in answer.json()["error"]["message"]


def test_others_use_nothing_of_it(alice: Person, bob: Person) -> None:
    enter(bob, "600")
    note_delivery(workspace_id=bob.workspace.id, size_bytes=5)
    assert (usage(alice)["render_minutes"], usage(alice)["egress_bytes"]) == (0.0, 0)


# --- What is given out ----------------------------------------------------------------------------------------------


@pytest.fixture
def link(alice: Person, tmp_path: Path) -> str:
    """A signed address of a file of Alice's with 1,000 bytes."""
    key = f"{alice.workspace.id}/uploads/clip.mp4"
    (tmp_path / "clip").write_bytes(bytes(1000))
    get_store().put_file(key, tmp_path / "clip", "video/mp4")
    parts = urlsplit(get_store().signed_url(key, 60))
    return f"{parts.path}?{parts.query}"


def fetch(link: str, method: str = "get", **headers: str) -> int:
    answer: Any = getattr(Client(), method)(link, headers=headers)
    return len(b"".join(answer.streaming_content)) if answer.streaming else 0


def test_what_is_sent_is_counted_and_nothing_else(alice: Person, link: str) -> None:
    fetch(link, "head")
    fetch(link, **{"If-None-Match": "*"})
    fetch(link, Range="bytes=2000-")
    fetch(link.replace("signature=", "signature=x"))
    assert usage(alice)["egress_bytes"] == 0
    assert fetch(link) == 1000
    assert fetch(link, Range="bytes=100-149") == 50
    assert usage(alice)["egress_bytes"] == 1050


def test_a_download_that_breaks_counts_what_went_out_once(alice: Person) -> None:
    blocks = Counted(iter([bytes(10), bytes(20), bytes(40)]), alice.workspace.id)
    sent = iter(blocks)
    next(sent)
    next(sent)
    blocks.close()
    blocks.close()
    assert usage(alice)["egress_bytes"] == 30


def test_a_database_that_is_away_breaks_no_download(
    alice: Person, link: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(*args: Any) -> None:
        raise OperationalError("away")

    monkeypatch.setattr(egress, "_add", fail)
    assert fetch(link) == 1000
    assert "1000 bytes" in caplog.text


def test_a_link_that_outlives_its_workspace_counts_for_nobody(alice: Person, link: str) -> None:
    alice.workspace.delete()
    assert fetch(link) == 1000
    assert not EgressDay.objects.exists()


def completed(person: Person) -> Job:
    job_id = ids.new_id("render")
    return Job.objects.create(
        id=job_id,
        workspace=person.workspace,
        kind="render",
        request={},
        queue="render",
        status=Status.COMPLETED,
        deadline=clock.now(),
        completed_at=clock.now(),
        output_key=f"{person.workspace.id}/renders/{job_id}/attempt-1/output.mp4",
        output_bytes=4321,
    )


def test_a_redirect_into_a_folder_is_counted_when_it_is_followed(alice: Person) -> None:
    assert alice.get(f"/v1/renders/{completed(alice).id}/download").status_code == 302
    assert usage(alice)["egress_bytes"] == 0


def test_a_redirect_to_a_bucket_counts_as_the_whole_file(alice: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(type(get_store()), "accepts_uploads_itself", True)
    for _ in range(2):
        assert alice.get(f"/v1/renders/{completed(alice).id}/download").status_code == 302
    note_redirect(workspace_id=alice.workspace.id, size_bytes=None)
    assert usage(alice)["egress_bytes"] == 2 * 4321


@pytest.mark.django_db(transaction=True)
def test_deliveries_at_once_are_all_counted() -> None:
    person = make_person("Alice")

    def deliver() -> None:
        for _ in range(5):
            note_delivery(workspace_id=person.workspace.id, size_bytes=3)

    at_once(*[deliver] * 8)
    today = clock.now().date()
    found = egress_bytes(
        workspace_id=person.workspace.id, start=today - timedelta(days=1), end=today + timedelta(days=1)
    )
    assert found == 8 * 5 * 3
