"""Keeps a set of processes running: starts them, restarts what dies, shows their output, ends them together."""

import os
import selectors
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from honcho.environ import parse_procfile

from scripts.processes import ROOT, Child, kill_group, spawn

POLL_INTERVAL_S = 0.2
LONGEST_PAUSE_S = 30.0
STEADY_AFTER_S = 60.0


def procfile_commands(names: tuple[str, ...], path: Path = ROOT / "Procfile") -> dict[str, str]:
    """The shell commands of the named process types, in that order. Raises KeyError for a name that is not there."""
    commands = parse_procfile(path.read_text("utf-8")).processes
    return {name: commands[name] for name in names}


@dataclass
class _Member:
    """One supervised process; `pause_s` doubles with every early death."""

    name: str
    command: str
    child: Child | None = None
    started_at: float = 0.0
    due_at: float = 0.0
    pause_s: float = field(default=0.5)


class Supervisor:
    """Runs named shell commands until `stop()`; a process that dies is started again after a growing pause.

    Not honcho's own manager: that one ends everything when one process dies. SIGTERM goes to the processes alone, not
    to their groups: a Celery worker is to tell its children itself.
    """

    def __init__(self, commands: Mapping[str, str], env: Mapping[str, str], output: IO[str] = sys.stdout) -> None:
        self._members = [_Member(name, command) for name, command in commands.items()]
        self._env = dict(env)
        self._output = output
        self._selector = selectors.DefaultSelector()
        self._width = max(len(name) for name in commands)

    def run(self, on_tick: Callable[[], None] = lambda: None) -> None:
        """Supervise until KeyboardInterrupt or SystemExit comes out; `on_tick` runs a few times a second."""
        while True:
            self._start_due()
            self._relay_output(POLL_INTERVAL_S)
            self._note_deaths()
            on_tick()

    def stop(self, grace_s: float = 12.0) -> None:
        """SIGTERM to every process, `grace_s` for all of them together, then SIGKILL to their groups."""
        children = [member.child for member in self._members if member.child]
        for child in children:
            if child.poll() is None:
                child.terminate()
        deadline = time.monotonic() + grace_s
        while time.monotonic() < deadline and any(child.poll() is None for child in children):
            self._relay_output(POLL_INTERVAL_S / 2)
        for child in children:
            kill_group(child)
            child.wait()

    def _start_due(self) -> None:
        now = time.monotonic()
        for member in self._members:
            if member.child is None and member.due_at <= now:
                self._start(member)

    def _start(self, member: _Member) -> None:
        read_end, write_end = os.pipe()
        os.set_blocking(read_end, False)
        with os.fdopen(write_end, "wb") as pipe:
            member.child = spawn(["/bin/sh", "-c", f"exec {member.command}"], env=self._env, output=pipe)
        member.started_at = time.monotonic()
        self._selector.register(read_end, selectors.EVENT_READ, _Lines(member.name))

    def _relay_output(self, timeout_s: float) -> None:
        for key, _ in self._selector.select(timeout_s):
            chunk = os.read(key.fd, 65536)
            for line in key.data.feed(chunk):
                self._print(key.data.name, line)
            if not chunk:
                self._selector.unregister(key.fd)
                os.close(key.fd)

    def _note_deaths(self) -> None:
        for member in self._members:
            if member.child is not None and member.child.poll() is not None:
                self._schedule_restart(member, member.child)

    def _schedule_restart(self, member: _Member, dead: Child) -> None:
        kill_group(dead)
        now = time.monotonic()
        if now - member.started_at > STEADY_AFTER_S:
            member.pause_s = 0.5
        self._print(member.name, f"ended with status {dead.returncode}; starting again in {member.pause_s:g} s")
        member.child, member.due_at = None, now + member.pause_s
        member.pause_s = min(2 * member.pause_s, LONGEST_PAUSE_S)

    def _print(self, name: str, line: str) -> None:
        print(f"{name.ljust(self._width)} | {line}", file=self._output, flush=True)


class _Lines:
    """Cuts a byte stream into lines; what follows the last newline waits for the rest."""

    def __init__(self, name: str) -> None:
        self.name = name
        self._rest = b""

    def feed(self, chunk: bytes) -> list[str]:
        *lines, self._rest = (self._rest + chunk).split(b"\n")
        if not chunk and self._rest:
            lines, self._rest = [self._rest], b""
        return [line.decode("utf-8", "replace").rstrip() for line in lines]
