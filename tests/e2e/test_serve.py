"""`make serve` ends cleanly, however it is asked to."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from scripts.live import is_ready, processes_of, running_platform
from scripts.processes import ROOT

pytestmark = pytest.mark.once


@pytest.mark.parametrize("ending", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL], ids=lambda ending: ending.name)
def test_nothing_is_left_running(ending: signal.Signals, own_settings: dict[str, str], tmp_path: Path) -> None:
    with running_platform(tmp_path, own_settings) as platform:
        assert len(processes_of(tmp_path)) > 4
        os.kill(platform.supervisor.pid, ending)
        status = platform.supervisor.wait(120)
        _wait_until_gone(tmp_path)
        assert not is_ready(platform.url)
    assert status == (0 if ending != signal.SIGKILL else -signal.SIGKILL)


def test_a_taken_port_ends_with_a_sentence(own_settings: dict[str, str], tmp_path: Path) -> None:
    with running_platform(tmp_path / "first", own_settings) as first:
        port = first.url.rpartition(":")[2]
        command = [sys.executable, "-m", "scripts.serve", "--port", port]
        env = {**first.env, "FRAMELANE_HOME": str(tmp_path / "second")}
        second = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, timeout=240, check=False)
        assert second.returncode == 1
        assert f"Cannot listen on 127.0.0.1:{port}" in second.stderr
        assert is_ready(first.url)


def _wait_until_gone(home: Path, patience: int = 1200) -> None:
    for _ in range(patience):
        if not processes_of(home):
            return
        time.sleep(0.1)
    raise AssertionError(f"still running: {processes_of(home)}")
