"""Folders of attempts are private, always removed, and found again when their worker was killed."""

import shutil
from pathlib import Path

import pytest

from gpu_tasks.runners.scratch import scratch_folder, sweep_scratch


def test_removes_the_folder_when_the_work_is_done(tmp_path: Path) -> None:
    with scratch_folder(tmp_path, "render_1", 2) as folder:
        assert folder == tmp_path / "render_1" / "attempt-2"
        assert folder.stat().st_mode & 0o077 == 0
        (folder / "big").write_bytes(b"x")
    assert list(tmp_path.iterdir()) == []


def test_removes_the_folder_when_the_work_fails(tmp_path: Path) -> None:
    with pytest.raises(LookupError), scratch_folder(tmp_path, "render_1", 1):
        raise LookupError
    assert list(tmp_path.iterdir()) == []


def test_begins_empty(tmp_path: Path) -> None:
    leftover = tmp_path / "render_1" / "attempt-1" / "old"
    leftover.parent.mkdir(parents=True)
    leftover.write_bytes(b"x")
    with scratch_folder(tmp_path, "render_1", 1) as folder:
        assert list(folder.iterdir()) == []


def test_removes_what_earlier_attempts_left(tmp_path: Path) -> None:
    (tmp_path / "render_1" / "attempt-1").mkdir(parents=True)
    (tmp_path / "render_2" / "attempt-1").mkdir(parents=True)
    with scratch_folder(tmp_path, "render_1", 2):
        assert sorted(path.relative_to(tmp_path).as_posix() for path in tmp_path.glob("*/*")) == [
            "render_1/attempt-2",
            "render_2/attempt-1",
        ]


def test_a_job_that_goes_during_the_sweep_does_not_matter(tmp_path: Path) -> None:
    jobs = [tmp_path / "render_1", tmp_path / "render_2"]
    for job in jobs:
        (job / "attempt-1").mkdir(parents=True)

    def is_current(job_id: str, attempt: int) -> bool:
        for job in jobs:
            if job.name != job_id:
                shutil.rmtree(job)
        return False

    assert sweep_scratch(tmp_path, is_current) == 1


def test_sweeps_attempts_that_nobody_holds(tmp_path: Path) -> None:
    for name in ("render_1/attempt-1", "render_1/attempt-2", "render_2/attempt-1", "probe-x/data"):
        (tmp_path / name).mkdir(parents=True)
    assert sweep_scratch(tmp_path, lambda job_id, attempt: (job_id, attempt) == ("render_1", 2)) == 2
    assert sorted(path.relative_to(tmp_path).as_posix() for path in tmp_path.glob("*/*")) == [
        "probe-x/data",
        "render_1/attempt-2",
    ]
    assert not (tmp_path / "render_2").exists()
