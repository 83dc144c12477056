"""What the commands that work on films and files do."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from framelane.cli.context import Context
from framelane.cli.failures import (
    FAILED,
    MISSING,
    REFUSED,
    USAGE,
    CommandFailed,
    Interrupted,
    code_of,
    lines_of,
    refused,
)
from framelane.cli.following import (
    cancelling,
    deliver,
    finish,
    follow,
    jobs_of,
    own_name,
    require_folder,
    save,
    uploading,
)
from framelane.cli.scenes import LocalFile, SceneFile, local_files, read_scene, stand_in, with_addresses
from framelane.cli.terminal import plain
from framelane.errors import FramelaneError, ValidationFailed
from framelane.timeline import Violation, validate
from framelane.types import JobOut, UploadOut


def render(context: Context) -> None:
    """`framelane render`."""
    options = context.options
    if options.output is not None:
        require_folder(Path(options.output))
    file = read_scene(options.scene, options.var)
    job = context.client.renders.create(_uploaded(context, file), idempotency_key=options.idempotency_key)
    _go_on(context, job)


def _uploaded(context: Context, file: SceneFile) -> Any:
    """The scene with its local files uploaded, once it is clear that it would be accepted."""
    files = local_files(file)
    if not files:
        return file.scene
    found = validate(_with_stand_ins(file, files), context.client.capabilities.get().model_dump())
    if errors := [violation for violation in found if violation.severity == "error"]:
        raise refused(errors)
    return with_addresses(file, {local.path: _upload(context, local.path).source_url for local in files})


def _with_stand_ins(file: SceneFile, files: list[LocalFile]) -> Any:
    return with_addresses(file, {local.path: stand_in(local.path) for local in files})


def _upload(context: Context, source: Path, filename: str | None = None, content_type: str | None = None) -> UploadOut:
    with uploading(context, source.name) as show:
        return context.client.uploads.upload(source, filename=filename, content_type=content_type, on_progress=show)


def _go_on(context: Context, job: JobOut) -> None:
    """Follow a new job, or with `--detach` only say what it is."""
    if context.options.detach:
        context.terminal.result(job, [job.id])
        return
    finish(context, job, context.options.output)


def task(context: Context) -> None:
    """`framelane task`."""
    options = context.options
    if options.output is not None:
        require_folder(Path(options.output))
    fields = {name: value for name in options.fields if (value := getattr(options, f"field_{name}")) is not None}
    source_url = _address_of(context, options.source)
    job = context.client.tasks.create(
        options.task_type, source_url=source_url, idempotency_key=options.idempotency_key, **fields
    )
    _go_on(context, job)


def _address_of(context: Context, source: str) -> str:
    """The address of a source: itself, or that of the local file once it is uploaded."""
    if source.startswith(("http://", "https://")):
        return source
    path = Path(source)
    if not path.is_file():
        raise CommandFailed(f"there is no file {source!r}; addresses begin with http:// or https://", code=MISSING)
    return _upload(context, path).source_url


def upload(context: Context) -> None:
    """`framelane upload`."""
    options = context.options
    if len(options.files) > 1 and (options.filename or options.content_type):
        raise CommandFailed("--filename and --content-type are for one file", code=USAGE)
    made = []
    for name in options.files:
        out = (
            _upload_stdin(context)
            if name == "-"
            else _upload(context, Path(name), options.filename, options.content_type)
        )
        made.append({"file": name, **plain(out)})
        if not context.terminal.as_json:
            print(out.source_url, flush=True)
    if context.terminal.as_json:
        context.terminal.result(made)


def _upload_stdin(context: Context) -> UploadOut:
    named, kind = context.options.filename, context.options.content_type
    if not (named or kind):
        raise CommandFailed("stdin has no name: say --filename clip.mp4 or --content-type video/mp4", code=USAGE)
    with uploading(context, "stdin") as show:
        return context.client.uploads.upload(sys.stdin.buffer, filename=named, content_type=kind, on_progress=show)


def wait(context: Context) -> None:
    """`framelane wait`: the job goes on when it is interrupted."""
    options = context.options
    if options.output is not None and len(options.ids) > 1:
        raise CommandFailed("--output is for one job", code=USAGE)
    _for_each(context, options.ids, lambda job_id: deliver(context, _followed(context, job_id), options.output))


def _followed(context: Context, job_id: str) -> JobOut:
    try:
        return follow(context, job_id)
    except Interrupted:
        context.terminal.note(f"{job_id} goes on; `framelane cancel {job_id}` ends it")
        raise


def download(context: Context) -> None:
    """`framelane download`."""
    job: JobOut = jobs_of(context, context.options.id).get(context.options.id)
    path = save(context, job, Path(context.options.output or own_name(job)))
    context.terminal.result({**plain(job), "path": str(path)}, [str(path)])


def cancel(context: Context) -> None:
    """`framelane cancel`."""

    def cancel_one(job_id: str) -> None:
        job = jobs_of(context, job_id).cancel(job_id)
        context.terminal.result(job, [cancelling(job)])

    _for_each(context, context.options.ids, cancel_one)


def _for_each(context: Context, ids: list[str], act: Callable[[str], None]) -> None:
    """Do something to every job; a failure of one keeps none from its turn. Raises CommandFailed at the end."""
    code = 0
    for job_id in ids:
        try:
            act(job_id)
        except (FramelaneError, CommandFailed) as error:
            context.terminal.error(lines_of(error))
            code = code_of(error) if code in (0, code_of(error)) else FAILED
    if code:
        raise CommandFailed(code=code)


def check(context: Context) -> None:
    """`framelane validate`."""
    file = read_scene(context.options.scene, context.options.var)
    scene = _with_stand_ins(file, local_files(file))
    found = _asked(context, scene) if context.options.remote else validate(scene)
    errors = [violation for violation in found if violation.severity == "error"]
    data = {"valid": not errors, "violations": [vars(violation) for violation in found]}
    if context.terminal.as_json:
        context.terminal.result(data)
    for violation in found if not context.terminal.as_json else ():
        (context.terminal.error([str(violation)]) if violation in errors else context.terminal.warning(str(violation)))
    if errors:
        raise CommandFailed(code=REFUSED)
    if not context.terminal.as_json:
        context.terminal.result(data, ["valid"])


def _asked(context: Context, scene: Any) -> list[Violation]:
    """What the server says."""
    try:
        answer = context.client.renders.validate(scene)
    except ValidationFailed as error:
        code = error.code
        return [
            Violation(field.get("code", code), field.get("message", ""), "error", field.get("path", ""))
            for field in error.fields
        ]
    return [
        Violation(warning.code, warning.message, "warning", warning.path) for warning in answer.details.warnings or []
    ]
