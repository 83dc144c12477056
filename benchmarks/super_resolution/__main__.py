"""`python -m benchmarks.super_resolution`: quality and speed of enlarging, into `results/super_resolution.md`.

`--weights FOLDER` measures the weights of a training that is still running instead of the ones shipped.
"""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

import torch

from benchmarks.render.machine import load_average, machine_facts
from benchmarks.render.paths import RESULTS
from benchmarks.super_resolution import tables
from benchmarks.super_resolution.bars import SPEED_SHARE, Bar, quality_bars
from benchmarks.super_resolution.flicker import flicker
from benchmarks.super_resolution.held_out import DEGRADATIONS, photographs
from benchmarks.super_resolution.quality import Score, Way, scores
from benchmarks.super_resolution.speed import compact, interleaved_ms
from benchmarks.super_resolution.ways import (
    BICUBIC,
    CLEAN,
    LANCZOS,
    LINEAR,
    ROBUST,
    bicubic,
    by_network,
    lanczos,
    simple_ways,
)
from gpu_tasks.models.super_resolution.weights_file import read_network
from gpu_tasks.weights.store import SHIPPED

SCALES = (2, 4)
COMPACT = "Real-ESRGAN compact 64 × 16, ×4"
_FACTS = ("processor", "cores", "system")


def main(argv: Sequence[str] | None = None) -> int:
    """Measure, write the tables and print them; 1 where a bar is missed."""
    arguments = _arguments(argv)
    torch.set_num_threads(arguments.threads)
    facts = {name: fact for name, fact in machine_facts().items() if name in _FACTS}
    facts |= {"torch": torch.__version__, "threads": str(arguments.threads), "load before": f"{load_average():.1f}"}
    sections, found = [], list[Bar]()
    for scale in arguments.scales:
        measured = _measured(scale, arguments.weights, arguments.degradations)
        sections += [f"## ×{scale}", *_quality(measured)]
        found += quality_bars(scale, measured) if arguments.degradations == list(DEGRADATIONS) else []
        print("\n\n".join(sections[-3:]), flush=True)
    if not arguments.quality_only:
        sections += [_flicker(arguments.scales, arguments.weights), *_speed(arguments, found)]
    report = _report(facts, found, sections)
    print(report)
    if arguments.write:
        (RESULTS / "super_resolution.md").write_text(report, "utf-8")
    return int(any("missed" in line for line in tables.bars(found).splitlines()))


def _networks(scale: int, folder: Path) -> dict[str, Way]:
    found = {}
    for variant in (CLEAN, ROBUST):
        for name in (f"framelane-x{scale}-{variant}.safetensors", f"x{scale}-{variant}.safetensors"):
            if (folder / name).is_file():
                found[variant] = by_network(read_network(folder / name))
    return found


def _measured(scale: int, folder: Path, degradations: Sequence[str]) -> list[Score]:
    ways, networks, found = simple_ways(scale), _networks(scale, folder), list[Score]()
    for degradation in degradations:
        chosen = ways | networks if degradation == BICUBIC else networks
        found += scores(scale, degradation, photographs(), chosen)
    return found


def _quality(measured: Sequence[Score]) -> list[str]:
    matched = [score for score in measured if score.degradation == BICUBIC]
    ways = list(dict.fromkeys(score.way for score in matched))
    networks = [way for way in ways if way in (CLEAN, ROBUST)]
    return [
        "Reduced by Pillow's bicubic kernel: bicubic enlargement, and what is gained over it.\n\n"
        + tables.matched(matched, ways),
        "Other inputs: the mean gain over bicubic enlargement of the same input, and the least of the five.\n\n"
        + tables.degraded([score for score in measured if score.way in networks], networks),
    ]


def _flicker(scales: Sequence[int], folder: Path) -> str:
    still = photographs()["astronaut"]
    rows = []
    for scale in scales:
        ways = {
            BICUBIC: bicubic(scale),
            LANCZOS: lanczos(scale),
            **_networks(scale, folder),
        }
        rows.append([f"×{scale}", *(f"{flicker(still, scale, way):.2f}" for way in ways.values())])
    head = ["", BICUBIC, LANCZOS, CLEAN, ROBUST][: len(rows[0])]
    return (
        "## Flicker\n\nThe astronaut panned by one of its own pixels a frame, reduced and enlarged: the root mean "
        "square of what differs between frames once the pan is undone, in levels of luma; 0 for the original.\n\n"
    ) + tables.table(head, rows)


def _speed(arguments: argparse.Namespace, found: list[Bar]) -> list[str]:
    ways: dict[str, Way] = {f"bicubic ×{scale}": bicubic(scale) for scale in arguments.scales}
    for scale in arguments.scales:
        ways |= {f"{name} ×{scale}": way for name, way in _networks(scale, arguments.weights).items() if name == CLEAN}
        ways |= {f"clean ×{scale}, bfloat16": _half(scale, arguments.weights)}
    taken_ms = interleaved_ms({**ways, COMPACT: compact()}, arguments.rounds)
    for scale in arguments.scales:
        share = taken_ms[f"clean ×{scale}"] / taken_ms[COMPACT]
        found.append((f"×{scale} CPU time, share of the compact network's", share, SPEED_SHARE, True))
    rows = [[name, f"{ms:.0f}", f"{ms / taken_ms[COMPACT]:.3f}"] for name, ms in taken_ms.items()]
    text = "## Speed\n\nCPU milliseconds for a frame of 640 × 360, the least of several, taken in turns.\n\n"
    return [text + tables.table(["", "CPU ms", "share"], rows)]


def _half(scale: int, folder: Path) -> Way:
    name = next(file for file in sorted(folder.glob(f"*x{scale}-clean.safetensors")))
    return by_network(read_network(name), torch.bfloat16)


def _report(facts: dict[str, str], found: list[Bar], sections: Sequence[str]) -> str:
    head = (
        "# Super-resolution\n\nFive photographs of scikit-image that no network was trained on. PSNR and SSIM of luma "
        "(BT.601, limited range, rounded), `scale` pixels of border left out; SSIM with Gaussian windows of "
        f"1.5 pixels. `{LINEAR}`: one linear filter fitted on drawn pictures. Networks run in float32 on the CPU.\n\n"
    )
    listed = "\n".join(f"- {name}: {fact}" for name, fact in facts.items())
    return "\n\n".join([head + listed, "## Bars\n\n" + tables.bars(found), *sections]) + "\n"


def _arguments(argv: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.super_resolution", description=__doc__)
    parser.add_argument("--weights", type=Path, default=SHIPPED, help="folder of the weights to measure")
    parser.add_argument("--scales", type=int, nargs="+", choices=SCALES, default=SCALES)
    parser.add_argument("--degradations", nargs="+", choices=tuple(DEGRADATIONS), default=list(DEGRADATIONS))
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--quality-only", action="store_true")
    parser.add_argument("--write", action="store_true", help="keep the tables in benchmarks/results")
    return parser.parse_args(argv)


if __name__ == "__main__":
    sys.exit(main())
