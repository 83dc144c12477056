"""Mattes bear other backgrounds, and are steadier than the network's own coverage at no cost in error.

The known matte comes from the same network and filter: see the report of `benchmarks.matting` for what that shows.
"""

import pytest

from benchmarks.matting.measure import consistency, motion
from benchmarks.matting.pictures import PLAIN, TEXTURED
from benchmarks.matting.table import DTSSD_LIMIT, EDGE_LIMIT, ERROR_LIMIT, LEAST_IOU

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("background", PLAIN + TEXTURED)
def test_the_person_is_found_before_another_background(background: str) -> None:
    found = consistency(background)
    assert found.iou.matte >= LEAST_IOU[background]
    assert found.iou.matte > found.iou.raw
    assert found.edge.ratio <= EDGE_LIMIT


@pytest.mark.parametrize("background", ["grey", "brick"])
def test_the_matte_of_a_moving_person_is_steadier_and_no_worse(background: str) -> None:
    moved = motion(background)
    assert moved.dtssd.ratio <= DTSSD_LIMIT
    assert moved.error.ratio <= ERROR_LIMIT
