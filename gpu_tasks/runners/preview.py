"""Pictures of a file that nobody has to trust: made in a bounded child. Knows neither Django nor Celery."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from framelane.lib.sandbox import Limits
from gpu_tasks.errors import JobFailed
from gpu_tasks.runners.child import engine_command, run_child

PREVIEWS = engine_command("gpu_tasks.previews")


@dataclass(frozen=True, slots=True)
class Pictures:
    """What was made of a file; None for what it does not have. `width` and `height` are those of the poster."""

    poster: Path | None
    width: int | None
    height: int | None
    strip: Path | None
    strip_frames: int
    waveform: Path | None

    def files(self) -> dict[str, Path]:
        """The files that there are, by the fields of a preview that name them."""
        named = {"poster_key": self.poster, "strip_key": self.strip, "waveform_key": self.waveform}
        return {name: path for name, path in named.items() if path is not None}


def make_pictures(
    source: Path,
    scratch: Path,
    *,
    should_stop: Callable[[], bool],
    limits: Limits,
    command: Sequence[str] = PREVIEWS,
) -> Pictures:
    """Make the preview of `source` inside the folder `scratch`, which holds it. Raises JobFailed, Stopped."""
    result = run_child(
        [*command, source.name],
        scratch=scratch,
        limits=limits,
        progress=lambda stage, percent: None,
        should_stop=should_stop,
        names={},
    )
    return Pictures(
        poster=_file(result, "poster", scratch),
        width=result["width"],
        height=result["height"],
        strip=_file(result, "strip", scratch),
        strip_frames=result["strip_frames"],
        waveform=_file(result, "waveform", scratch),
    )


def _file(result: Mapping[str, Any], name: str, scratch: Path) -> Path | None:
    """One of the pictures, under the only name that it may have."""
    if not result[name]:
        return None
    path = scratch / Path(result[name]).name
    if path.is_symlink() or not path.is_file():
        raise JobFailed("internal", f"The {name} is not there.")
    return path
