"""Rectangles around faces: how much two of them overlap, and which one continues which."""

from collections.abc import Sequence

from gpu_tasks.models.gaze.landmarks import Points
from gpu_tasks.models.step import Rect


def box_of(points: Points) -> Rect:
    """The box of a face's landmarks, in whole pixels."""
    left, top = points[:, :2].min(axis=0)
    right, bottom = points[:, :2].max(axis=0)
    return int(left), int(top), int(right - left) + 1, int(bottom - top) + 1


def overlap(a: Rect, b: Rect) -> float:
    """The area in both over the area in either: 0 to 1."""
    width = min(a[0] + a[2], b[0] + b[2]) - max(a[0], b[0])
    height = min(a[1] + a[3], b[1] + b[3]) - max(a[1], b[1])
    if width <= 0 or height <= 0:
        return 0.0
    common = width * height
    return common / (a[2] * a[3] + b[2] * b[3] - common)


def without_doubles(faces: Sequence[Points], at_most: float = 0.4) -> list[Points]:
    """Faces that lie on one another are one face; the first of them stays."""
    kept: list[Points] = []
    for face in faces:
        if all(overlap(box_of(face), box_of(other)) <= at_most for other in kept):
            kept.append(face)
    return kept


class Identities:
    """Gives each face a number that it keeps while its box overlaps the one it had before.

    A face that is missing for a few pictures, as behind a hand, keeps its number.
    """

    def __init__(self, least_overlap: float = 0.3, patience_pictures: int = 5) -> None:
        self._least_overlap = least_overlap
        self._patience = patience_pictures
        self._seen: dict[int, tuple[Rect, int]] = {}
        self._next = 0

    def assign(self, faces: Sequence[Points]) -> list[int]:
        """The number of each face of the next picture."""
        boxes = [box_of(face) for face in faces]
        known = self._matches(boxes)
        numbers = [known[i] if i in known else self._new() for i in range(len(boxes))]
        aged = {n: (box, age + 1) for n, (box, age) in self._seen.items() if age < self._patience}
        self._seen = aged | {n: (box, 0) for n, box in zip(numbers, boxes, strict=True)}
        return numbers

    def known(self) -> frozenset[int]:
        """The numbers that may still come back."""
        return frozenset(self._seen)

    def forget(self) -> None:
        """Every face of the next picture is a new one."""
        self._seen = {}

    def _matches(self, boxes: Sequence[Rect]) -> dict[int, int]:
        pairs = [(overlap(box, old), i, n) for i, box in enumerate(boxes) for n, (old, _) in self._seen.items()]
        matches: dict[int, int] = {}
        for share, i, number in sorted(pairs, reverse=True):
            if share >= self._least_overlap and i not in matches and number not in matches.values():
                matches[i] = number
        return matches

    def _new(self) -> int:
        self._next += 1
        return self._next
