"""A render: request and sources in, a film out. Knows neither Django nor Celery."""

import json
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from framelane.lib.sandbox import Limits
from gpu_tasks.runners.child import Progress, engine_command, run_child
from gpu_tasks.runners.outcome import Approve, Made, approve_all, made, of_whole
from gpu_tasks.runners.sources import Fetch, fetch_sources
from gpu_tasks.timeline.request import RenderRequest

ENGINE = engine_command("gpu_tasks.render")
STILL_FORMATS = frozenset({"png", "jpg"})


def render(
    payload: Mapping[str, Any],
    *,
    scratch: Path,
    fetch: Fetch,
    report: Progress,
    should_stop: Callable[[], bool],
    limits: Limits,
    fonts: Sequence[str] = (),
    marked: bool = False,
    approve: Approve = approve_all,
    command: Sequence[str] = ENGINE,
) -> Made:
    """Render a request that has been validated, inside the empty folder `scratch`.

    `report` gets stages and the percentage of the whole job, up to 95; `marked` films carry the watermark.
    `fonts` are URLs of font files that the texts may use, fetched like sources. `approve` is asked
    once the film's length is known, before it is composed. Raises JobFailed, Stopped.
    """
    request = RenderRequest.model_validate(payload)
    files = fetch_sources(request.source_urls(), scratch, fetch, report, should_stop)
    output = scratch / f"output.{request.output_format}"
    _write_json(scratch / "scene.json", payload)
    _write_json(scratch / "sources.json", files)
    argv = [*command, "scene.json", output.name, "--sources", "sources.json", "--progress", "json"]
    if fonts:
        (scratch / "fonts").mkdir()
        for index, url in enumerate(fonts):
            fetch(url, scratch / "fonts" / f"{index:04d}")
        argv += ["--fonts", "fonts"]
    argv += ["--watermark"] if marked else []
    result = run_child(
        argv,
        scratch=scratch,
        limits=limits,
        progress=lambda stage, percent: report(stage, of_whole(percent)),
        should_stop=should_stop,
        names={name: url for url, name in files.items()},
        approve=approve,
    )
    # A still is one frame, which is over at once.
    duration_s = None if request.output_format in STILL_FORMATS else result["duration_s"]
    return made(output, {**result, "duration_s": duration_s}, "RENDER_WARNING")


def _write_json(path: Path, value: Any) -> None:
    path.write_text(json.dumps(value), "utf-8")
