"""Does memory stay flat? S1 over and over, twelve times as long."""

import copy
import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from benchmarks.render.meter import measure
from benchmarks.render.scene import Scene, load
from benchmarks.render.tools import TOOLS

REPEATS = 12


def long_film_ratio(height: int, say: Callable[[str], None]) -> float | None:
    """Peak memory of a 120 s film as a multiple of that of its first 10 s; None when our engine fails."""
    short = load("S1", height)
    folder = short.folder.with_name(f"long-{height}")
    folder.mkdir(exist_ok=True)
    scene = replace(short, folder=folder, request=repeated(short.request, REPEATS))
    scene.request_path.write_text(json.dumps(scene.request))
    peaks = [_peak_bytes(candidate) for candidate in (short, scene)]
    say(f"peak memory at {height} lines: 10 s {peaks[0] >> 20} MiB, 120 s {peaks[1] >> 20} MiB")
    return peaks[1] / peaks[0] if all(peaks) else None


def _peak_bytes(scene: Scene) -> int:
    """0 when the run failed."""
    ours = next(tool for tool in TOOLS if tool.name == "ours")
    usage = measure(ours.command(scene, scene.folder / "film.mp4"), folder=scene.folder, env=ours.env)
    return usage.peak_bytes if usage.status == 0 else 0


def repeated(request: dict[str, Any], times: int) -> dict[str, Any]:
    """The film `times` times over, every element again with its own id."""
    duration_s = request["duration"]
    elements = []
    for turn in range(times):
        for element in copy.deepcopy(request["elements"]):
            element["id"] = f"{element['id']}-{turn}"
            element["time"] = element.get("time", 0) + turn * duration_s
            elements.append(element)
    return {**request, "duration": duration_s * times, "elements": elements}
