"""Real processes on the database of the test: workers, a clock, a web server, each of which may be killed."""

import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from scripts.live import processes_of
from scripts.processes import ROOT, Child, free_port, is_listening, kill_group, spawn
from scripts.supervisor import procfile_commands
from tests.killing import kill_all

PATIENCE_S = 240.0
"""How long a test waits for what must happen; much longer than it should take."""
IMPATIENCE = "tests.chaos.impatience"


def wait_until(condition: Callable[[], object], what: str, log: Callable[[], str] = lambda: "") -> None:
    end = time.monotonic() + PATIENCE_S
    while not condition():
        assert time.monotonic() < end, f"not within {PATIENCE_S:g} s: {what}\n{log()}"
        time.sleep(0.05)


@dataclass
class Cluster:
    """Processes that share the environment `env` and the folder `home`."""

    home: Path
    env: dict[str, str]
    children: list[Child] = field(default_factory=list)

    def start_worker(self, name: str, *, include: str = "tests.chaos.stand_in_worker") -> Child:
        """A worker for renders, with one process."""
        return self._celery("worker", "-n", f"{name}@chaos", "-Q", "render", "-c", "1", "--include", include)

    def start_clock(self) -> Child:
        """A worker for housekeeping, with the clock that asks for it, which is impatient."""
        schedule = self.home / "schedule"
        clock = ("-B", "-s", str(schedule), "--include", IMPATIENCE)
        return self._celery("worker", "-n", "io@chaos", "-Q", "io", "-c", "1", *clock)

    def start_named(self, name: str) -> Child:
        """A worker as the Procfile has it, with impatience."""
        command = procfile_commands((name,))[name]
        return self._start(["sh", "-c", f"exec {command} --include {IMPATIENCE}"])

    def start_web(self) -> tuple[Child, str]:
        """A web server, and where it answers."""
        port = free_port()
        command = ["gunicorn", "framelane.wsgi:application", "--bind", f"127.0.0.1:{port}", "--workers", "1"]
        child = self._start([sys.executable, "-m", *command])
        wait_until(lambda: is_listening("127.0.0.1", port), "the web server listens", self.log)
        return child, f"http://127.0.0.1:{port}"

    def engines(self) -> list[int]:
        """Process ids of the engines at work."""
        names = ("stand_in_engine.py", "gpu_tasks.render")
        return [pid for pid, line in processes_of(self.home).items() if any(name in line for name in names)]

    def pool_processes(self, worker: Child) -> list[int]:
        """Process ids of those that a worker has forked."""
        listing = subprocess.run(
            ["ps", "-o", "pid=,ppid=", "-A"], capture_output=True, text=True, check=True
        ).stdout.split()
        return [int(pid) for pid, parent in zip(listing[::2], listing[1::2], strict=True) if int(parent) == worker.pid]

    def kill(self, child: Child) -> None:
        """SIGKILL to a process and everything that it has started, as when the machine loses power."""
        kill_group(child)
        child.wait()

    def stop(self) -> None:
        for child in self.children:
            if child.poll() is None:
                kill_group(child)
                child.wait()
        kill_all(processes_of(self.home))

    def log(self) -> str:
        """The end of what all the processes wrote."""
        return (self.home / "log").read_text("utf-8", "replace")[-6000:]

    def _celery(self, *arguments: str) -> Child:
        common = ["--without-gossip", "--without-mingle", "--loglevel", "info"]
        return self._start([sys.executable, "-m", "celery", "-A", "framelane", *arguments, *common])

    def _start(self, command: list[str]) -> Child:
        assert Path.cwd().samefile(ROOT)
        with (self.home / "log").open("ab") as output:
            child = spawn(command, env=self.env, output=output, parent_death_signal=signal.SIGKILL)
        self.children.append(child)
        return child
