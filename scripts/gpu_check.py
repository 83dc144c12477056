"""Runs the tests that need a GPU, then measures it: `python -m scripts.gpu_check`. Without a GPU it fails."""

import os
import subprocess
import sys

from scripts.gpu_workers import gpu_ids
from scripts.processes import ROOT

TESTS = ("tests/gpu", "tests/engine/kernels", "tests/engine/test_cuda_transfer.py")


def main() -> int:
    """The status of pytest, or else of the measurement; 1 when this machine has no GPU."""
    gpus, reason = gpu_ids()
    if not gpus:
        print(f"gpu-check: no NVIDIA GPU: `nvidia-smi --list-gpus` {reason}. Nothing was checked.", file=sys.stderr)
        return 1
    return run("pytest", "-q", *TESTS) or run("benchmarks.gpu")


def run(module: str, *arguments: str) -> int:
    environment = {**os.environ, "FAIL_WITHOUT_CUDA": "1"}
    command = [sys.executable, "-m", module, *arguments]
    return subprocess.run(command, cwd=ROOT, env=environment, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
