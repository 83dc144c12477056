"""The command as a process, as people and scripts run it."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

PATIENCE_S = 240
"""Only what hangs takes so long, on a slow machine as well."""
COMMAND = [str(Path(sys.executable).with_name("framelane"))]


@dataclass(frozen=True)
class Done:
    """How a run of the command ended."""

    code: int
    out: str
    err: str


class Command:
    """Runs `framelane` in a folder of its own, with a configuration of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.config = folder / "xdg" / "framelane" / "config.json"
        self.env = {**os.environ, "XDG_CONFIG_HOME": str(folder / "xdg"), "PYTHONWARNINGS": "error::ResourceWarning"}
        self.env.pop("NO_COLOR", None)

    def __call__(self, *arguments: str, stdin: str | bytes = "", **env: str | None) -> Done:
        """Run it to its end; variables that are None are taken out."""
        given = stdin.encode() if isinstance(stdin, str) else stdin
        done = subprocess.run(
            [*COMMAND, *arguments],
            cwd=self.folder,
            env=self.environment(env),
            input=given,
            capture_output=True,
            timeout=PATIENCE_S,
            check=False,
        )
        return Done(done.returncode, done.stdout.decode(), done.stderr.decode())

    def start(self, *arguments: str, **settings: Any) -> subprocess.Popen[str]:
        """Begin it, and leave it running."""
        return subprocess.Popen(
            [*COMMAND, *arguments],
            cwd=self.folder,
            env=self.env,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            **settings,
        )

    def environment(self, changes: dict[str, str | None]) -> dict[str, str]:
        """The environment with some changes."""
        wanted = {**self.env, **changes}
        return {name: value for name, value in wanted.items() if value is not None}
