"""A long film takes no more memory than a short one."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.media.make import make_clip

pytestmark = pytest.mark.slow
SHORT_S, LONG_S = 5, 30
_MORE = 1.15
_PROGRAM = """
import sys
from pathlib import Path
from tests.media.steps import {step}, run
run(Path(sys.argv[1]), Path(sys.argv[2]), {step}(held_back=8))
print(next(line.split()[1] for line in open("/proc/self/status") if line.startswith("VmHWM")))
"""


@pytest.mark.parametrize(
    ("source_suffix", "suffix", "step"), [("mp4", ".mp4", "Same"), ("webm", ".mp4", "Doubled"), ("mp4", ".webm", "Cut")]
)
def test_memory_does_not_grow_with_length(source_suffix: str, suffix: str, step: str, tmp_path: Path) -> None:
    peaks = {}
    for duration_s in (SHORT_S, LONG_S):
        clip = make_clip(tmp_path / f"{duration_s}.{source_suffix}", width=320, height=180, duration_s=duration_s)
        peaks[duration_s] = _peak_kib(clip, tmp_path / f"out{suffix}", step)
    assert peaks[LONG_S] < _MORE * peaks[SHORT_S], peaks


def _peak_kib(source: Path, output: Path, step: str) -> int:
    command = [sys.executable, "-c", _PROGRAM.format(step=step), str(source), str(output)]
    return int(subprocess.run(command, capture_output=True, text=True, check=True).stdout)
