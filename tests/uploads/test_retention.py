"""What is past its time goes, what a job still needs stays, and a dry run says exactly what a run does."""

import os
from collections.abc import Callable
from datetime import timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from pytest_django import Settings

from apps.jobs.models import Job, Status
from apps.jobs.services.submit import create_render
from apps.jobs.services.sweep import sweep
from apps.uploads import tasks
from apps.uploads.garbage import collect, find_garbage
from apps.uploads.models import Asset, Import
from apps.uploads.orphans import ORPHANED_AFTER_S, missing, orphans, strangers
from apps.uploads.retention import expired_assets
from apps.workspaces.models import Erasure
from framelane.checks import check_settings
from framelane.lib import clock, ids
from framelane.lib.storage import StorageError, Store, get_links
from tests.people import Person
from tests.uploads.files import Upload, mp4_like

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)

Put = Callable[..., str]
Make = Callable[..., Asset]


@pytest.fixture
def put(store: Store, tmp_path: Path) -> Put:
    """Stores an object that is so many days old; its key."""

    def write(person: Person | str, name: str, age_days: float = 10, size_bytes: int = 100) -> str:
        key = f"{person if isinstance(person, str) else person.workspace.id}/{name}"
        (tmp_path / "content").write_bytes(mp4_like(size_bytes))
        store.put_file(key, tmp_path / "content", "video/mp4")
        then = clock.now().timestamp() - age_days * 86_400
        os.utime(tmp_path / "store" / key, (then, then))
        return key

    return write


@pytest.fixture
def make(put: Put) -> Make:
    """An asset that was made, and perhaps last used, so many days ago."""

    def build(person: Person, age_days: float, used_days_ago: float | None = None, **fields: Any) -> Asset:
        key, made = put(person, f"uploads/{ids.new_id('asset')}.mp4", age_days), clock.now() - age_days * DAY
        used = None if used_days_ago is None else clock.now() - used_days_ago * DAY
        values = {"kind": "video", "status": "ready", "content_type": "video/mp4", **fields}
        times = {"created_at": made, "expires_at": made, "received_at": made, "last_used_at": used}
        return Asset.objects.create(workspace=person.workspace, key=key, **times, **values)

    return build


def completed(person: Person, put: Put, expired: bool = True) -> Job:
    """A finished render whose output is past its retention, or not."""
    job_id = ids.new_id("render")
    folder = f"renders/{job_id}/attempt-2"
    put(person, f"{folder}/output.srt", size_bytes=20)
    return Job.objects.create(
        id=job_id,
        workspace=person.workspace,
        kind="render",
        request={},
        queue="render",
        status=Status.COMPLETED,
        deadline=clock.now(),
        completed_at=clock.now() - 40 * DAY,
        output_key=put(person, f"{folder}/output.mp4"),
        output_expires_at=clock.now() + (-1 if expired else 1) * DAY,
    )


def named(found: Any) -> set[str]:
    return {piece.name for piece in found}


# --- Assets ---------------------------------------------------------------------------------------------------------


def test_uploads_are_kept_for_ever_unless_told_otherwise(alice: Person, make: Make, settings: Settings) -> None:
    old, used, fresh = make(alice, 100), make(alice, 100, used_days_ago=6), make(alice, 6)
    assert not list(expired_assets())
    settings.FRAMELANE_ASSET_RETENTION_DAYS = 7
    tasks.collect_garbage()
    assert set(Asset.objects.all()) == {used, fresh}
    assert old.id not in Asset.objects.values_list("id", flat=True)


def test_copies_are_kept_for_a_month_after_their_last_use(
    alice: Person, store: Store, make: Make, settings: Settings
) -> None:
    source = "https://cdn.example.org/clip.mp4"
    old, used, upload = make(alice, 31, source=source), make(alice, 90, 29, source=source), make(alice, 90)
    tasks.collect_garbage()
    assert set(Asset.objects.all()) == {used, upload}
    assert not store.exists(old.key)
    settings.FRAMELANE_COPY_RETENTION_DAYS = 0
    make(alice, 1000, source=source)
    assert not list(expired_assets())


def test_what_a_job_needs_stays(alice: Person, make: Make, settings: Settings) -> None:
    settings.FRAMELANE_ASSET_RETENTION_DAYS = 7
    asset = make(alice, 100)
    element = {"type": "video", "source_url": get_links().stable(asset.key)}
    job = create_render(workspace=alice.workspace, payload={"elements": [element]})
    Asset.objects.update(last_used_at=None)
    assert not list(expired_assets())
    Job.objects.filter(id=job.id).update(status=Status.CANCELLED, completed_at=clock.now())
    assert named(expired_assets()) == {asset.key}


