"""A render: request and sources in, a film out. Knows neither Django nor Celery."""

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any
from urllib.parse import urlsplit

from framelane.lib.sandbox import Limits
from gpu_tasks.runners.child import Progress, Stopped, engine_command, run_child
from gpu_tasks.timeline.request import RenderRequest

ENGINE = engine_command("gpu_tasks.render")
STILL_FORMATS = frozenset({"png", "jpg"})
DOWNLOADED_PERCENT = 10
RENDERED_PERCENT = 95

_WARNING = re.compile(r"(?P<code>[A-Z][A-Z0-9_]+): (?P<message>.+)", re.DOTALL)
_MEDIA_EXTENSIONS = frozenset(
    [
        *("mp4", "mov", "webm", "m4v", "mkv", "avi", "mpg", "mpeg", "ts"),
        *("mp3", "m4a", "wav", "aac", "flac", "ogg", "oga", "opus"),
        *("jpg", "jpeg", "png", "webp", "gif", "tif", "tiff"),
    ]
)

Fetch = Callable[[str, Path], None]
"""Writes what a URL names to a path. Raises JobFailed."""


@dataclass(frozen=True, slots=True)
class Rendered:
    """The film at `path`. `duration_s` is None for a still picture; a warning is {code, message}."""

    path: Path
    width: int
    height: int
    duration_s: float | None
    size_bytes: int
    warnings: list[dict[str, str]]


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
    command: Sequence[str] = ENGINE,
) -> Rendered:
    """Render a request that has been validated, inside the empty folder `scratch`.

    `report` gets stages and the percentage of the whole job, up to 95; `marked` films carry the watermark.
    `fonts` are URLs of font files that the texts may use, fetched like sources. Raises JobFailed, Stopped.
    """
    request = RenderRequest.model_validate(payload)
    files = _fetch_sources(request.source_urls(), scratch, fetch, report, should_stop)
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
        progress=lambda stage, percent: report(stage, _of_whole(percent)),
        should_stop=should_stop,
        names={name: url for url, name in files.items()},
    )
    return _rendered(output, request, result)


def _fetch_sources(
    urls: Sequence[str], scratch: Path, fetch: Fetch, report: Progress, should_stop: Callable[[], bool]
) -> dict[str, str]:
    """Which file of the folder holds which URL."""
    files: dict[str, str] = {}
    for index, url in enumerate(urls):
        report("downloading", DOWNLOADED_PERCENT * index // len(urls))
        if should_stop():
            raise Stopped
        files[url] = f"source-{index:04d}{_extension(url)}"
        fetch(url, scratch / files[url])
    return files


def _extension(url: str) -> str:
    """The URL's extension where it is one of a medium: decoders take it for a hint, nothing else should."""
    extension = PurePosixPath(urlsplit(url).path).suffix.lower()
    return extension if extension[1:] in _MEDIA_EXTENSIONS else ""


def _of_whole(percent: int) -> int:
    return DOWNLOADED_PERCENT + (RENDERED_PERCENT - DOWNLOADED_PERCENT) * percent // 100


def _rendered(output: Path, request: RenderRequest, result: Mapping[str, Any]) -> Rendered:
    return Rendered(
        path=output,
        width=result["width"],
        height=result["height"],
        duration_s=None if request.output_format in STILL_FORMATS else float(result["duration_s"]),
        size_bytes=output.stat().st_size,
        warnings=[_warning(text) for text in result.get("warnings", [])],
    )


def _warning(text: str) -> dict[str, str]:
    match = _WARNING.fullmatch(text)
    return match.groupdict() if match else {"code": "RENDER_WARNING", "message": text}


def _write_json(path: Path, value: Any) -> None:
    path.write_text(json.dumps(value), "utf-8")
