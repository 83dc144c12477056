"""Runs the tools over the scenes, one after another and round and round, and keeps what the meter says."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks.render.frames import Film, film_facts
from benchmarks.render.machine import load_average
from benchmarks.render.meter import Usage, measure
from benchmarks.render.scene import Scene
from benchmarks.render.tools import UNSUPPORTED_SCENE, Tool

Say = Callable[[str], None]


@dataclass(slots=True)
class Result:
    """One tool on one scene: every run, what came out, or why there is nothing."""

    scene: str
    height: int
    duration_s: float
    tool: str
    runs: list[Usage] = field(default_factory=list)
    film: Film | None = None
    note: str = ""
    psnr_db: list[float] = field(default_factory=list)
    load_before: float = 0.0

    @property
    def cpu_s(self) -> float | None:
        """Median CPU seconds per second of film."""
        return median(run.cpu_s for run in self.runs) / self.duration_s if self.runs else None

    @property
    def spread(self) -> float:
        """Largest over smallest CPU time of the runs."""
        return max(run.cpu_s for run in self.runs) / min(run.cpu_s for run in self.runs) if self.runs else 0.0

    @property
    def wall_s(self) -> float | None:
        """Median wall seconds per second of film."""
        return median(run.wall_s for run in self.runs) / self.duration_s if self.runs else None

    @property
    def peak_bytes(self) -> int | None:
        """The largest peak of all runs."""
        return max(run.peak_bytes for run in self.runs) if self.runs else None

    def as_json(self) -> dict[str, Any]:
        runs = [{key: value for key, value in asdict(run).items() if key != "output"} for run in self.runs]
        return {**asdict(self), "runs": runs, "cpu_s_per_s": self.cpu_s, "wall_s_per_s": self.wall_s}


def output_of(scene: Scene, tool: Tool) -> Path:
    return scene.folder / f"{tool.name}.mp4"


def run_scene(scene: Scene, tools: list[Tool], absent: Mapping[str, str], runs: int, say: Say) -> list[Result]:
    """`runs` rounds over all tools that know the scene. Tools that fail are noted and left out of later rounds."""
    chosen = [tool for tool in tools if scene.name in tool.scenes]
    load = load_average()
    results = {
        tool.name: Result(scene.name, scene.height, scene.duration_s, tool.name, load_before=load) for tool in chosen
    }
    for tool in chosen:
        if tool.name in absent:
            results[tool.name].note = f"absent: {absent[tool.name]}"
        elif tool.prepare:
            tool.prepare(scene)
    for _ in range(runs):
        for tool in chosen:
            if not results[tool.name].note:
                _run_once(scene, tool, results[tool.name], say)
    for tool in chosen:
        _look_at(output_of(scene, tool), scene, results[tool.name])
        if tool.clean:
            tool.clean(scene)
    return list(results.values())


def _run_once(scene: Scene, tool: Tool, result: Result, say: Say) -> None:
    output = output_of(scene, tool)
    output.unlink(missing_ok=True)
    usage = measure(tool.command(scene, output), folder=scene.folder, env=tool.env)
    if usage.status == 0 and output.exists():
        result.runs.append(usage)
        say(f"{scene.label} {tool.name}: {usage.cpu_s:.2f} CPU s, {usage.wall_s:.1f} s, {usage.peak_bytes >> 20} MiB")
        return
    last_words = usage.output.strip().splitlines()[-1:] or [""]
    kind = "not yet" if tool.name == "ours" and usage.status == UNSUPPORTED_SCENE else f"failed ({usage.status})"
    result.note = f"{kind}: {last_words[0].partition(';')[0][:160]}"
    result.runs.clear()
    say(f"{scene.label} {tool.name}: {result.note}")


def _look_at(output: Path, scene: Scene, result: Result) -> None:
    """Note a film that is not the one that was asked for: a short film is quick to make."""
    if not result.runs:
        return
    result.film = film_facts(output)
    wrong = list(_differences(result.film, scene))
    if wrong:
        result.note = "wrong output: " + ", ".join(wrong)


def _differences(film: Film, scene: Scene) -> Iterator[str]:
    if (film.width, film.height) != (scene.width, scene.height):
        yield f"{film.width}×{film.height} pixels"
    if film.frame_count != scene.frame_count:
        yield f"{film.frame_count} frames"
    if film.pixel_format != "yuv420p":
        yield film.pixel_format
    if film.matrix != 1:
        yield "not tagged BT.709"
    if abs(film.audio_s - scene.duration_s) > 0.1:
        yield f"{film.audio_s:.1f} s of sound"
