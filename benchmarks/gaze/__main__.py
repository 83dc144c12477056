"""`python -m benchmarks.gaze`: measure, print, and write `results/gaze.md`. Takes about two minutes on one core."""

import argparse
import sys
import time
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path

import numpy as np

from benchmarks.gaze.bars import case_bars, jitter_bars, still_bars
from benchmarks.gaze.cases import cases, redirected
from benchmarks.gaze.meter import offset_of
from benchmarks.gaze.panned import Jitter, jitter, panned
from benchmarks.gaze.portrait import portrait
from benchmarks.gaze.report import markdown
from benchmarks.gaze.treated import readings
from benchmarks.gaze.turned import turns
from benchmarks.render.machine import machine_facts
from benchmarks.render.paths import RESULTS
from gpu_tasks.models.gaze.redirect import GazeRedirect

NOISES = (0.0, 4.0, 8.0)
TIMED_FRAMES = 40
VARIANTS = {"×2.5": (2.5, False), "×3, mirrored": (3.0, True), "×4": (4.0, False)}


def main(argv: Sequence[str] | None = None) -> int:
    """Exit status 1 if a bar is missed."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.gaze")
    parser.add_argument("--results", type=Path, default=RESULTS, help="the folder of gaze.md")
    folder: Path = parser.parse_args(argv).results
    tables = {"×3 (the bars)": list(cases(portrait()))}
    tables |= {name: list(cases(portrait(scale, mirrored=mirrored))) for name, (scale, mirrored) in VARIANTS.items()}
    bars = [*case_bars(tables["×3 (the bars)"]), *still_bars(*_still()), *jitter_bars([_jitter(n) for n in NOISES])]
    report = markdown(bars, tables, list(turns(portrait())), list(readings(portrait())), _facts())
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "gaze.md").write_text(report, "utf-8")
    print(report)
    return 0 if all(bar.passed for bar in bars) else 1


def _still() -> tuple[float, float]:
    photograph = portrait()
    full, none = (redirected([photograph.rgb], intensity)[0].rgb for intensity in (1.0, 0.0))
    return offset_of(photograph, full)[0], float(np.count_nonzero(none != photograph.rgb))


def _jitter(noise: float) -> Jitter:
    print(f"pan, noise {noise:g}", file=sys.stderr, flush=True)
    return jitter(portrait(), noise)


def _facts() -> dict[str, str]:
    frames = list(panned(portrait(), 0.25, 4.0, TIMED_FRAMES + 1))
    results = GazeRedirect(1.0, still=False).process(frames)
    next(results)
    start_s = time.process_time()
    list(results)
    cost_ms = (time.process_time() - start_s) * 1000 / TIMED_FRAMES
    height, width = frames[0].rgb.shape[:2]
    known = machine_facts()
    facts = {name: known[name] for name in ("processor", "system") if name in known}
    return facts | {"mediapipe": version("mediapipe"), f"a frame of {width}×{height}": f"{cost_ms:.1f} ms of CPU"}


if __name__ == "__main__":
    sys.exit(main())
