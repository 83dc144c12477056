"""`python -m benchmarks.render`: compare the engine with its peers, scene by scene, in one run."""

import argparse
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from benchmarks.render.bars import Extras, bars
from benchmarks.render.bench import Result, output_of, run_scene
from benchmarks.render.frames import compare
from benchmarks.render.length import long_film_ratio
from benchmarks.render.machine import machine_facts
from benchmarks.render.paths import RESULTS, ROOT
from benchmarks.render.report import write_report
from benchmarks.render.scene import NAMES, Scene, heights_of, load
from benchmarks.render.sources import ensure_sources
from benchmarks.render.startup import startup_s
from benchmarks.render.tools import TOOL_NAMES, TOOLS, install_peers

REFERENCE = "ffmpeg"


def main(argv: Sequence[str] | None = None) -> int:
    arguments = _arguments(argv)
    absent = install_peers(arguments.tools)
    for name, reason in absent.items():
        _say(f"{name}: {reason}")
    ensure_sources()
    tools = [tool for tool in TOOLS if tool.name in arguments.tools]
    results: list[Result] = []
    for name in arguments.scenes:
        for height in heights_of(name, arguments.heights):
            scene = load(name, height)
            results += run_scene(scene, tools, absent, arguments.runs, _say)
            if arguments.frame_check:
                _check_frames(scene, [r for r in results if (r.scene, r.height) == (name, height)])
            _report(results, arguments, Extras())
    _report(results, arguments, _extras(arguments))
    print((arguments.results / "render.md").read_text("utf-8"))
    return 0


def _extras(arguments: argparse.Namespace) -> Extras:
    if "ours" not in arguments.tools:
        return Extras()
    long_film = long_film_ratio(min(arguments.heights), _say) if arguments.long_film else None
    return Extras(startup_s(arguments.runs), long_film)


def _report(results: list[Result], arguments: argparse.Namespace, extras: Extras) -> None:
    """Written after every scene: a broken run leaves what it has measured."""
    found = list(bars(results, arguments.heights, extras))
    options = {"runs": arguments.runs, "scenes": ", ".join(arguments.scenes)}
    write_report(arguments.results, results, found, machine_facts(), options)


def _check_frames(scene: Scene, results: list[Result]) -> None:
    titles = {tool.name: tool for tool in TOOLS}
    films = {r.tool: output_of(scene, titles[r.tool]) for r in results if r.runs and r.tool != "transcode"}
    if not films:
        return
    for tool, values in compare(scene, films, REFERENCE).items():
        next(r for r in results if r.tool == tool).psnr_db = values
    _say(f"{scene.label}: look at {(scene.folder / 'contact.png').relative_to(ROOT)}")


def _arguments(argv: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.render", description=__doc__)
    parser.add_argument("--scenes", type=_choice(NAMES), default=list(NAMES), help=",".join(NAMES))
    parser.add_argument("--heights", type=_heights, default=[720, 1080], help="720,1080")
    parser.add_argument("--tools", type=_choice(TOOL_NAMES), default=list(TOOL_NAMES), help=",".join(TOOL_NAMES))
    parser.add_argument("--runs", type=int, default=3, help="rounds over all tools (3)")
    parser.add_argument(
        "--frame-check",
        action=argparse.BooleanOptionalAction,
        default=True,
        help="compare frames and write a contact sheet for each scene",
    )
    parser.add_argument(
        "--long-film", action=argparse.BooleanOptionalAction, default=True, help="measure memory over a 120 s film"
    )
    parser.add_argument("--results", type=Path, default=RESULTS, help="folder for the tables (benchmarks/results)")
    return parser.parse_args(argv)


def _choice(allowed: Sequence[str]) -> Callable[[str], list[str]]:
    def parse(text: str) -> list[str]:
        wanted = text.split(",")
        if unknown := sorted(set(wanted) - set(allowed)):
            raise argparse.ArgumentTypeError(f"{', '.join(unknown)}: choose from {', '.join(allowed)}")
        return [name for name in allowed if name in wanted]

    return parse


def _heights(text: str) -> list[int]:
    heights = [int(part) for part in text.split(",") if part.isdigit() and 16 <= int(part) <= 2160]
    if not heights:
        raise argparse.ArgumentTypeError(f"{text!r}: write numbers of lines such as 720,1080")
    return heights


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    raise SystemExit(main())
