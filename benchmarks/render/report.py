"""The tables, as Markdown for people and JSON for programs."""

import json
from collections.abc import Sequence
from itertools import groupby
from pathlib import Path
from typing import Any

from benchmarks.render.bars import Bar
from benchmarks.render.bench import Result
from benchmarks.render.tools import TOOLS

EXPLANATION = """\
Every tool renders the same scene with the same x264 settings (veryfast, crf 23, 4:2:0, 30 fps, AAC 128 kb/s), in turn,
in one run. CPU is user + system time of the whole process tree in seconds per second of film, the median of the runs;
*spread* is the largest over the smallest. Memory is resident memory summed over the tree, the largest peak. *PSNR*
compares the tool's frames with the ffmpeg graph's at the moments of the contact sheet. The peers get all lettering
ready-made as pictures. *Load* is the machine's load average just before the scene: well above 0, other work was going
on, and the wall times mean little.
"""


def write_report(
    folder: Path, results: Sequence[Result], found: Sequence[Bar], facts: dict[str, str], options: dict[str, Any]
) -> None:
    """Write `render.md` and `render.json` into `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "render.md").write_text(markdown(results, found, facts, options), "utf-8")
    data = {
        "machine": facts,
        "options": options,
        "results": [result.as_json() for result in results],
        "bars": [{"what": bar.what, "figure": bar.figure, "limit": bar.limit, "verdict": bar.verdict} for bar in found],
    }
    (folder / "render.json").write_text(json.dumps(data, indent=1) + "\n", "utf-8")


def markdown(results: Sequence[Result], found: Sequence[Bar], facts: dict[str, str], options: dict[str, Any]) -> str:
    """The whole report."""
    parts = ["# Rendering: this engine beside others", "", EXPLANATION]
    parts += [f"- {name}: {fact}" for name, fact in facts.items()]
    parts += [f"- {name}: {value}" for name, value in options.items()]
    parts += ["", "## Bars", "", *_bar_table(found)]
    for (scene, height), group in groupby(results, key=lambda result: (result.scene, result.height)):
        rows = list(group)
        parts += ["", f"## {scene}, {height} lines (load {rows[0].load_before:.1f})", "", *_scene_table(rows)]
    return "\n".join(parts) + "\n"


def _bar_table(found: Sequence[Bar]) -> list[str]:
    rows = ["| | measured | at most | |", "|---|---:|---:|---|"]
    for bar in found:
        figure = "–" if bar.figure is None else f"{_number(bar.figure)}{bar.unit}"
        rows.append(f"| {bar.what} | {figure} | {_number(bar.limit)}{bar.unit} | {bar.verdict} |")
    return rows


def _number(value: float) -> str:
    return f"{value:.2f}" if value < 100 else f"{value:.0f}"


def _scene_table(rows: Sequence[Result]) -> list[str]:
    titles = {tool.name: tool.title for tool in TOOLS}
    ours = next((row.cpu_s for row in rows if row.tool == "ours"), None)
    table = [
        "| | CPU s/s | ours is | spread | wall s/s | peak MB | video kb/s | PSNR dB | |",
        "|---|---:|---:|---:|---:|---:|---:|---:|---|",
    ]
    for row in rows:
        table.append(f"| {titles[row.tool]} | {' | '.join(_cells(row, ours))} | {row.note} |")
    return table


def _cells(row: Result, ours: float | None) -> list[str]:
    if row.cpu_s is None or row.wall_s is None or row.peak_bytes is None:
        return ["–"] * 7
    share = f"{ours / row.cpu_s:.2f} ×" if ours and row.tool != "ours" else ""
    psnr = " / ".join(f"{value:.1f}" for value in row.psnr_db)
    kbps = f"{row.film.video_kbps:.0f}" if row.film else "–"
    memory = f"{row.peak_bytes / 1e6:.0f}"
    return [f"{row.cpu_s:.2f}", share, f"{row.spread:.2f}", f"{row.wall_s:.2f}", memory, kbps, psnr]
