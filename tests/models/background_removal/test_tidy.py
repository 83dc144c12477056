"""What the network leaves unsure is decided; what it is sure of stays."""

import numpy as np
import pytest

from gpu_tasks.models.background_removal.planes import Plane
from gpu_tasks.models.background_removal.tidy import tidied


def person(hole: float = 1.0) -> Plane:
    """200×200 with a person of 120×160 at the foot, and in it a patch of 12×12 with a coverage of its own."""
    coverage = np.zeros((200, 200), np.float32)
    coverage[40:, 40:160] = 1
    coverage[100:112, 90:102] = hole
    return coverage


@pytest.mark.parametrize("doubt", [0.15, 0.3, 0.45])
def test_a_doubtful_hole_is_filled(doubt: float) -> None:
    assert (tidied(person(doubt)) == person()).all()


def test_a_gap_that_is_background_for_sure_stays() -> None:
    assert (tidied(person(0.02))[100:112, 90:102] == 0).all()


def test_a_large_hole_stays() -> None:
    coverage = person()
    coverage[60:120, 60:120] = 0.15
    assert (tidied(coverage)[60:120, 60:120] == 0).all()


def test_a_hole_at_the_edge_of_the_picture_stays() -> None:
    coverage = person()
    coverage[190:, 90:102] = 0.15
    assert (tidied(coverage)[190:, 90:102] == 0).all()


def test_specks_go_and_people_far_away_stay() -> None:
    coverage = person()
    coverage[5:10, 5:10] = 0.9
    coverage[5:15, 180:190] = 0.9
    found = tidied(coverage)
    assert (found[5:10, 5:10] == 0).all()
    assert (found[5:15, 180:190] == 1).all()


def test_veils_over_the_background_go() -> None:
    assert (tidied(np.full((50, 50), 0.19, np.float32)) == 0).all()


def test_soft_edges_stay_soft_and_in_place() -> None:
    ramp = np.tile(np.linspace(0, 1, 101, dtype=np.float32), (40, 1))
    found = tidied(ramp)[20]
    assert found[50] == pytest.approx(0.5, abs=0.01)
    assert (np.diff(found) >= 0).all()
    assert ((found > 0.05) & (found < 0.95)).sum() > 30
