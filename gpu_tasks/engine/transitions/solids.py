"""Pictures as walls of solid things in perspective: the faces of a cube, the wings of a door."""

import math
from dataclasses import dataclass
from typing import Final

from gpu_tasks.engine.surface import Plane, Surface
from gpu_tasks.engine.transitions.base import transition
from gpu_tasks.engine.transitions.blending import BLACK, smooth, toward
from gpu_tasks.engine.transitions.box import Box, in_box
from gpu_tasks.timeline.transforms import Projective, translation

Vector = tuple[float, float, float]
"""x to the right, y down, z away from the viewer; the origin is the box's centre in the plane of the screen."""


def _in_space(box: Box, corner: Vector, across: Vector, down: Vector, camera_px: float) -> Projective:
    """The perspective view of a picture of the box's size that stands in space.

    `corner` is where its upper left corner is, `across` and `down` lead from there to the corners beside and below;
    the viewer stands `camera_px` in front of the screen.
    """
    (cx, cy), columns = box.centre, (_per(across, box.width), _per(down, box.height), corner)
    depths = [z / camera_px for _, _, z in columns]
    depths[2] += 1
    return Projective(
        (
            _row([x + cx * w for (x, _, _), w in zip(columns, depths, strict=True)]),
            _row([y + cy * w for (_, y, _), w in zip(columns, depths, strict=True)]),
            _row(depths),
        )
    )


def _per(vector: Vector, length: float) -> Vector:
    return (vector[0] / length, vector[1] / length, vector[2] / length)


def _row(values: list[float]) -> tuple[float, float, float]:
    return (values[0], values[1], values[2])


