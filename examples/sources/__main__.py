"""Makes the sources of the examples: `python -m examples.sources FOLDER [NAME…]`. What is already there stays."""

import os
import sys
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor, as_completed
from pathlib import Path

import cv2

from examples.sources import aurora, dunes, flash, portrait, silk, still
from examples.sources.clip import write_clip, write_sound
from examples.sources.music import air, music


def _aurora(path: Path) -> None:
    write_clip(path, aurora.frames(5.0), air(5.0, seed=1, low_hz=120, high_hz=500, swell_s=4.5))


def _dunes(path: Path) -> None:
    write_clip(path, dunes.frames(5.5), air(5.5, seed=2, low_hz=250, high_hz=1400, swell_s=2.75))


def _silk(path: Path) -> None:
    write_clip(path, silk.frames(6.0), air(6.0, seed=3, low_hz=900, high_hz=5000, swell_s=3.0) * 0.3)


def _flash(path: Path) -> None:
    write_clip(path, flash.frames(4.0), flash.beep(4.0))


def _music(path: Path) -> None:
    write_sound(path, music())


def _mountains(path: Path) -> None:
    cv2.imwrite(str(path), still.mountains()[..., ::-1], [cv2.IMWRITE_JPEG_QUALITY, 90])


def _background(path: Path) -> None:
    cv2.imwrite(str(path), still.background()[..., ::-1])


def _logo(path: Path) -> None:
    cv2.imwrite(str(path), cv2.cvtColor(still.logo(), cv2.COLOR_RGBA2BGRA))


def _portrait(path: Path) -> None:
    write_clip(path, portrait.frames(3.0), air(3.0, seed=4, low_hz=200, high_hz=900, swell_s=1.5))


def _small_portrait(path: Path) -> None:
    cv2.imwrite(str(path), portrait.small()[..., ::-1], [cv2.IMWRITE_JPEG_QUALITY, 85])


def _small_clip(path: Path) -> None:
    write_clip(path, portrait.small_frames(1.0), air(1.0, seed=5, low_hz=200, high_hz=900, swell_s=0.5), crf=28)


MAKERS: dict[str, Callable[[Path], None]] = {
    "aurora.mp4": _aurora,
    "dunes.mp4": _dunes,
    "silk.mp4": _silk,
    "flash.mp4": _flash,
    "music.wav": _music,
    "mountains.jpg": _mountains,
    "background.png": _background,
    "logo.png": _logo,
    "portrait.jpg": _small_portrait,
    "portrait.mp4": _portrait,
    "small-portrait.mp4": _small_clip,
}


def make(name: str, folder: Path) -> Path:
    """Make one source unless it is there; it appears under its name only when it is whole."""
    path = folder / name
    if not path.exists():
        draft = folder / f"draft-{os.getpid()}-{name}"
        MAKERS[name](draft)
        draft.rename(path)
    return path


def make_all(folder: Path, names: list[str], on_made: Callable[[Path], None]) -> None:
    """Make the named sources in parallel, one process per core."""
    folder.mkdir(parents=True, exist_ok=True)
    missing = [name for name in names if not (folder / name).exists()]
    if not missing:
        return
    with ProcessPoolExecutor(max_workers=min(os.cpu_count() or 1, len(missing)), initializer=_one_thread) as pool:
        for future in as_completed([pool.submit(make, name, folder) for name in missing]):
            on_made(future.result())


def _one_thread() -> None:
    cv2.setNumThreads(1)


def main(arguments: list[str]) -> None:
    folder, *names = arguments or sys.exit(__doc__)
    if unknown := set(names) - set(MAKERS):
        sys.exit(f"unknown sources {', '.join(sorted(unknown))}; there are {', '.join(MAKERS)}")
    make_all(Path(folder), names or list(MAKERS), lambda path: print(path))


if __name__ == "__main__":
    main(sys.argv[1:])
