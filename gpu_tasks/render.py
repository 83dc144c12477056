"""The engine alone: `python -m gpu_tasks.render scene.json out.mp4` renders a request without any platform.

Exit status 0: done; 1: the job failed; 2: the scene is not valid. With `--progress json` every line on standard output
is a JSON object: `{"plan": {"width", "height", "duration_s"}}`, `{"stage", "percent"}`, and last `{"result": {...}}`
or `{"error": {"code", "message"}}`.
"""

import argparse
import json
import os
import sys
import traceback
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit

from gpu_tasks.errors import JobFailed
from gpu_tasks.loading import loading
from gpu_tasks.reporting import Reporter, unexpected
from gpu_tasks.timeline.lint import InvalidRequest, lint, parse_render
from gpu_tasks.timeline.planner import STILL_FORMATS
from gpu_tasks.timeline.request import RenderRequest

if TYPE_CHECKING:
    from gpu_tasks.timeline.plan import Plan


def main(argv: Sequence[str] | None = None) -> int:
    arguments = _arguments(argv)
    reporter = Reporter(arguments.progress)
    try:
        result = _run(arguments, reporter)
    except InvalidRequest as error:
        reporter.error(error.code, str(error))
        return 2
    except JobFailed as error:
        reporter.error(error.code, error.message)
        return 1
    except Exception as error:  # noqa: BLE001 - the edge of the process: whoever waits for a line must get one
        traceback.print_exc()
        reporter.error(*unexpected(error, "film", "engine"))
        return 1
    reporter.result(result, arguments.output)
    return 0


def _arguments(argv: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m gpu_tasks.render", description="Render a request to a file.")
    parser.add_argument("scene", type=Path, help="a RenderRequest as JSON; source URLs may be local paths")
    parser.add_argument(
        "output", type=Path, help="the file to write; a scene without output_format takes its extension"
    )
    parser.add_argument("--sources", type=Path, help="JSON object that maps source URLs to local files")
    parser.add_argument("--progress", choices=("bar", "json", "none"), default="bar")
    parser.add_argument("--fonts", type=Path, help="a folder of font files that texts may name by their family")
    parser.add_argument("--watermark", action="store_true", help="mark the film as one of the free plan")
    parser.add_argument("--frames", type=_frame_range, help="render only frames A:B, without sound")
    return parser.parse_args(argv)


def _frame_range(text: str) -> tuple[int, int]:
    first, _, stop = text.partition(":")
    if not (first.isdigit() and stop.isdigit() and int(first) < int(stop)):
        raise argparse.ArgumentTypeError(f"{text!r} is not a range; write A:B with A < B")
    return int(first), int(stop)


def _run(arguments: argparse.Namespace, reporter: Reporter) -> dict[str, Any]:
    # Probing and rendering bring in FFmpeg, OpenCV and Skia: a bad scene is told before they are loaded.
    request = _request(arguments)
    with loading():
        from gpu_tasks.engine.render import frame_range, render
        from gpu_tasks.media.probe import probe
        from gpu_tasks.timeline.planner import make_plan

    paths = _paths(request, arguments)
    reporter.progress("compositing", 0)
    infos = {url: _named(url, path, probe) for url, path in paths.items()}
    plan = make_plan(request, infos, marked=arguments.watermark)
    if arguments.frames:
        plan = frame_range(plan, *arguments.frames)
    _announce(plan, reporter)
    film = render(plan, paths, arguments.output, reporter.progress, _fonts(arguments.fonts))
    notes = [f"{v.code}: {v.message}" for v in (*lint(request), *plan.warnings) if v.severity == "warning"]
    return {**film.as_json(), "warnings": list(dict.fromkeys([*notes, *film.warnings]))}


def _announce(plan: "Plan", reporter: Reporter) -> None:
    canvas = plan.canvas
    is_still = canvas.output_format in STILL_FORMATS
    duration_s = None if is_still else float(canvas.duration_s)
    reporter.plan(width=canvas.width, height=canvas.height, duration_s=duration_s)


def _fonts(folder: Path | None) -> Any:
    """The fonts of the project and, before them, those of a folder."""
    if folder is None:
        return None
    from gpu_tasks.media.font_files import families_of
    from gpu_tasks.media.fonts import FontCatalogue, committed_fonts

    return FontCatalogue((*families_of(sorted(folder.iterdir())), *committed_fonts().families))


def _request(arguments: argparse.Namespace) -> RenderRequest:
    try:
        payload = json.loads(arguments.scene.read_text("utf-8"))
    except (OSError, UnicodeDecodeError, json.JSONDecodeError) as error:
        raise SystemExit(f"cannot read {arguments.scene}: {error}") from None
    if isinstance(payload, dict):
        payload.setdefault("output_format", arguments.output.suffix.lstrip(".").lower() or "mp4")
    return parse_render(payload, local_sources=True)


def _paths(request: RenderRequest, arguments: argparse.Namespace) -> dict[str, Path]:
    """Where each source lies: named by `--sources`, or a path beside the scene."""
    known = json.loads(arguments.sources.read_text("utf-8")) if arguments.sources else {}
    folder = (arguments.sources or arguments.scene).resolve().parent
    return {url: _local(url, folder / known[url] if url in known else None, folder) for url in request.source_urls()}


def _local(url: str, named: Path | None, folder: Path) -> Path:
    parts = urlsplit(url)
    if named is None and parts.scheme not in ("", "file"):
        raise JobFailed("source_not_found", f"{url} is not a local file, and --sources does not name one for it")
    path = named or folder / unquote(parts.path)
    if not os.path.lexists(path):
        raise JobFailed("source_not_found", f"{url} does not exist")
    return path


def _named(url: str, path: Path, probe: Any) -> Any:
    """Probe a source; its errors name the URL that the customer knows, not a file of this machine."""
    try:
        return probe(path)
    except JobFailed as error:
        raise JobFailed(error.code, f"{url}: {error.message}") from None


if __name__ == "__main__":
    sys.exit(main())