@dataclass(frozen=True, slots=True)
class _Wall:
    """A picture and its view. `ground`: whether black (nothing, with alpha) is seen beyond its edges."""

    picture: Surface
    view: Projective
    ground: bool = True

    def show(self, box: Box, out: Surface, left: int, right: int) -> None:
        """Draw the columns [left, right) of the box; both are even."""
        for index in range(len(out.every_plane())):
            step = out.subsampling if index in (1, 2, 4) else 1
            target = out.every_plane()[index][:, left // step : -(-right // step)]
            if 0 not in target.shape:
                self._project(box, index, left, step, target)

    def _project(self, box: Box, index: int, left: int, step: int, out: Plane) -> None:
        view = box.k.plane_projective(self.view.then(Projective.of(translation(-left, 0))), step)
        beyond = BLACK[index] if self.picture.is_opaque else 0
        plane, size = self.picture.every_plane()[index], (out.shape[1], out.shape[0])
        box.k.project(plane, view, size, hold_edges=not self.ground, out=out, beyond=beyond)


def _clear(box: Box, out: Surface) -> None:
    """Black, or nothing at all where there is alpha."""
    colours = zip(out.every_plane(), (*BLACK, 0, 0), strict=False)
    for plane, value in colours:
        box.k.fill(plane, value if out.is_opaque else 0)


def _join_at(box: Box, left: _Wall, right: _Wall, edge_px: float, out: Surface) -> None:
    """Two walls side by side that touch at column `edge_px`; what each leaves free of that column is the other's."""
    before = max(0, min(math.floor(edge_px) // 2 * 2, box.width))
    after = min(before + 2, box.width)
    left.show(box, out, 0, after)
    right.show(box, out, after, box.width + box.width % 2)
    if before == after:
        return
    other, total = box.surface("beside the edge"), box.surface("on the edge")
    right.show(box, other, before, after)
    grounds = BLACK if out.is_opaque else (0, 0, 0)
    for index, plane in enumerate(out.every_plane()):
        step = out.subsampling if index in (1, 2, 4) else 1
        strip = (slice(None), slice(before // step, -(-after // step)))
        theirs, both = other.every_plane()[index][strip], total.every_plane()[index][strip]
        box.k.weigh((plane[strip], theirs), (1, 1), -float((*grounds, 0, 0)[index]), both)
        box.k.copy(both, plane[strip])


_CUBE_CAMERA: Final = 1.5
_CUBE_RECESS: Final = 0.36


@transition("cube", "Both pictures are faces of a cube, which makes a quarter turn.")
@in_box
def cube(outgoing: Surface, incoming: Surface, progress: float, out: Surface, box: Box) -> None:
    turn = math.pi / 2 * smooth(progress)
    # The cube steps back while an edge comes forward.
    recess = _CUBE_RECESS * box.width * math.sin(2 * turn) ** 2
    first = _face(box, outgoing, turn, recess, "leaving")
    second = _face(box, incoming, turn - math.pi / 2, recess, "arriving")
    seen = [face for face in (first, second) if _faces_viewer(box, face)]
    if len(seen) == 1:
        seen[0].show(box, out, 0, box.width + box.width % 2)
        return
    edge_px = first.view.apply(box.width, box.height / 2)[0]
    _join_at(box, first, second, edge_px, out)


def _faces_viewer(box: Box, face: _Wall) -> bool:
    """Whether a face shows its front: close to its quarter turn one looks past it, along its back."""
    left, right = (face.view.apply(x, box.height / 2)[0] for x in (0, box.width))
    return left < right


def _face(box: Box, picture: Surface, turn: float, recess: float, name: str) -> _Wall:
    """A face of a cube as wide as the box, turned to the left by `turn` (radians); light comes from the viewer."""
    half, sin, cos = box.width / 2, math.sin(turn), math.cos(turn)
    corner = (-half * cos - half * sin, -box.height / 2, half * sin - half * cos + half + recess)
    across = (box.width * cos, 0.0, -box.width * sin)
    view = _in_space(box, corner, across, (0.0, box.height, 0.0), _CUBE_CAMERA * box.width)
    return _Wall(toward(box, picture, BLACK, 0.72 * (1 - cos) ** 1.2, box.surface(name)), view)


_DOOR_CAMERA: Final = 1.4
_DOOR_TURN: Final = math.atan(2 * _DOOR_CAMERA)
"""Where the free edge of a wing leaves the screen: its x then projects to the hinge's."""
_FAR: Final = 0.6


@transition("doorway", "The outgoing picture opens like a door of two wings, and the incoming one comes forward.")
@in_box
def doorway(outgoing: Surface, incoming: Surface, progress: float, out: Surface, box: Box) -> None:
    nearness = smooth(progress)
    dim = toward(box, incoming, BLACK, 0.75 * (1 - nearness), box.surface("room"))
    size = _FAR + (1 - _FAR) * nearness
    x, y = box.centre
    view = Projective(((size, 0.0, x * (1 - size)), (0.0, size, y * (1 - size)), (0.0, 0.0, 1.0)))
    opening = smooth(progress / 0.9)
    wings = toward(box, outgoing, BLACK, 0.6 * opening, box.surface("wings"))
    left, right = (_wing(box, wings, _DOOR_TURN * opening, side) for side in (-1, 1))
    edges_px = (left.view.apply(x, y)[0], right.view.apply(x, y)[0])
    _Wall(dim, view).show(box, out, *_even_around(box, *edges_px))
    _hang(box, left, right, edges_px, out)


def _even_around(box: Box, low: float, high: float) -> tuple[int, int]:
    return (max(0, math.floor(low) // 2 * 2 - 2), min(box.width + box.width % 2, math.ceil(high) // 2 * 2 + 2))


def _wing(box: Box, picture: Surface, turn: float, side: int) -> _Wall:
    """A half of the picture, hinged at the left (side −1) or right edge and swung towards the viewer by `turn`."""
    half, sin, cos = box.width / 2, math.sin(turn), math.cos(turn)
    across = (box.width * cos, 0.0, side * box.width * sin)
    hinge = (side * half, -box.height / 2, 0.0)
    corner = hinge if side < 0 else (hinge[0] - across[0], hinge[1], -across[2])
    return _Wall(picture, _in_space(box, corner, across, (0.0, box.height, 0.0), _DOOR_CAMERA * box.width), False)


def _hang(box: Box, left: _Wall, right: _Wall, edges_px: tuple[float, float], out: Surface) -> None:
    """Draw both wings up to their free edges over what is in the doorway; the column on an edge is mixed."""
    end = box.width + box.width % 2
    for wing, edge_px, side in ((left, edges_px[0], -1), (right, edges_px[1], 1)):
        before = max(0, min(math.floor(edge_px) // 2 * 2, end - 2))
        wing.show(box, out, *((0, before) if side < 0 else (before + 2, end)))
        other, mixed = box.surface("beside the edge"), box.surface("on the edge")
        wing.show(box, other, before, before + 2)
        for index, (plane, theirs, both) in enumerate(
            zip(out.every_plane(), other.every_plane(), mixed.every_plane(), strict=True)
        ):
            step = out.subsampling if index in (1, 2, 4) else 1
            for column in range(before // step, min(-(-(before + 2) // step), plane.shape[1])):
                covered = edge_px / step - column if side < 0 else column + 1 - edge_px / step
                at = (slice(None), slice(column, column + 1))
                box.k.mix(plane[at], theirs[at], min(max(covered, 0.0), 1.0), both[at])
                box.k.copy(both[at], plane[at])
