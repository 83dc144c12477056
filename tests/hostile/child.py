"""The probe as it runs in production: a child process with bounds."""

import json
import os
import resource
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
MEMORY_BYTES = 2 * 1024**3
CPU_S = 30
TIMEOUT_S = 200
"""In case it hangs; a machine that does other things too may well take longer than the child works."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What the child printed, as JSON, its exit status, and its standard error."""

    status: int
    json: dict[str, Any]
    stderr: str

    @property
    def code(self) -> str:
        return str(self.json.get("error", {}).get("code", ""))


def probe_in_child(path: Path) -> Answer:
    """Run the probe on a file with 2 GiB of addresses and 30 seconds of work; raises TimeoutExpired when it hangs."""
    done = subprocess.run(
        [sys.executable, "-m", "gpu_tasks.media.probe", str(path)],
        cwd=path.parent,
        env={**os.environ, "PYTHONPATH": str(ROOT), "OPENBLAS_NUM_THREADS": "1"},
        capture_output=True,
        text=True,
        timeout=TIMEOUT_S,
        preexec_fn=_bound,
    )
    lines = done.stdout.splitlines()
    assert len(lines) == 1, f"one line expected, got {done.stdout!r} and {done.stderr!r}"
    return Answer(done.returncode, json.loads(lines[0]), done.stderr)


def _bound() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_S, CPU_S))
