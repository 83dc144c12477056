"""`python -m benchmarks.tasks`: what the tasks on films cost, and whether their memory grows with the film.

Every task runs on a clip of a face of 10 s and on one of 60 s, each in a process of its own, as on a worker. Prints the
table and writes `results/tasks.md`; ends with status 1 when a long clip takes over 15 % more memory than a short one.
"""

import argparse
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.render.machine import machine_facts
from benchmarks.render.meter import Usage, measure
from benchmarks.render.paths import CACHE, RESULTS, ROOT
from benchmarks.tasks.face import face_clip, task_command
from examples.sources.clip import FRAME_RATE

SHORT_S, LONG_S = 10, 60
MAX_GROWTH = 1.15
SIZES = {"super_resolution": (160, 120)}
USUAL_SIZE = (320, 240)
"""What the clips measure; enlarging takes so long that it gets smaller ones."""
TASKS: dict[str, dict[str, Any]] = {
    "super_resolution": {"scale": 2},
    "remove_background": {"output": "alpha"},
    "gaze_redirect": {"intensity": 1},
}


@dataclass(frozen=True, slots=True)
class Row:
    """One task on both clips."""

    task: str
    short: Usage
    long: Usage

    @property
    def growth(self) -> float:
        return self.long.peak_bytes / self.short.peak_bytes

    @property
    def cpu_ms_per_frame(self) -> float:
        """Without what loading costs, which both clips pay once."""
        return 1000 * (self.long.cpu_s - self.short.cpu_s) / ((LONG_S - SHORT_S) * FRAME_RATE)


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.tasks", description=__doc__)
    parser.add_argument("--tasks", default=",".join(TASKS), help="which of them (all)")
    names = parser.parse_args(argv).tasks.split(",")
    rows = []
    for row in measured(names):
        rows.append(row)
        print(line_of(row), flush=True)
    (RESULTS / "tasks.md").write_text(report(rows), "utf-8")
    return 0 if all(row.growth <= MAX_GROWTH for row in rows) else 1


def measured(names: Sequence[str]) -> Iterator[Row]:
    folder = CACHE / "work" / "tasks"
    folder.mkdir(parents=True, exist_ok=True)
    for name in names:
        clips = [face_clip(folder, seconds, SIZES.get(name, USUAL_SIZE)) for seconds in (SHORT_S, LONG_S)]
        short, long = (_run(name, clip) for clip in clips)
        yield Row(name, short, long)


def _run(task: str, clip: Path) -> Usage:
    command = task_command(task, TASKS[task], clip)
    usage = measure(command, folder=clip.parent, env={"PYTHONPATH": str(ROOT)}, timeout_s=3600)
    if usage.status:
        sys.exit(f"{task} on {clip.name} ended with status {usage.status}:\n{usage.output}")
    return usage


def report(rows: Sequence[Row]) -> str:
    """The table as Markdown, under what it was measured on."""
    facts = [f"- {name}: {fact}" for name, fact in machine_facts().items()]
    head = [
        "# Tasks on films",
        "",
        f"A face of 320×240 pixels (160×120 to be enlarged) at 30 fps with sound, {SHORT_S} s and {LONG_S} s.",
        "Memory is resident memory of the whole process tree at its peak. CPU time is user + system, loading left out.",
        "",
        *facts,
        "",
        "| task | CPU ms a frame | peak MB, short | peak MB, long | long / short | at most |",
        "|---|---:|---:|---:|---:|---:|",
    ]
    return "\n".join([*head, *(line_of(row) for row in rows)]) + "\n"


def line_of(row: Row) -> str:
    peaks = [round(usage.peak_bytes / 1e6) for usage in (row.short, row.long)]
    cells = [row.task, f"{row.cpu_ms_per_frame:.0f}", *peaks, f"{row.growth:.2f}", f"{MAX_GROWTH:.2f}"]
    return f"| {' | '.join(str(cell) for cell in cells)} |"


if __name__ == "__main__":
    sys.exit(main())
