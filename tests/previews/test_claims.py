"""A preview is made by one worker at a time, three times at most, and lets jobs go first."""

from datetime import timedelta
from pathlib import Path

import pytest

from apps.jobs.models import Job
from apps.previews import claims, services, tasks
from apps.previews.models import Preview, Status
from framelane.lib import clock, ids
from tests.people import Person
from tests.previews.conftest import add_asset, made, pictures, planned, reloaded
from tests.threads import at_once

pytestmark = pytest.mark.django_db
FACTS = {"poster_key": "ws/poster.jpg", "strip_key": "", "strip_frames": 0, "waveform_key": "", "width": 6, "height": 4}


@pytest.fixture
def preview(alice: Person, clip: Path) -> Preview:
    return planned(alice, add_asset(alice, clip).id)


def pass_time(preview: Preview, seconds: float) -> None:
    """Let everything of a preview be so much longer ago."""
    row = reloaded(preview)
    ago = timedelta(seconds=seconds)
    Preview.objects.filter(subject_id=row.subject_id).update(
        created_at=row.created_at - ago, due_at=row.due_at and row.due_at - ago
    )


def taken(preview: Preview) -> claims.Claim:
    held = claims.claim(preview.subject_id)
    assert held is not None
    return held


def queue_a_job(person: Person, **fields: object) -> Job:
    values = {"kind": "render", "request": {}, "queue": "render", "deadline": clock.now(), **fields}
    return Job.objects.create(id=ids.new_id("render"), workspace=person.workspace, **values)


def test_a_claim_leases_the_preview_and_counts(preview: Preview) -> None:
    held = taken(preview)
    row = reloaded(preview)
    assert (held.source_key, held.attempt, row.attempts) == (preview.source_key, 1, 1)
    assert row.due_at is not None
    assert row.due_at > clock.now()
    assert claims.claim(preview.subject_id) is None
    assert claims.is_current(preview.subject_id, 1)


def test_nothing_is_claimed_for_what_has_no_preview(db: None) -> None:
    assert claims.claim("asset_01J8QR2K5VKDGN2T4FBM3CZYX7") is None


def test_what_was_made_is_shown(preview: Preview) -> None:
    held = taken(preview)
    assert claims.complete(held, facts=FACTS)
    row = reloaded(preview)
    assert (row.status, row.due_at, row.poster_key, row.width) == (Status.MADE, None, "ws/poster.jpg", 6)
    assert claims.claim(preview.subject_id) is None
    assert not claims.is_current(preview.subject_id, 1)


def test_a_late_worker_changes_nothing(preview: Preview) -> None:
    late = taken(preview)
    pass_time(preview, claims.LEASE_S + 1)
    current = taken(preview)
    assert (current.attempt, current.folder != late.folder) == (2, True)
    assert not claims.complete(late, facts=FACTS)
    claims.fail(late, is_final=True)
    claims.give_back(late)
    assert (reloaded(preview).status, reloaded(preview).attempts) == (Status.PENDING, 2)
    assert claims.complete(current, facts=FACTS)
    assert not claims.complete(current, facts=FACTS)


def test_failures_are_retried_twice(preview: Preview) -> None:
    for attempt in (1, 2, 3):
        assert reloaded(preview).status == Status.PENDING
        held = taken(preview)
        assert held.attempt == attempt
        claims.fail(held, is_final=False)
        assert claims.claim(preview.subject_id) is None
        pass_time(preview, claims.LONGEST_RETRY_S)
    assert (reloaded(preview).status, reloaded(preview).due_at) == (Status.FAILED, None)


def test_a_preview_that_kills_its_workers_is_given_up(preview: Preview) -> None:
    for _ in range(claims.MAX_ATTEMPTS):
        taken(preview)
        pass_time(preview, claims.LEASE_S + 1)
    assert claims.claim(preview.subject_id) is None
    assert (reloaded(preview).status, reloaded(preview).due_at) == (Status.FAILED, None)


def test_a_fault_of_the_file_is_final(preview: Preview) -> None:
    claims.fail(taken(preview), is_final=True)
    assert (reloaded(preview).status, reloaded(preview).attempts) == (Status.FAILED, 1)


def test_a_failure_to_make_it_again_leaves_what_there_is(alice: Person, clip: Path) -> None:
    preview = made(alice, add_asset(alice, clip).id, clip)
    Preview.objects.update(due_at=clock.now())
    claims.fail(taken(preview), is_final=True)
    assert (reloaded(preview).status, reloaded(preview).due_at) == (Status.MADE, None)


def test_jobs_go_first(alice: Person, preview: Preview) -> None:
    job = queue_a_job(alice)
    assert claims.claim(preview.subject_id) is None
    assert (reloaded(preview).attempts, reloaded(preview).status) == (0, Status.PENDING)
    job.delete()
    assert claims.claim(preview.subject_id) is None
    pass_time(preview, claims.GIVE_WAY_S)
    assert not taken(preview).should_give_way()


def test_a_job_that_comes_meanwhile_goes_first_too(alice: Person, preview: Preview) -> None:
    held = taken(preview)
    queue_a_job(alice)
    assert held.should_give_way()
    claims.give_back(held)
    assert reloaded(preview).attempts == 0


def test_jobs_that_cannot_start_are_not_waited_for(alice: Person, preview: Preview) -> None:
    queue_a_job(alice, held=True)
    assert not taken(preview).should_give_way()


def test_its_turn_comes_even_if_jobs_never_end(alice: Person, preview: Preview) -> None:
    queue_a_job(alice)
    pass_time(preview, claims.PATIENCE_S + 1)
    assert not taken(preview).should_give_way()


def test_the_preview_of_what_is_gone_goes(alice: Person, clip: Path) -> None:
    asset = add_asset(alice, clip)
    preview = planned(alice, asset.id)
    asset.delete()
    assert claims.claim(preview.subject_id) is None
    assert not Preview.objects.exists()
    assert pictures(alice) == []


def test_the_sweep_hints_at_what_is_due_and_no_more_than_some(
    alice: Person, clip: Path, sent: list[tuple[str, str]], django_capture_on_commit_callbacks: object
) -> None:
    rows = [Preview(subject_id=ids.new_id("asset"), workspace=alice.workspace) for _ in range(30)]
    later = Preview(subject_id=ids.new_id("asset"), workspace=alice.workspace, due_at=clock.now() + timedelta(hours=1))
    Preview.objects.bulk_create([*rows[:3], later])
    assert services.hint_due() == 3
    Preview.objects.bulk_create(rows[3:])
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
        tasks.sweep()
    assert sent == [(services.MAKE_PREVIEW, "preview")] * services.HINTED_AT_ONCE


@pytest.mark.django_db(transaction=True)
def test_of_many_workers_one_makes_it(alice: Person, clip: Path) -> None:
    preview = planned(alice, add_asset(alice, clip).id)
    found = at_once(*[lambda: claims.claim(preview.subject_id)] * 4)
    assert len([held for held in found if held is not None]) == 1
    assert reloaded(preview).attempts == 1
