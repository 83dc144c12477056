"""Perspective maps: what CSS's rotateX and rotateY do, and how they compose with affine ones."""

import math

import pytest

from gpu_tasks.timeline.transforms import Affine, Projective, rotation, scaling, tilting, translation

CAMERA_PX = 1280.0


def css(x: float, y: float, x_degrees: float, y_degrees: float) -> tuple[float, float]:
    """rotateX, then rotateY, then perspective, in three dimensions (CSS Transforms Level 2)."""
    a, b = math.radians(x_degrees), math.radians(y_degrees)
    y1, z1 = y * math.cos(a), y * math.sin(a)
    x2, z2 = x * math.cos(b) + z1 * math.sin(b), -x * math.sin(b) + z1 * math.cos(b)
    return x2 / (1 - z2 / CAMERA_PX), y1 / (1 - z2 / CAMERA_PX)


@pytest.mark.parametrize("angles", [(30, 0), (0, 50), (-25, 40), (170, -10)])
@pytest.mark.parametrize("point", [(0, 0), (200, 0), (-130, 77)])
def test_tilting_is_what_css_does(angles: tuple[float, float], point: tuple[float, float]) -> None:
    assert tilting(*angles, (0, 0), CAMERA_PX).apply(*point) == pytest.approx(css(*point, *angles))


def test_the_pivot_stays_where_it_is() -> None:
    assert tilting(40, -60, (300, 200), CAMERA_PX).apply(300, 200) == pytest.approx((300, 200))


def test_a_positive_angle_about_x_brings_the_lower_edge_closer() -> None:
    tilt = tilting(30, 0, (0, 0), CAMERA_PX)
    assert tilt.depth(0, 100) < 1 < tilt.depth(0, -100)


def test_a_positive_angle_about_y_takes_the_right_edge_away() -> None:
    tilt = tilting(0, 30, (0, 0), CAMERA_PX)
    assert tilt.depth(100, 0) > 1 > tilt.depth(-100, 0)


def test_maps_compose_from_left_to_right() -> None:
    affine = scaling(2, 3).then(rotation(20, (5, 6))).then(translation(7, -8))
    tilt = tilting(20, 30, (10, 20), CAMERA_PX)
    assert Projective.of(affine).then(tilt).apply(3, 4) == pytest.approx(tilt.apply(*affine.apply(3, 4)))


def test_between_sample_centres_the_identity_stays_the_identity() -> None:
    assert Projective.of(Affine()).on_centres().apply(3, 4) == pytest.approx((3, 4))
    doubled = Projective.of(scaling(2, 2)).on_centres()
    assert doubled.apply(0, 0) == pytest.approx((0.5, 0.5))


@pytest.mark.parametrize(
    "matrix",
    [
        Projective.of(Affine(1.2, 0.3, -40, -0.1, 0.8, 7)),
        tilting(30, -50, (640, 360), CAMERA_PX),
        tilting(-20, 15, (10, 20), 300).then(Projective.of(rotation(33, (50, 60)))),
    ],
)
def test_the_inverse_leads_back(matrix: Projective) -> None:
    for point in ((0, 0), (123, 45), (900, 700)):
        assert matrix.inverse().apply(*matrix.apply(*point)) == pytest.approx(point)
