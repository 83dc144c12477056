"""The tours in the documentation: their shell blocks, run as a reader would."""

import re
import subprocess
from pathlib import Path

from scripts.live import Platform
from scripts.processes import ROOT


def tour_script(text: str, least_blocks: int) -> str:
    """The shell blocks of a text, one after the other, of which there are at least so many."""
    blocks = re.findall(r"```sh\n(.*?)```", text, re.DOTALL)
    assert len(blocks) >= least_blocks
    return "set -euo pipefail\n" + "\n".join(blocks)


def lines_of(script: str, platform: Platform, folder: Path, timeout_s: float) -> list[str]:
    """What a script prints that talks to a live platform and keeps its files below `folder`."""
    env = {**platform.env, "API": platform.url, "TMPDIR": str(folder)}
    done = subprocess.run(
        ["bash", "-c", script], cwd=ROOT, env=env, capture_output=True, text=True, timeout=timeout_s, check=False
    )
    assert done.returncode == 0, f"{done.stdout}\n{done.stderr}\n{platform.log_tail()}"
    return done.stdout.splitlines()
