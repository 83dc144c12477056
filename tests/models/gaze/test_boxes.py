"""Which face is which, from picture to picture."""

import numpy as np
import pytest

from gpu_tasks.models.gaze.boxes import Identities, box_of, overlap, without_doubles
from gpu_tasks.models.gaze.landmarks import Points


def face(x: float, y: float, size: float = 100) -> Points:
    return np.array([[x, y, 0], [x + size - 1, y + size - 1, 0]])


def test_measures_overlap() -> None:
    assert overlap((0, 0, 10, 10), (0, 0, 10, 10)) == 1
    assert overlap((0, 0, 10, 10), (5, 0, 10, 10)) == pytest.approx(1 / 3)
    assert overlap((0, 0, 10, 10), (10, 0, 10, 10)) == 0


def test_boxes_a_face() -> None:
    assert box_of(face(3, 4)) == (3, 4, 100, 100)


def test_drops_a_face_found_twice() -> None:
    first, again, other = face(0, 0), face(5, 5), face(300, 0)
    assert [f is g for f, g in zip(without_doubles([first, again, other]), [first, other], strict=True)] == [True] * 2


def test_keeps_numbers_while_faces_move() -> None:
    identities = Identities()
    first = identities.assign([face(0, 0), face(300, 0)])
    assert identities.assign([face(310, 5), face(12, 0)]) == first[::-1]


def test_gives_a_new_face_a_new_number() -> None:
    identities = Identities()
    (first,) = identities.assign([face(0, 0)])
    assert identities.assign([face(300, 300)]) != [first]


def test_remembers_a_face_that_was_missing_for_a_moment() -> None:
    identities = Identities(patience_pictures=3)
    first = identities.assign([face(0, 0)])
    for _ in range(3):
        assert identities.assign([]) == []
    assert identities.assign([face(4, 0)]) == first


def test_forgets_a_face_that_was_gone_for_long() -> None:
    identities = Identities(patience_pictures=3)
    first = identities.assign([face(0, 0)])
    for _ in range(5):
        identities.assign([])
    assert identities.known() == frozenset()
    assert identities.assign([face(4, 0)]) != first


def test_gives_one_number_once_when_two_faces_overlap_it() -> None:
    identities = Identities()
    identities.assign([face(0, 0)])
    numbers = identities.assign([face(10, 0), face(-10, 0)])
    assert len(set(numbers)) == 2
