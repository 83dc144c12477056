"""Loaded by the workers of these tests: renders take as long as their metadata say, and draw nothing."""

import sys
from pathlib import Path

from gpu_tasks import worker

worker.ENGINE = [sys.executable, str(Path(__file__).parents[1] / "stand_in_engine.py")]  # type: ignore[attr-defined]
