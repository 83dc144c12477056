"""A task on pictures: request and source in, a file of the same kind out. Knows neither Django nor Celery."""

import json
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from framelane.lib.sandbox import Limits
from gpu_tasks.errors import JobFailed
from gpu_tasks.runners.child import Progress, engine_command, run_child
from gpu_tasks.runners.outcome import Approve, Made, approve_all, blaming, made, of_whole
from gpu_tasks.runners.sources import Fetch, fetch_sources
from gpu_tasks.timeline.tasks import options_of

TASK = engine_command("gpu_tasks.task")


def run_task(
    task_type: str,
    request: Mapping[str, Any],
    *,
    scratch: Path,
    fetch: Fetch,
    report: Progress,
    should_stop: Callable[[], bool],
    limits: Limits,
    approve: Approve = approve_all,
    command: Sequence[str] = TASK,
) -> Made:
    """Run a task whose request has been validated, inside the empty folder `scratch`.

    `report` gets stages and the percentage of the whole job, up to 95; `approve` is asked once the source has been
    seen, before anything is made of it. Raises JobFailed, Stopped.
    """
    url = request["source_url"]
    source = fetch_sources([url], scratch, fetch, report, should_stop)[url]
    task = {**options_of(task_type, request), "type": task_type, "source": source}
    (scratch / "task.json").write_text(json.dumps(task), "utf-8")
    with blaming(url, source):
        result = run_child(
            [*command, "task.json", "output", "--progress", "json"],
            scratch=scratch,
            limits=limits,
            progress=lambda stage, percent: report(stage, of_whole(percent)),
            should_stop=should_stop,
            names={},
            approve=approve,
        )
    return made(_output(scratch, result), result, "TASK_WARNING")


def _output(scratch: Path, result: Mapping[str, Any]) -> Path:
    """The file that the child has written, whose extension was its choice."""
    path = scratch / Path(result["file"]).name
    if path.is_symlink() or not path.is_file():
        raise JobFailed("internal", "The task ended without an output.")
    return path
