"""`python -m benchmarks.gpu`: rates at 1080 and 2160 lines with the card's name, into `results/gpu-<card>.md`.

`--device cpu` runs the same code on torch's CPU device, to see that it runs, and writes nothing.
"""

import argparse
import re
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

import torch

from benchmarks.gpu.rates import compose_fps, plan_of, render_fps
from benchmarks.gpu.tasks import TASKS, TaskRow, line_of_task, measured_task
from benchmarks.render.machine import machine_facts
from benchmarks.render.paths import RESULTS
from benchmarks.render.scene import load
from benchmarks.render.sources import ensure_sources
from gpu_tasks.devices import h264_encoder
from gpu_tasks.engine.cuda_executor import TorchExecutor
from gpu_tasks.engine.executors import HostExecutor


@dataclass(frozen=True, slots=True)
class Row:
    """Frames in a second of one scene at one height."""

    scene: str
    height: int
    compose_cpu: float
    compose_gpu: float
    render_cpu: float
    render_gpu: float


def main(argv: Sequence[str] | None = None) -> int:
    arguments = _arguments(argv)
    ensure_sources()
    rows = []
    for row in measured(arguments.scenes.split(","), arguments.heights, arguments.device, arguments.frames):
        rows.append(row)
        print(line_of(row), flush=True)
    tasks = list(measured_tasks(arguments.device))
    if arguments.device == "cuda":
        path = RESULTS / f"gpu-{slug(card_name())}.md"
        path.write_text(report(rows, tasks))
        print(f"written: {path.name}")
    return 0


def measured(scenes: Sequence[str], heights: Sequence[int], device: str, count: int) -> Iterator[Row]:
    """Every scene at every height, on the CPU and on the device."""
    host, card = HostExecutor(), TorchExecutor(device)
    with tempfile.TemporaryDirectory() as folder:
        output = Path(folder) / "film.mp4"
        for height in heights:
            for name in scenes:
                plan, paths = plan_of(load(name, height).request)
                rates = [compose_fps(plan, paths, executor, count) for executor in (host, card)]
                rates += [render_fps(plan, paths, output, executor, count) for executor in (host, card)]
                yield Row(name, height, *rates)


def measured_tasks(device: str) -> Iterator[TaskRow]:
    """Every task on films, on the CPU and on the device."""
    with tempfile.TemporaryDirectory() as folder:
        for task in TASKS:
            row = measured_task(task, Path(folder), device)
            print(line_of_task(row), flush=True)
            yield row


def report(rows: Sequence[Row], tasks: Sequence[TaskRow]) -> str:
    """The tables as Markdown, under what they were measured with."""
    facts = machine_facts()
    return "\n".join(
        [
            f"# {card_name()}",
            "",
            f"`make gpu-check`, {datetime.now(UTC):%Y-%m-%d}: {facts['processor']}, {facts['cores']} cores,"
            f" torch {version('torch')}, films encoded by {h264_encoder()}. Frames in a second.",
            "",
            "*Compose*: clips' pictures lie ready where they are composed; every frame ends in the machine's memory.",
            "*Render*: from the source files to the film, everything included.",
            "",
            "| scene | compose, CPU | compose, GPU | render, composed by CPU | render, composed by GPU |",
            "|---|---:|---:|---:|---:|",
            *(line_of(row) for row in rows),
            "",
            "## Tasks",
            "",
            "A face of 960×720 pixels: enlarged twice, cut out into ProRes 4444, its eyes turned; loading left out.",
            "The last two run their networks, which mediapipe carries, on the CPU everywhere.",
            "",
            "| task | CPU | with the GPU |",
            "|---|---:|---:|",
            *(line_of_task(row) for row in tasks),
            "",
        ]
    )


def line_of(row: Row) -> str:
    rates = (row.compose_cpu, row.compose_gpu, row.render_cpu, row.render_gpu)
    return f"| {row.scene} {row.height}p | " + " | ".join(f"{rate:.1f}" for rate in rates) + " |"


def card_name() -> str:
    return str(torch.cuda.get_device_name())


def slug(name: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", name.lower().removeprefix("nvidia ")).strip("-")


def _arguments(argv: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="benchmarks.gpu", description=__doc__)
    parser.add_argument("--scenes", default="S1,S2,S3,S4")
    parser.add_argument("--heights", type=int, nargs="+", default=[1080, 2160])
    parser.add_argument("--frames", type=int, default=150)
    parser.add_argument("--device", choices=["cuda", "cpu"], default="cuda")
    return parser.parse_args(argv)


if __name__ == "__main__":
    sys.exit(main())
