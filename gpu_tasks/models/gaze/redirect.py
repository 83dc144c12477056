"""A clip or a picture in which everyone looks into the camera."""

from collections.abc import Iterable, Iterator
from dataclasses import replace

import numpy as np

from gpu_tasks.models.gaze.boxes import Identities
from gpu_tasks.models.gaze.cuts import CutDetector
from gpu_tasks.models.gaze.estimate import Gaze, estimate_gaze
from gpu_tasks.models.gaze.face_state import FaceState
from gpu_tasks.models.gaze.fade import eye_strength
from gpu_tasks.models.gaze.finder import FaceFinder
from gpu_tasks.models.gaze.opening import opening_of
from gpu_tasks.models.gaze.warp import move_iris
from gpu_tasks.models.step import Frame, Rect, Rgb

MODEL = "face-landmark-with-attention"
NOBODY = "no_face: no face was found in any frame, so nothing was changed"


class GazeRedirect:
    """The step: `intensity` 0 changes nothing at all, 1 moves the irises all the way. `still`: pictures, not a clip.

    Frames tell in `changed` which boxes around eyes may differ; everything else is the source's own.
    """

    def __init__(self, intensity: float, *, still: bool) -> None:
        self._intensity = intensity
        self._still = still
        self._found = intensity == 0

    @property
    def model(self) -> str:
        """The name of the network that finds eyes and irises."""
        return MODEL

    @property
    def warnings(self) -> tuple[str, ...]:
        """Told when all frames are done."""
        return () if self._found else (NOBODY,)

    def size(self, width: int, height: int) -> tuple[int, int]:
        return width, height

    def process(self, frames: Iterable[Frame]) -> Iterator[Frame]:
        if self._intensity == 0:
            yield from (replace(frame, changed=()) for frame in frames)
            return
        clip = _Clip(self._intensity, still=self._still)
        try:
            for frame in frames:
                yield clip.redirect(frame)
        finally:
            self._found = clip.found
            clip.close()


class _Clip:
    """What is known of the faces of a clip so far."""

    def __init__(self, intensity: float, *, still: bool) -> None:
        self._intensity = intensity
        self._still = still
        self._finder = FaceFinder(still=still)
        self._cuts = CutDetector()
        self._identities = Identities()
        self._faces: dict[int, FaceState] = {}
        self._begins = True
        self.found = False

    def close(self) -> None:
        self._finder.close()

    def redirect(self, frame: Frame) -> Frame:
        if self._still:
            self._begin()
        elif self._cuts.is_cut(frame.rgb):
            self._finder.forget()
            self._begin()
        found = self._finder.find(frame.rgb)
        self.found = self.found or bool(found)
        gazes = [estimate_gaze(frame.rgb, points) for points in found]
        rgb = frame.rgb.copy() if found else frame.rgb
        boxes: list[Rect] = []
        for number, gaze in zip(self._identities.assign(found), gazes, strict=True):
            correction = self._state(number).correction(gaze, float(frame.time_s))
            boxes += _move_both(rgb, gaze, correction * self._intensity)
        self._tidy()
        return replace(frame, rgb=rgb if boxes else frame.rgb, changed=tuple(boxes))

    def _begin(self) -> None:
        self._identities.forget()
        self._begins = True

    def _state(self, number: int) -> FaceState:
        if number not in self._faces:
            self._faces[number] = FaceState(fades_in=not self._begins)
        return self._faces[number]

    def _tidy(self) -> None:
        known = self._identities.known()
        self._faces = {number: state for number, state in self._faces.items() if number in known}
        self._begins = False


def _move_both(rgb: Rgb, gaze: Gaze, correction: float) -> Iterator[Rect]:
    """Move the irises of a face by a number of diameters along the head; the boxes that were changed."""
    foreshortening = float(np.linalg.norm(gaze.head.across_in_picture))
    for eye, iris in zip(gaze.eyes, gaze.irises, strict=True):
        opening = opening_of(eye, iris.centre, gaze.head.across_in_picture)
        shift_px = correction * eye_strength(eye) * gaze.diameter_px * foreshortening
        box = move_iris(rgb, opening, eye.radius_px, shift_px)
        if box is not None:
            yield box
