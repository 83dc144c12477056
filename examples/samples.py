"""Makes the sample files of the documentation anew, in docs/samples unless another folder is named.

python -m examples.samples [FOLDER]
"""

import sys
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from pathlib import Path

import av
import cv2
import numpy as np

from examples.sources import aurora, dunes, figure, portrait, still
from examples.sources.clip import SAMPLE_RATE, write_clip
from examples.sources.music import air, music
from examples.sources.noise import Array
from examples.sources.speech import voice

FOLDER = Path(__file__).resolve().parent.parent / "docs" / "samples"
SIZE = (640, 360)
MAX_BYTES = 300_000
ROWS = """name,title,subtitle,colour
ada,Ada Lovelace,Wrote the first program,#7a3cff
grace,Grace Hopper,Found the first bug,#0f9d76
hedy,Hedy Lamarr,Made frequencies hop,#d6336c
"""


def _small(frames: Iterable[Array], duration_s: float) -> Iterator[Array]:
    for picture in islice(frames, round(duration_s * 30)):
        yield np.asarray(cv2.resize(picture, SIZE, interpolation=cv2.INTER_AREA))


def _clip(path: Path) -> None:
    write_clip(path, _small(dunes.frames(4.0), 4.0), air(4.0, seed=2, low_hz=250, high_hz=1400, swell_s=2.0), crf=27)


def _second(path: Path) -> None:
    write_clip(path, _small(aurora.frames(4.0), 4.0), air(4.0, seed=1, low_hz=120, high_hz=500, swell_s=4.0), crf=27)


def _talk(path: Path) -> None:
    write_clip(path, figure.talking(6.0), voice(6.0), crf=26)


def _green(path: Path) -> None:
    write_clip(path, figure.before_green(3.0), np.zeros((3 * SAMPLE_RATE, 2), np.float32), crf=26)


def _logo(path: Path) -> None:
    cv2.imwrite(str(path), cv2.cvtColor(still.logo(320), cv2.COLOR_RGBA2BGRA))


def _photo(path: Path) -> None:
    cv2.imwrite(str(path), still.mountains(1200, 800)[..., ::-1], [cv2.IMWRITE_JPEG_QUALITY, 84])


def _portrait(path: Path) -> None:
    cv2.imwrite(str(path), portrait.small()[..., ::-1], [cv2.IMWRITE_JPEG_QUALITY, 88])


def _music(path: Path) -> None:
    """MP3 of 12 seconds at 160 kbit/s."""
    sound = music(12.0)
    sound[-SAMPLE_RATE:] *= np.linspace(1, 0, SAMPLE_RATE, dtype=np.float32)[:, None]
    with av.open(str(path), "w", format="mp3") as container:
        stream = container.add_stream("libmp3lame", rate=SAMPLE_RATE, layout="stereo", options={"b": "160k"})
        for start in range(0, len(sound), 1152):
            block = np.ascontiguousarray(sound[start : start + 1152].T)
            frame = av.AudioFrame.from_ndarray(block, format="fltp", layout="stereo")
            frame.sample_rate, frame.pts = SAMPLE_RATE, start
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))


def _rows(path: Path) -> None:
    path.write_text(ROWS, "utf-8")


def _evening(path: Path) -> None:
    """A colour table with warm lights and cold shadows, in the .cube format: 9 × 9 × 9 colours, red changes fastest."""
    blue, green, red = np.meshgrid(*3 * [np.linspace(0, 1, 9)], indexing="ij")
    luma = 0.2126 * red + 0.7152 * green + 0.0722 * blue
    lights, shadows = luma**1.5, (1 - luma) ** 1.5
    shifts = (0.1 * lights - 0.05 * shadows, 0.035 * lights + 0.025 * shadows, 0.09 * shadows - 0.1 * lights)
    steeper = [0.55 * plane**2 * (3 - 2 * plane) + 0.45 * plane for plane in (red, green, blue)]
    colours = np.stack([np.clip(plane + shift, 0, 1).ravel() for plane, shift in zip(steeper, shifts, strict=True)], 1)
    rows = "".join(f"{r:.4f} {g:.4f} {b:.4f}\n" for r, g, b in colours)
    path.write_text(f'TITLE "Evening"\nLUT_3D_SIZE 9\n{rows}', "utf-8")


MAKERS: dict[str, Callable[[Path], None]] = {
    "clip.mp4": _clip,
    "second.mp4": _second,
    "talk.mp4": _talk,
    "green.mp4": _green,
    "logo.png": _logo,
    "photo.jpg": _photo,
    "portrait.jpg": _portrait,
    "music.mp3": _music,
    "rows.csv": _rows,
    "evening.cube": _evening,
}


def main(arguments: list[str]) -> None:
    folder = Path(arguments[0]) if arguments else FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    for name, maker in MAKERS.items():
        maker(folder / name)
        print(f"{name}: {(folder / name).stat().st_size} bytes")


if __name__ == "__main__":
    main(sys.argv[1:])
