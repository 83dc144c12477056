"""The meter counts the whole tree: children, grandchildren, and those that ran away."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[2]
BURN = "import time\nwhile time.process_time() < 0.4: pass"
METER = """
import dataclasses, json, sys
from pathlib import Path
from benchmarks.render.meter import measure
usage = measure([sys.executable, "-c", sys.argv[1]], folder=Path(sys.argv[2]), timeout_s=float(sys.argv[3]))
print(json.dumps(dataclasses.asdict(usage)))
"""


def metered(script: str, folder: Path, timeout_s: float = 60) -> dict[str, Any]:
    """Measured from a process of its own: the meter waits for every child of the process it runs in."""
    command = [sys.executable, "-c", METER, script, str(folder), str(timeout_s)]
    shown = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True, timeout=120)
    usage: dict[str, Any] = json.loads(shown.stdout)
    return usage


def test_counts_the_command_itself(tmp_path: Path) -> None:
    assert metered(BURN, tmp_path)["cpu_s"] >= 0.4


def test_counts_a_grandchild_that_its_parent_waits_for(tmp_path: Path) -> None:
    script = f"import subprocess, sys\nsubprocess.run([sys.executable, '-c', {BURN!r}])"
    assert metered(script, tmp_path)["cpu_s"] >= 0.4


def test_counts_a_grandchild_that_outlives_its_parent(tmp_path: Path) -> None:
    script = f"import subprocess, sys\nsubprocess.Popen([sys.executable, '-c', {BURN!r}], start_new_session=True)"
    assert metered(script, tmp_path)["cpu_s"] >= 0.4


def test_adds_the_memory_of_processes_that_live_at_once(tmp_path: Path) -> None:
    # Each holds its block until both have one, and a while longer.
    hold = "import sys; block = b'x' * 100_000_000; print(flush=True); sys.stdin.read()"
    script = (
        "import subprocess, sys, time\n"
        f"c = dict(args=[sys.executable, '-c', {hold!r}], stdin=subprocess.PIPE, stdout=subprocess.PIPE)\n"
        "p = [subprocess.Popen(**c) for _ in '12']\n"
        "[x.stdout.readline() for x in p]\n"
        "time.sleep(1.5)\n"
        "[x.communicate() for x in p]"
    )
    assert metered(script, tmp_path)["peak_bytes"] >= 200_000_000


def test_reports_status_and_output_of_a_failure(tmp_path: Path) -> None:
    usage = metered("raise SystemExit('no such clip')", tmp_path)
    assert usage["status"] == 1
    assert "no such clip" in usage["output"]


def test_kills_a_command_that_takes_too_long(tmp_path: Path) -> None:
    assert metered("import time; time.sleep(60)", tmp_path, timeout_s=0.5)["status"] < 0