def test_what_is_used_in_the_last_moment_stays(alice: Person, store: Store, make: Make, settings: Settings) -> None:
    settings.FRAMELANE_ASSET_RETENTION_DAYS = 7
    asset = make(alice, 100)
    found = list(expired_assets())
    Asset.objects.update(last_used_at=clock.now())
    assert (len(found), collect(found), store.exists(asset.key)) == (1, [], True)


def test_what_is_not_examined_yet_stays(alice: Person, make: Make, settings: Settings) -> None:
    settings.FRAMELANE_ASSET_RETENTION_DAYS = 1
    make(alice, 10, status="processing")
    make(alice, 10, probe_due_at=clock.now())
    make(alice, 10, status="failed", error={"code": "decode_failed", "message": "Broken."})
    assert [piece.reason for piece in expired_assets()] == ["expired_asset"]


@pytest.mark.parametrize("days", [-1, 36_501])
def test_other_retentions_are_refused_at_the_start(settings: Settings, days: int) -> None:
    settings.FRAMELANE_ASSET_RETENTION_DAYS = settings.FRAMELANE_COPY_RETENTION_DAYS = days
    assert [found.id for found in check_settings()].count("framelane.E080") == 2


def test_a_store_that_refuses_one_costs_no_other(
    alice: Person, store: Store, make: Make, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.FRAMELANE_ASSET_RETENTION_DAYS = 7
    stuck, other = make(alice, 100), make(alice, 100)
    delete = type(store).delete

    def refuse(which: Store, key: str) -> None:
        if key == stuck.key:
            raise StorageError("locked")
        delete(which, key)

    monkeypatch.setattr(type(store), "delete", refuse)
    tasks.collect_garbage()
    assert list(Asset.objects.all()) == [stuck]
    assert (store.exists(stuck.key), store.exists(other.key)) == (True, False)


# --- Outputs --------------------------------------------------------------------------------------------------------


def test_an_output_that_a_job_still_reads_outlives_its_retention(alice: Person, store: Store, put: Put) -> None:
    made = completed(alice, put)
    element = {"type": "video", "source_url": get_links().stable(made.output_key)}
    job = create_render(workspace=alice.workspace, payload={"elements": [element]})
    assert sweep()["expired"] == 0
    assert not find_garbage()
    assert store.exists(made.output_key)
    Job.objects.filter(id=job.id).update(status=Status.CANCELLED, completed_at=clock.now())
    [found] = find_garbage()
    assert (found.reason, found.name, found.size_bytes) == ("expired_output", made.output_key, 120)
    assert sweep()["expired"] == 1
    assert not store.exists(made.output_key)


# --- Orphans --------------------------------------------------------------------------------------------------------


def test_old_objects_that_no_row_names_go(alice: Person, store: Store, put: Put, make: Make) -> None:
    kept = [make(alice, 100).key, put(alice, "uploads/young.mp4", age_days=1.9)]
    job = completed(alice, put, expired=False)
    running = create_render(workspace=alice.workspace, payload={"elements": []})
    kept += [job.output_key, job.output_key.replace(".mp4", ".srt")]
    kept += [put(alice, f"renders/{running.id}/attempt-1/output.mp4")]
    fetching = Import.objects.create(
        workspace=alice.workspace, url="https://cdn.example.org/a.mp4", key="k", due_at=clock.now()
    )
    kept += [put(alice, f"imports/{fetching.id}/a.mp4")]
    lost = [
        put(alice, "uploads/lost.mp4"),
        put(alice, "imports/import_1/a.mp4"),
        put(alice, f"renders/{job.id}/attempt-1/output.mp4"),
    ]
    lost += [make(alice, 10, status="failed", error={"code": "x", "message": "y"}).key]
    assert named(orphans()) == set(lost)
    tasks.collect_orphans()
    assert [store.exists(key) for key in kept] == [True] * len(kept)
    assert [store.exists(key) for key in lost] == [False] * len(lost)


def test_two_days_are_waited_for_a_row(alice: Person, put: Put, monkeypatch: pytest.MonkeyPatch) -> None:
    put(alice, "uploads/clip.mp4", age_days=0)
    now = clock.now()
    monkeypatch.setattr(clock, "now", lambda: now + timedelta(seconds=ORPHANED_AFTER_S - 60))
    assert not list(orphans())
    monkeypatch.setattr(clock, "now", lambda: now + timedelta(seconds=ORPHANED_AFTER_S + 60))
    assert len(list(orphans())) == 1


def test_objects_of_a_workspace_that_was_never_here_are_reported_only(alice: Person, store: Store, put: Put) -> None:
    key = put("ws_01J8QR2K5VKDGN2T4FBM3CZYX9", "uploads/clip.mp4", age_days=1000)
    assert not list(orphans())
    assert [found.key for found in strangers()] == [key]
    Erasure.objects.create(workspace_id="ws_01J8QR2K5VKDGN2T4FBM3CZYX9")
    assert not list(strangers())
    tasks.collect_orphans()
    assert not store.exists(key)


def test_what_is_no_key_is_never_touched(alice: Person, tmp_path: Path, store: Store, put: Put) -> None:
    put(alice, "uploads/clip.mp4")
    others = [tmp_path / "store" / name for name in ("README.txt", "backup/dump.sql", f"{alice.workspace.id}/.nfs01")]
    for path in others:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"not ours")
        os.utime(path, (0, 0))
    tasks.collect_orphans()
    assert all(path.exists() for path in others)


