"""The sources of a job, as files of its scratch folder."""

from collections.abc import Callable, Sequence
from pathlib import Path, PurePosixPath
from urllib.parse import urlsplit

from gpu_tasks.runners.child import Progress, Stopped
from gpu_tasks.runners.outcome import DOWNLOADED_PERCENT

_MEDIA_EXTENSIONS = frozenset(
    [
        *("mp4", "mov", "webm", "m4v", "mkv", "avi", "mpg", "mpeg", "ts"),
        *("mp3", "m4a", "wav", "aac", "flac", "ogg", "oga", "opus"),
        *("jpg", "jpeg", "png", "webp", "gif", "tif", "tiff"),
    ]
)

Fetch = Callable[[str, Path], None]
"""Writes what a URL names to a path. Raises JobFailed."""


def fetch_sources(
    urls: Sequence[str], scratch: Path, fetch: Fetch, report: Progress, should_stop: Callable[[], bool]
) -> dict[str, str]:
    """Fetch every URL; which file of the folder holds which. Raises JobFailed, Stopped."""
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
