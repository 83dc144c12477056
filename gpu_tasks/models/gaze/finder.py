"""Finds the faces of every picture: large ones in the whole of it, small ones in windows around them.

The mesh looks for faces in a picture of 128 × 128 pixels, whatever it is given: a face that takes a tenth of the frame
is lost in it. A detector for distant faces therefore searches overlapping tiles now and then, and every face that
only it found gets a window of its own, enlarged, in which a mesh follows it.
"""

from collections.abc import Iterator

import numpy as np

from gpu_tasks.models.gaze.boxes import box_of, overlap, without_doubles
from gpu_tasks.models.gaze.landmarks import Points
from gpu_tasks.models.gaze.mesh import FaceDetector, FaceMesh, resized
from gpu_tasks.models.step import Rect, Rgb

MAX_FACES = 6
MAX_WINDOWS = 3
_SEARCH_EVERY = 15
_WIDE_PX = 1280
"""The longest side that the whole picture is searched at: more detail than the mesh takes in."""
_TILE_PX = 900
_WINDOW_PX = 480
_WINDOW_PER_FACE = 3.0
_SMALLEST_FACE_PX = 90
"""Eyes in smaller faces are too small to be redirected."""


class FaceFinder:
    """The landmarks of up to MAX_FACES faces, picture by picture. Holds a few models; `close` it.

    `still`: every picture stands for itself. Otherwise they follow one another, and `forget` tells a cut.
    """

    def __init__(self, *, still: bool) -> None:
        self._still = still
        self._wide = FaceMesh(MAX_FACES, still=still)
        self._detector: FaceDetector | None = None
        self._windows: list[_Window] = []
        self._until_search = 0

    def find(self, rgb: Rgb) -> list[Points]:
        """The faces of the next picture, in its pixels, those of large faces first."""
        scale = min(1.0, _WIDE_PX / max(rgb.shape[:2]))
        faces = [face / scale for face in self._wide.find(resized(rgb, scale) if scale < 1 else rgb)]
        faces += self._in_windows(rgb)
        if self._until_search == 0:
            faces += self._search(rgb, faces)
        self._until_search = 0 if self._still else (self._until_search or _SEARCH_EVERY) - 1
        return without_doubles(faces)[:MAX_FACES]

    def forget(self) -> None:
        """The next picture belongs to another shot."""
        self._wide.forget()
        self._drop(list(self._windows))
        self._until_search = 0

    def close(self) -> None:
        self._wide.close()
        self._drop(list(self._windows))
        if self._detector:
            self._detector.close()

    def _in_windows(self, rgb: Rgb) -> list[Points]:
        found = [(window, window.find(rgb)) for window in self._windows]
        self._drop([window for window, face in found if face is None])
        return [face for _, face in found if face is not None]

    def _drop(self, windows: "list[_Window]") -> None:
        for window in windows:
            window.close()
            self._windows.remove(window)

    def _search(self, rgb: Rgb, known: list[Points]) -> list[Points]:
        if min(rgb.shape[:2]) < _SMALLEST_FACE_PX:
            return []
        self._detector = self._detector or FaceDetector()
        boxes = [box_of(face) for face in known]
        found: list[Points] = []
        for box in _detected(self._detector, rgb):
            if len(self._windows) < MAX_WINDOWS and not any(_covers(box, other) for other in boxes):
                found += self._open_window(rgb, box)
                boxes.append(box)
        return found

    def _open_window(self, rgb: Rgb, box: Rect) -> list[Points]:
        window = _Window(box, still=self._still)
        face = window.find(rgb)
        if face is None or self._still:
            window.close()
        else:
            self._windows.append(window)
        return [] if face is None else [face]


def _covers(a: Rect, b: Rect) -> bool:
    # A detector's box and the box of the landmarks differ a lot: any serious overlap means the same face.
    return overlap(a, b) > 0.15


def _detected(detector: FaceDetector, rgb: Rgb) -> Iterator[Rect]:
    for left, top, width, height in _tiles(rgb.shape[1], rgb.shape[0]):
        for box in detector.find(rgb[top : top + height, left : left + width]):
            if box[2] >= _SMALLEST_FACE_PX // 2:
                yield box[0] + left, box[1] + top, box[2], box[3]


def _tiles(width: int, height: int) -> Iterator[Rect]:
    """The whole picture, then tiles that overlap by at least a fifth, if it is larger than one of them."""
    yield 0, 0, width, height
    if max(width, height) > _TILE_PX * 1.25:
        for top in _starts(height):
            for left in _starts(width):
                yield left, top, min(_TILE_PX, width), min(_TILE_PX, height)


def _starts(length: int) -> list[int]:
    last = max(0, length - _TILE_PX)
    count = 1 + -(-last // (_TILE_PX * 4 // 5))
    return [round(last * i / max(1, count - 1)) for i in range(count)]


class _Window:
    """A part of the picture that one small face is followed in; it stays put until the face leaves its middle."""

    def __init__(self, box: Rect, *, still: bool) -> None:
        self._mesh = FaceMesh(1, still=still)
        self._rect = _around(box)

    def find(self, rgb: Rgb) -> Points | None:
        left, top, side, _ = self._rect
        part = rgb[max(0, top) : top + side, max(0, left) : left + side]
        if part.size == 0:
            return None
        scale = _WINDOW_PX / max(part.shape[:2])
        faces = self._mesh.find(resized(part, scale))
        if not faces:
            return None
        face: Points = faces[0] / scale + np.array([max(0, left), max(0, top), 0.0])
        self._follow(box_of(face))
        return face

    def _follow(self, box: Rect) -> None:
        left, top, side, _ = self._rect
        stray = max(abs(box[0] + box[2] / 2 - left - side / 2), abs(box[1] + box[3] / 2 - top - side / 2))
        if stray > side / 4 or not 1 / 5 < box[2] / side < 1 / 2:
            self._rect = _around(box)
            self._mesh.forget()

    def close(self) -> None:
        self._mesh.close()


def _around(box: Rect) -> Rect:
    side = round(max(box[2], box[3]) * _WINDOW_PER_FACE)
    return round(box[0] + (box[2] - side) / 2), round(box[1] + (box[3] - side) / 2), side, side
