"""A task alone: `python -m gpu_tasks.task task.json output` does to a picture or a film what the file says.

`task.json` holds `{"type": "super_resolution", "source": "holiday.mp4", …options}`; the source is a path beside it. The
output's suffix follows from the task and its source, and is put behind the name given.

Exit status 0: done; 1: the job failed; 2: the task is not valid. With `--progress json` every line on standard output
is a JSON object: `{"plan": {"width", "height", "duration_s"}}`, `{"stage", "percent"}`, and last `{"result": {...}}`
or `{"error": {"code", "message"}}`.
"""

import argparse
import importlib
import json
import os
import sys
import traceback
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from gpu_tasks.errors import JobFailed
from gpu_tasks.loading import loading
from gpu_tasks.reporting import Reporter, unexpected
from gpu_tasks.weights.catalogue import UnknownModel
from gpu_tasks.weights.store import ModelError

if TYPE_CHECKING:
    from gpu_tasks.models.step import Step
    from gpu_tasks.timeline.sources import SourceInfo

PACKAGES = {
    "super_resolution": "gpu_tasks.models.super_resolution",
    "remove_background": "gpu_tasks.models.background_removal",
    "gaze_redirect": "gpu_tasks.models.gaze",
}
_KEPT_AS_JPEG = frozenset({"jpeg"})


class InvalidTask(ValueError):
    """The task's description cannot be carried out, whatever the source is."""

    code = "validation_error"


def main(argv: Sequence[str] | None = None) -> int:
    """Run one task and report; returns the exit status."""
    arguments = _arguments(argv)
    reporter = Reporter(arguments.progress)
    try:
        result = _run(arguments, reporter)
    except InvalidTask as error:
        reporter.error(error.code, str(error))
        return 2
    except JobFailed as error:
        reporter.error(error.code, error.message)
        return 1
    except ModelError as error:
        reporter.error("internal", str(error))
        return 1
    except Exception as error:  # noqa: BLE001 - the edge of the process: whoever waits for a line must get one
        traceback.print_exc()
        reporter.error(*unexpected(error, "task", "task"))
        return 1
    reporter.result(result, arguments.output.with_name(result["file"]))
    return 0


def _arguments(argv: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m gpu_tasks.task", description="Run a task on a picture or a film.")
    parser.add_argument("task", type=Path, help='JSON: {"type", "source", …options}')
    parser.add_argument("output", type=Path, help="the file to write, without its suffix")
    parser.add_argument("--progress", choices=("bar", "json", "none"), default="bar")
    return parser.parse_args(argv)


def _run(arguments: argparse.Namespace, reporter: Reporter) -> dict[str, Any]:
    options = _description(arguments.task)
    package, source = _package(options.pop("type", None)), _source(arguments.task, options.pop("source", None))
    # Probing brings in FFmpeg, the task its networks: a bad description is told before they are loaded.
    from gpu_tasks.media.probe import probe

    reporter.progress("compositing", 0)
    info = probe(source)
    _check_kind(info)
    return _rewritten(_built(package, options, info), source, info, arguments.output, reporter)


def _rewritten(step: "Step", source: Path, info: "SourceInfo", output: Path, reporter: Reporter) -> dict[str, Any]:
    from gpu_tasks.media.rewrite import rewrite
    from gpu_tasks.models.step import NamesModels, Warns

    file = _with_suffix(output, _form(step, info))
    width, height = step.size(info.width, info.height)
    reporter.plan(width=width, height=height, duration_s=None if info.duration_s is None else float(info.duration_s))
    done = rewrite(source, info, file, step, reporter.progress)
    said = step.warnings if isinstance(step, Warns) else ()
    return {
        **asdict(done),
        "file": file.name,
        "warnings": list(dict.fromkeys([*done.warnings, *said])),
        "model": step.model if isinstance(step, NamesModels) else "",
    }


def _description(path: Path) -> dict[str, Any]:
    try:
        description = json.loads(path.read_text("utf-8"))
    except (OSError, UnicodeDecodeError, json.JSONDecodeError, RecursionError) as error:
        raise InvalidTask(f"cannot read {path.name}: {error}") from None
    if not isinstance(description, dict):
        raise InvalidTask(f"{path.name} holds {type(description).__name__}; an object is accepted")
    return description


def _package(task: Any) -> str:
    if not isinstance(task, str) or task not in PACKAGES:
        raise InvalidTask(f"the task's type is {task!r}; accepted are {', '.join(PACKAGES)}")
    return PACKAGES[task]


def _source(task_file: Path, source: Any) -> Path:
    if not isinstance(source, str) or not source or "\0" in source:
        raise InvalidTask(f"the task's source is {source!r}; the path of a file is accepted")
    path = task_file.resolve().parent / source
    if not os.path.lexists(path):
        raise JobFailed("source_not_found", f"{source} does not exist")
    return path


def _check_kind(info: "SourceInfo") -> None:
    if not (info.kind == "image" or info.has_video):
        raise JobFailed(
            "invalid_source", f"the source is {info.format}, a {info.kind}; pictures and films are accepted"
        )


def _built(package: str, options: Mapping[str, Any], info: "SourceInfo") -> "Step":
    with loading():
        task = importlib.import_module(f"{package}.task")
    try:
        return cast("Step", task.build(options, info))
    except (ValueError, UnknownModel) as error:
        raise InvalidTask(str(error)) from None


def _form(step: "Step", info: "SourceInfo") -> str:
    """What the step asks for, else the source's own kind of file."""
    from gpu_tasks.models.step import ChoosesForm

    if isinstance(step, ChoosesForm):
        return step.form(info)
    if info.kind == "image":
        return ".jpg" if info.format in _KEPT_AS_JPEG else ".png"
    return ".webm" if info.has_alpha else ".mp4"


def _with_suffix(output: Path, suffix: str) -> Path:
    return output if output.suffix == suffix else output.with_name(output.name + suffix)


if __name__ == "__main__":
    sys.exit(main())
