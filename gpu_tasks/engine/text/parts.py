"""Pieces of a text with their shapes: how each is moved, and how far its paint reaches."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import skia

from gpu_tasks.engine.motions.base import REST, WHOLE, Pose
from gpu_tasks.engine.text.look import Look
from gpu_tasks.engine.text.pieces import Piece
from gpu_tasks.engine.text.shapes import Shape, Shapes

BLUR_REACH_SIGMAS: Final = 3.2
GLOW_SIGMAS_EM: Final = (0.07, 0.26)
PLATE_PAD_EM: Final = (0.17, 0.05)
PLATE_RADIUS_EM: Final = 0.2
SHADOW_DROP_EM, SHADOW_SIGMA_EM = 0.045, 0.06
_CAMERA_EM: Final = 6.0


@dataclass(frozen=True, slots=True, eq=False)
class Part:
    """A piece and its shape. `matrix` maps its place at rest to where it is, None at rest; `em` is in box pixels."""

    piece: Piece
    shape: Shape
    matrix: Any
    caret: Any
    em: float

    @property
    def pose(self) -> Pose:
        return self.piece.pose

    @property
    def blur_sigma(self) -> float:
        """In units of the shape, which the matrix scales."""
        scale = math.sqrt(abs(self.pose.scale_x * self.pose.scale_y)) * self.pose.zoom
        return self.pose.blur_px / scale if self.pose.blur_px else 0.0

    def plate(self) -> Any:
        """The rectangle of the plate behind the letters, which holds them at rest."""
        rect = skia.Rect.MakeLTRB(
            self.shape.box.fLeft, self.shape.box.fTop, self.shape.box.fRight, self.shape.box.fBottom
        )
        tight = self.shape.ink.makeOutset(-0.11 * self.em, 0)
        if tight.fLeft < tight.fRight:
            rect.join(tight)
        return rect.makeOutset(PLATE_PAD_EM[0] * self.em, PLATE_PAD_EM[1] * self.em)

    def clip(self) -> Any:
        """The uncovered part of the letters as a rectangle, unlimited where nothing is covered; None without cover."""
        if self.pose.shown == WHOLE:
            return None
        room = skia.Rect.MakeLTRB(-1e6, -1e6, 1e6, 1e6)
        box = skia.Rect.MakeLTRB(
            self.shape.box.fLeft, self.shape.box.fTop, self.shape.box.fRight, self.shape.box.fBottom
        )
        box.join(self.shape.ink)
        left, top, right, bottom = self.pose.shown
        if left > 0:
            room.fLeft = box.fLeft + left * box.width()
        if top > 0:
            room.fTop = box.fTop + top * box.height()
        if right < 1:
            room.fRight = box.fLeft + right * box.width()
        if bottom < 1:
            room.fBottom = box.fTop + bottom * box.height()
        return room

    def reach(self, look: Look) -> Any:
        """Bounds of all paint in box pixels."""
        ink = _copy(self.shape.ink)
        if not ink.isEmpty():
            ink.outset(look.outline_width, look.outline_width)
        if self.piece.plate:
            ink.join(self.plate())
        if self.matrix is not None and not ink.isEmpty():
            ink = self.matrix.mapRect(ink)
        if not ink.isEmpty():
            self._spread(ink, look)
        if self.caret is not None:
            ink.join(self.caret)
        return ink

    def _spread(self, ink: Any, look: Look) -> None:
        blur = BLUR_REACH_SIGMAS * self.pose.blur_px
        ink.outset(blur + abs(self.pose.split_px), blur)
        cast = _copy(ink)
        if self.piece.glow:
            halo = BLUR_REACH_SIGMAS * GLOW_SIGMAS_EM[-1] * self.em
            ink.outset(halo, halo)
        if look.shadow:
            soft = BLUR_REACH_SIGMAS * SHADOW_SIGMA_EM * self.em
            cast.offset(0, SHADOW_DROP_EM * self.em)
            cast.outset(soft, soft)
            ink.join(cast)


def _copy(rect: Any) -> Any:
    return skia.Rect.MakeLTRB(rect.fLeft, rect.fTop, rect.fRight, rect.fBottom)


def parts_of(pieces: Sequence[Piece], shapes: Shapes, em: float) -> list[Part]:
    """What is to be drawn: the pieces that can be seen, and all that is plain as one part.

    Letters that touch look a little different one by one, as their antialiased edges are painted over one another.
    """
    special = [piece for piece in pieces if not piece.is_plain]
    rest = shapes.beside([(piece.start, piece.end) for piece in special if piece.start < piece.end])
    parts = [Part(Piece(0, 0), rest, None, None, em)] if rest.paths or rest.blobs else []
    for piece in special:
        if piece.caret or (piece.start < piece.end and not piece.is_hidden):
            parts.append(_part(piece, shapes, em))
    return parts


_NOTHING: Final = Shape((), (), skia.Rect.MakeEmpty(), skia.Rect.MakeEmpty())


def _part(piece: Piece, shapes: Shapes, em: float) -> Part:
    drawn = piece.start < piece.end and not piece.is_hidden
    shape = shapes.of(piece.start, piece.end) if drawn else _NOTHING
    matrix = None if piece.pose == REST or not drawn else _matrix(piece.pose, shape, em)
    return Part(piece, shape, matrix, shapes.caret(piece.start) if piece.caret else None, em)


def _matrix(pose: Pose, shape: Shape, em: float) -> Any:
    x, y = shape.box.centerX(), shape.box.centerY()
    matrix = skia.Matrix.Translate(x + pose.x_px, y + pose.y_px)
    if pose.tilt_x_deg or pose.tilt_y_deg:
        matrix.preConcat(_tilt(pose.tilt_x_deg, pose.tilt_y_deg, _CAMERA_EM * em))
    matrix.preRotate(pose.turn_deg)
    matrix.preScale(pose.scale_x * pose.zoom, pose.scale_y * pose.zoom)
    matrix.preTranslate(-x, -y)
    return matrix


def _tilt(x_deg: float, y_deg: float, camera_px: float) -> Any:
    """CSS rotateY(y) after rotateX(x) of the plane z = 0, seen from `camera_px` (CSS Transforms Level 2, 11)."""
    sin_x, cos_x = math.sin(math.radians(x_deg)), math.cos(math.radians(x_deg))
    sin_y, cos_y = math.sin(math.radians(y_deg)), math.cos(math.radians(y_deg))
    depth = (sin_y / camera_px, -cos_y * sin_x / camera_px)
    return skia.Matrix.MakeAll(cos_y, sin_y * sin_x, 0, 0, cos_x, 0, *depth, 1)
