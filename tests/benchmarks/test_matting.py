"""The figures of mattes measure what they say, and the report judges them by their bars."""

import numpy as np
import pytest

from benchmarks.matting.closed_form import closed_form_matte
from benchmarks.matting.figures import dtssd, edge_error, intersection_over_union, mean_absolute_error
from benchmarks.matting.measure import Colours, Consistency, Motion, Pair
from benchmarks.matting.table import bars, markdown
from gpu_tasks.models.background_removal.planes import Plane

GOOD = Pair(0.1, 0.05)


def square(left: int, value: float = 1.0) -> Plane:
    matte = np.zeros((60, 60), np.float32)
    matte[20:40, left : left + 20] = value
    return matte


def test_the_right_matte_has_no_error() -> None:
    mattes = [square(left) for left in (10, 12, 14)]
    assert intersection_over_union(mattes[0], mattes[0]) == 1
    assert (dtssd(mattes, mattes), mean_absolute_error(mattes, mattes)) == (0, 0)


def test_intersection_over_union_counts_what_is_covered_by_half() -> None:
    assert intersection_over_union(square(10, 0.6), square(20)) == pytest.approx(1 / 3)


def test_the_edge_error_ignores_what_lies_far_from_edges() -> None:
    true = square(20)
    true[19, 20:40] = 0.5
    wrong_inside, wrong_at_edge = true.copy(), true.copy()
    wrong_inside[34:38, 25:35] = 0
    wrong_at_edge[20:24, 25:35] = 0
    assert edge_error(wrong_inside, true) == 0
    assert edge_error(wrong_at_edge, true) > 0.02


def test_dtssd_tells_flicker_from_a_steady_error() -> None:
    true = [square(20)] * 4
    steady, flickering = [square(20, 0.8)] * 4, [square(20, 0.8 + 0.2 * (index % 2)) for index in range(4)]
    assert dtssd(steady, true) == pytest.approx(0, abs=1e-6)
    assert dtssd(flickering, true) == pytest.approx(0.2 / 3, abs=1e-3)


def test_closed_form_matting_finds_a_soft_edge() -> None:
    ramp = np.clip((np.arange(80)[::-1] - 37) / 6, 0, 1)
    true = np.tile(ramp, (60, 1))
    rgb = np.round(np.array((200, 80, 40)) * true[..., None] + np.array((30, 60, 160)) * (1 - true[..., None]))
    found = closed_form_matte(rgb.astype(np.uint8), (true > 0.3).astype(np.float32))
    assert np.abs(found / 255 - true).max() < 0.02


@pytest.mark.parametrize(("iou", "verdict"), [(0.98, "met"), (0.96, "NOT MET")])
def test_the_report_judges(iou: float, verdict: str) -> None:
    found = [Consistency("grey", Pair(0.9, iou), GOOD), Consistency("coffee", Pair(0.5, 0.5), Pair(0.1, 0.1))]
    rest = [Motion("grey", GOOD, GOOD)], [Colours("grey", 0.1, 0.05)]
    judged = {bar.what: bar.verdict for bar in bars(found, *rest)}
    assert judged["1 − IoU, grey"] == verdict
    assert not any("coffee" in what for what in judged)
    assert f"| {verdict} |" in markdown(found, *rest, found, {"alpha": 1.0}, {})
