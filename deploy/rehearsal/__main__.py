"""Follows docs/operations/one-machine.md on a fresh Debian, literally: `make rehearse-deploy`, as root.

Needs debootstrap and systemd-nspawn (Debian: debootstrap, systemd-container), the ports 80, 5432, 6379 and 8000 of this
host, and a way to the packages of Debian and Python. What a mirror of yours needs is copied in by `--copy`, `--bind`.
The repository that the machine clones holds what is committed here.
"""

import argparse
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

from deploy.rehearsal.guide import GuideError, script, section
from deploy.rehearsal.machine import RehearsalError, booted, fresh_debian, inside

ROOT = Path(__file__).resolve().parents[2]
GUIDE = ROOT / "docs" / "operations" / "one-machine.md"
BACKUPS = ROOT / "docs" / "operations" / "backup-and-restore.md"
SECTIONS = {"back-up": "Back up", "restore-all": "Restore"}
"""Parts of the page on backups that restore.sh follows."""
AFTERWARDS = Path(__file__).parent
LABORATORY = {
    "DOMAIN": "127.0.0.1",
    "SCHEME": "http",
    "EMAIL": "operator@films.example.org",
    "REPOSITORY": "file:///rehearsal/framelane.git",
    "MAIL_URL": "filemail://",
}
CHECKS = ("proxy", "restarts", "rotation", "restore")


def main() -> int:
    """0 when the demo film came out, and every check after it passed."""
    options = _options()
    if os.geteuid() != 0:
        print("A rehearsal boots a machine: run it as root.", file=sys.stderr)
        return 1
    started = time.monotonic()
    try:
        rehearse(options)
    except (RehearsalError, GuideError) as error:
        print(f"\n{error}", file=sys.stderr)
        return 1
    print(f"\nThe guide holds ({time.monotonic() - started:.0f} s).")
    return 0


def rehearse(options: argparse.Namespace) -> None:
    """Make the machine, follow the guide on it, then the checks. Raises RehearsalError and GuideError."""
    options.folder.mkdir(parents=True, exist_ok=True)
    machine = options.folder / "machine"
    fresh_debian(options.folder / "base", machine)
    for pair in options.copy:
        source, _, target = pair.partition(":")
        _copy(Path(source), machine / target.lstrip("/"))
    _publish(options.folder)
    values = {**LABORATORY, **dict(value.split("=", 1) for value in options.value)}
    followed = script(GUIDE.read_text("utf-8"), values)
    with booted(machine, [f"{options.folder / 'published'}:/rehearsal", *options.bind]) as leader:
        _follow(leader, machine, "guide", followed)
        for name, heading in SECTIONS.items():
            part = script(section(BACKUPS.read_text("utf-8"), heading), {})
            (machine / "srv" / f"{name}.sh").write_text(part, "utf-8")
        for name in options.checks:
            _follow(leader, machine, name, (AFTERWARDS / f"{name}.sh").read_text("utf-8"))
        if options.keep:
            print(f"The machine runs; its systemd is process {leader}. The end of the input ends it.", flush=True)
            sys.stdin.read()


def _publish(folder: Path) -> None:
    """What is committed, as a repository that the machine can clone."""
    published = folder / "published"
    shutil.rmtree(published, ignore_errors=True)
    published.mkdir()
    command = ["git", "clone", "--quiet", "--bare", "--no-hardlinks", str(ROOT), str(published / "framelane.git")]
    if subprocess.call(command) != 0:
        raise RehearsalError("the repository could not be cloned")


def _copy(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copy2(source, target)


def _follow(leader: int, machine: Path, name: str, text: str) -> None:
    (machine / "srv" / f"{name}.sh").write_text(text, "utf-8")
    if (status := subprocess.call(inside(leader, ["bash", f"/srv/{name}.sh"]), stdin=subprocess.DEVNULL)) != 0:
        raise RehearsalError(f"{name} ended with status {status}")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Follow the guide to one machine on a fresh Debian.")
    parser.add_argument("--folder", type=Path, default=ROOT / "var" / "rehearsal", help="where the machine is made")
    parser.add_argument("--value", action="append", default=[], metavar="NAME=VALUE", help="of the guide's first block")
    parser.add_argument("--copy", action="append", default=[], metavar="FROM:TO", help="a file that the machine gets")
    parser.add_argument("--bind", action="append", default=[], metavar="FROM:TO", help="a folder that the machine sees")
    parser.add_argument("--checks", nargs="*", choices=CHECKS, default=CHECKS, help="what follows the guide; all of it")
    parser.add_argument("--keep", action="store_true", help="until the input ends, leave the machine switched on")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
