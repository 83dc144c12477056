"""Runs the tests that need a GPU: `python -m scripts.gpu_check`. Without a GPU it fails and says so."""

import os
import subprocess
import sys

from scripts.gpu_workers import gpu_ids
from scripts.processes import ROOT


def main() -> int:
    """pytest's own status; 1 when this machine has no GPU."""
    gpus, reason = gpu_ids()
    if not gpus:
        print(f"gpu-check: no NVIDIA GPU: `nvidia-smi --list-gpus` {reason}. Nothing was checked.", file=sys.stderr)
        return 1
    command = [sys.executable, "-m", "pytest", "-q", "tests/gpu"]
    return subprocess.run(command, cwd=ROOT, env={**os.environ, "FAIL_WITHOUT_CUDA": "1"}, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
