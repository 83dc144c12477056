"""The whole platform as real processes, for the demo and the end-to-end tests."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx

from scripts.processes import ROOT, Child, free_port, spawn, stop
from scripts.serve import PROCESSES

START_TIMEOUT_S = 240.0
STOP_GRACE_S = 20.0
LOG_TAIL_BYTES = 6000


class PlatformError(RuntimeError):
    """The platform did not start, or a command of it failed; the message holds the end of the log."""


@dataclass
class Platform:
    """A running platform: where it answers, where its files are, which process keeps it."""

    url: str
    home: Path
    log: Path
    env: dict[str, str]
    supervisor: Child = field(repr=False)

    def manage(self, *arguments: str) -> str:
        """Run `manage.py` against this platform; returns what it prints. Raises PlatformError."""
        command = [sys.executable, "manage.py", *arguments]
        done = subprocess.run(command, cwd=ROOT, env=self.env, capture_output=True, text=True, check=False)
        if done.returncode != 0:
            raise PlatformError(f"manage.py {arguments[0]} ended with status {done.returncode}:\n{done.stderr}")
        return done.stdout.strip()

    def create_workspace(self, name: str = "Demo", email: str = "alice@example.com", plan: str = "pro") -> str:
        """Make a workspace; returns its API key."""
        return self.manage("create_workspace", "--name", name, "--email", email, "--plan", plan)

    def log_tail(self) -> str:
        """The end of what all the processes wrote."""
        return self.log.read_bytes()[-LOG_TAIL_BYTES:].decode("utf-8", "replace")


@contextmanager
def running_platform(
    home: Path, settings: Mapping[str, str] | None = None, processes: Sequence[str] = PROCESSES
) -> Iterator[Platform]:
    """Start the platform on a free port with its state in `home`; everything is stopped when the block ends.

    `settings` are further environment variables, `processes` what of the platform to start. Raises PlatformError when
    it does not become ready in time.
    """
    home.mkdir(parents=True, exist_ok=True)
    port, log = free_port(), home / "platform.log"
    url = f"http://127.0.0.1:{port}"
    own = {
        "DJANGO_SETTINGS_MODULE": "framelane.settings",
        "FRAMELANE_HOME": str(home),
        "HOST": "127.0.0.1",
        "PORT": str(port),
    }
    env = {**os.environ, "FRAMELANE_PUBLIC_URL": url, **(settings or {}), **own}
    command = [sys.executable, "-m", "scripts.serve", "--port", str(port), "--processes", *processes]
    with log.open("wb") as output:
        supervisor = spawn(command, env=env, output=output)
    platform = Platform(url, home, log, env, supervisor)
    try:
        _wait_until_ready(platform)
        yield platform
    finally:
        stop(supervisor, grace_s=STOP_GRACE_S)


def _wait_until_ready(platform: Platform) -> None:
    deadline = time.monotonic() + START_TIMEOUT_S
    while not is_ready(platform.url):
        if platform.supervisor.poll() is not None or time.monotonic() > deadline:
            raise PlatformError(f"the platform did not become ready:\n{platform.log_tail()}")
        time.sleep(0.1)


def is_ready(url: str) -> bool:
    """Whether the platform there says that it can work."""
    try:
        return httpx.get(f"{url}/v1/system/ready", timeout=10, trust_env=False).status_code == 200
    except httpx.TransportError:
        return False


def processes_of(home: Path) -> dict[int, str]:
    """Process ids and command lines of everything on this machine that belongs to the platform in `home`.

    Sandboxed children have an environment of their own; they work in a folder below `home`.
    """
    found = {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            if _belongs(folder, home):
                found[int(folder.name)] = (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode().strip()
        except OSError:  # it has ended meanwhile, or is not ours to look at
            continue
    return {pid: command for pid, command in found.items() if command}


def _belongs(process: Path, home: Path) -> bool:
    in_environment = f"FRAMELANE_HOME={home}".encode() in (process / "environ").read_bytes().split(b"\0")
    return in_environment or (process / "cwd").readlink().is_relative_to(home)
