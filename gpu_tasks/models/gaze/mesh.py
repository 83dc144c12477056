"""MediaPipe's face mesh and face detector, behind the few calls that are needed of them."""

import contextlib
from typing import Any

import cv2
import numpy as np

from gpu_tasks.models.gaze.landmarks import POINT_COUNT, Points
from gpu_tasks.models.quiet import quiet_stderr
from gpu_tasks.models.step import Rect, Rgb

_FULL_RANGE = 1
"""The detector for faces up to five metres away."""
_CONFIDENCE = 0.5
_NOTHING = np.zeros((64, 64, 3), np.uint8)
"""A picture to begin with: models load in threads of their own, and greet until the first picture is done."""


class FaceMesh:
    """Finds up to `max_faces` faces and their 478 landmarks.

    Unless `still`, it follows faces from one picture to the next, which is half again as steady: give it the pictures
    of one shot in order, all of one size, and `forget` between shots.
    """

    def __init__(self, max_faces: int, *, still: bool) -> None:
        with quiet_stderr():
            from mediapipe.python.solutions import face_mesh

            self._mesh: Any = face_mesh.FaceMesh(
                static_image_mode=still,
                max_num_faces=max_faces,
                refine_landmarks=True,
                min_detection_confidence=_CONFIDENCE,
                min_tracking_confidence=_CONFIDENCE,
            )
            self._mesh.process(_NOTHING)
        self._found_any = False

    def find(self, rgb: Rgb) -> list[Points]:
        """The faces of a picture, in its pixels."""
        height, width = rgb.shape[:2]
        scale = np.array([width, height, width], np.float64)
        faces = self._process(np.ascontiguousarray(rgb)).multi_face_landmarks or ()
        self._found_any = self._found_any or bool(faces)
        return [_points(face) * scale for face in faces]

    def _process(self, rgb: Rgb) -> Any:
        # A warning about pictures that are not square comes with the first face.
        with contextlib.nullcontext() if self._found_any else quiet_stderr():
            return self._mesh.process(rgb)

    def forget(self) -> None:
        """Look for faces anew in the next picture."""
        with quiet_stderr():
            self._mesh.reset()
            self._mesh.process(_NOTHING)
        self._found_any = False

    def close(self) -> None:
        self._mesh.close()


def _points(face: Any) -> Points:
    flat = np.fromiter((c for p in face.landmark for c in (p.x, p.y, p.z)), np.float64, POINT_COUNT * 3)
    return flat.reshape(POINT_COUNT, 3)


class FaceDetector:
    """Finds the boxes of faces that are small in the picture."""

    def __init__(self) -> None:
        with quiet_stderr():
            from mediapipe.python.solutions import face_detection

            self._detector: Any = face_detection.FaceDetection(
                model_selection=_FULL_RANGE, min_detection_confidence=_CONFIDENCE
            )
            self._detector.process(_NOTHING)

    def find(self, rgb: Rgb) -> list[Rect]:
        """Boxes in pixels of the picture, clipped to it."""
        height, width = rgb.shape[:2]
        found = self._detector.process(np.ascontiguousarray(rgb)).detections or ()
        boxes = (d.location_data.relative_bounding_box for d in found)
        return [_rect(b.xmin * width, b.ymin * height, b.width * width, b.height * height) for b in boxes]

    def close(self) -> None:
        self._detector.close()


def _rect(left: float, top: float, width: float, height: float) -> Rect:
    return round(left), round(top), max(1, round(width)), max(1, round(height))


def resized(rgb: Rgb, scale: float) -> Rgb:
    """A copy of another size, averaged where it gets smaller and interpolated where it grows."""
    kind = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
    copy: Rgb = cv2.resize(rgb, None, fx=scale, fy=scale, interpolation=kind)
    return copy