def test_rows_whose_object_is_gone_are_reported(alice: Person, store: Store, put: Put, make: Make) -> None:
    make(alice, 1)
    Upload(alice)
    lost, job = make(alice, 1), completed(alice, put, expired=False)
    store.delete(lost.key)
    store.delete(job.output_key)
    assert {(row.owner, row.key) for row in missing()} == {(lost.id, lost.key), (job.id, job.output_key)}
    assert Asset.objects.filter(id=lost.id).exists()


# --- The command ----------------------------------------------------------------------------------------------------


def run(*arguments: str) -> list[str]:
    out = StringIO()
    call_command("collect_garbage", *arguments, stdout=out)
    return out.getvalue().splitlines()


def everything(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


@pytest.fixture
def littered(
    alice: Person, bob: Person, store: Store, put: Put, make: Make, settings: Settings, tmp_path: Path
) -> Path:
    """A store with something of every kind, kept and not; its folder."""
    settings.FRAMELANE_ASSET_RETENTION_DAYS = 20
    for person in (alice, bob):
        make(person, 30), make(person, 30, used_days_ago=1), make(person, 40, source="https://cdn.example.org/a.mp4")
        put(person, "uploads/lost.mp4", size_bytes=17)
        completed(person, put), completed(person, put, expired=False)
        store.delete(make(person, 5).key)
        upload = Upload(person)
        upload.piece(mp4_like(100), 0, 33)
        Asset.objects.filter(id=upload.asset.id).update(expires_at=clock.now() - 3 * DAY)
        Upload(person).piece(mp4_like(100), 0, 50)
    put("ws_01J8QR2K5VKDGN2T4FBM3CZYX9", "uploads/clip.mp4")
    stale = store.start_upload(f"{alice.workspace.id}/uploads/x.mp4", "video/mp4")
    draft = tmp_path / "store" / ".drafts" / "half"
    draft.write_bytes(bytes(7))
    for path in (draft, tmp_path / "store" / ".sessions" / stale.handle / "data"):
        os.utime(path, (0, 0))
    return tmp_path / "store"


def test_a_dry_run_says_what_a_run_does_and_does_nothing(littered: Path) -> None:
    before, assets = everything(littered), Asset.objects.count()
    announced = run("--dry-run")
    assert (everything(littered), Asset.objects.count()) == (before, assets)
    assert run("--dry-run") == announced
    done = run()
    assert [line.replace("would delete", "deleted") for line in announced] == done
    pieces = [line.split("\t") for line in done if line.startswith("deleted\t")]
    gone = before - everything(littered)
    assert {name for _, reason, _, name in pieces if reason in ("orphan", "expired_asset", "expired_copy")} <= gone
    assert len(gone) == 2 * (1 + 1 + 1 + 2 + 1) + 2
    assert {reason for _, reason, *_ in pieces} == {
        "abandoned_upload",
        "expired_asset",
        "expired_copy",
        "expired_output",
        "orphan",
        "leftover",
    }
    assert run("--dry-run")[0] == "would delete nothing"


def test_sizes_are_told_one_by_one_and_summed_up(littered: Path) -> None:
    lines = run("--dry-run")
    assert len([line for line in lines if "\torphan\t17\t" in line]) == 2
    assert "would delete 2 × orphan, 34 bytes" in lines
    assert "would delete 2 × abandoned_upload, 66 bytes" in lines
    assert "would delete 2 × expired_output, 240 bytes" in lines
    assert "would delete 2 × leftover, 7 bytes" in lines


def test_what_needs_a_look_is_told(littered: Path) -> None:
    for lines in (run("--dry-run"), run()):
        assert len([line for line in lines if line.startswith("missing\tasset_")]) == 2
        assert len([line for line in lines if line.startswith("unknown workspace\t100\tws_")]) == 1
