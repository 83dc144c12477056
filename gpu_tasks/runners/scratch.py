"""The folder of an attempt: made empty, removed always, found again by its name alone."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path


@contextmanager
def scratch_folder(root: Path, job_id: str, attempt: int) -> Iterator[Path]:
    """`root/<job>/attempt-N`, readable by nobody else, gone with everything in it when the block ends.

    What earlier attempts of the job left there is removed: whoever made it was killed, or has lost the job.
    """
    folder = root / job_id / f"attempt-{attempt}"
    shutil.rmtree(folder.parent, ignore_errors=True)
    folder.mkdir(mode=0o700, parents=True)
    try:
        yield folder
    finally:
        _remove(folder)


def sweep_scratch(root: Path, is_current: Callable[[str, int], bool]) -> int:
    """Remove what killed workers left behind: every folder of an attempt that nobody holds. How many those were."""
    stale = [folder for folder in _attempts(root) if not is_current(folder.parent.name, _attempt_of(folder))]
    for folder in stale:
        _remove(folder)
    return len(stale)


def _attempts(root: Path) -> Iterator[Path]:
    for job in _entries(root):
        yield from (folder for folder in _entries(job) if folder.name.startswith("attempt-"))


def _entries(folder: Path) -> list[Path]:
    """What lies in a folder; nothing in one that has gone meanwhile with its job, where `glob` would raise."""
    try:
        return list(folder.iterdir())
    except (FileNotFoundError, NotADirectoryError):
        return []


def _attempt_of(folder: Path) -> int:
    number = folder.name.removeprefix("attempt-")
    return int(number) if number.isdecimal() else 0


def _remove(folder: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    # The job's own folder goes with its last attempt.
    with suppress(OSError):
        folder.parent.rmdir()
