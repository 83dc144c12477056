"""The supervisor restarts what dies and leaves nothing behind."""

import io
import os
import signal
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from scripts.supervisor import Supervisor, procfile_commands

pytestmark = pytest.mark.slow


class _Enough(Exception):
    """Ends the supervision in a test."""


def _run_until(supervisor: Supervisor, condition: Callable[[], bool], timeout_s: float = 30) -> None:
    deadline = time.monotonic() + timeout_s

    def tick() -> None:
        if condition() or time.monotonic() > deadline:
            raise _Enough

    with pytest.raises(_Enough):
        supervisor.run(on_tick=tick)


def test_restarts_a_process_that_was_killed() -> None:
    output = io.StringIO()
    supervisor = Supervisor({"alice": "sh -c 'echo pid $$; exec sleep 60'"}, os.environ, output)

    def pids() -> list[int]:
        return [int(line.split()[-1]) for line in output.getvalue().splitlines() if "pid" in line]

    _run_until(supervisor, lambda: len(pids()) == 1)
    os.kill(pids()[0], signal.SIGKILL)
    _run_until(supervisor, lambda: len(pids()) == 2)
    supervisor.stop()
    assert len(pids()) == 2
    assert "ended with status -9; starting again in 0.5 s" in output.getvalue()
    with pytest.raises(ProcessLookupError):
        os.kill(pids()[1], 0)


def test_waits_longer_after_every_early_death() -> None:
    output = io.StringIO()
    supervisor = Supervisor({"bob": "false"}, os.environ, output)
    _run_until(supervisor, lambda: output.getvalue().count("ended with status 1") == 3)
    supervisor.stop()
    pauses = [line.rpartition("again in ")[2] for line in output.getvalue().splitlines()]
    assert pauses == ["0.5 s", "1 s", "2 s"]


def test_kills_what_does_not_listen_to_sigterm() -> None:
    output = io.StringIO()
    command = "sh -c 'trap : TERM; echo pid $$; while true; do sleep 0.1; done'"
    supervisor = Supervisor({"charlie": command}, os.environ, output)
    _run_until(supervisor, lambda: "pid" in output.getvalue())
    supervisor.stop(grace_s=0.5)
    pid = int(output.getvalue().split()[-1])
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


def test_prefixes_every_line_with_the_name_of_its_process() -> None:
    output = io.StringIO()
    supervisor = Supervisor({"bob": "printf 'one\\ntwo'; sleep 60", "charlie": "sleep 60"}, os.environ, output)
    _run_until(supervisor, lambda: "one" in output.getvalue())
    supervisor.stop()
    assert "bob     | one" in output.getvalue()


def test_a_name_that_the_procfile_lacks_is_an_error(tmp_path: Path) -> None:
    procfile = tmp_path / "Procfile"
    procfile.write_text("web: serve --port ${PORT}\n")
    assert procfile_commands(("web",), procfile) == {"web": "serve --port ${PORT}"}
    with pytest.raises(KeyError, match="worker"):
        procfile_commands(("web", "worker"), procfile)


def test_the_procfile_names_every_process_type() -> None:
    names = ("web", "worker-gpu", "worker-cpu", "worker-io", "worker-webhooks", "worker-ingest", "beat", "flower")
    assert tuple(procfile_commands(names)) == names
