"""Where the benchmark keeps what it makes."""

from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SCENES = Path(__file__).parent / "scenes"
RESULTS = ROOT / "benchmarks" / "results"
CACHE = ROOT / "var" / "bench"
SOURCES = CACHE / "sources"
