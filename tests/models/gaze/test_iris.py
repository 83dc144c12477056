"""The fit of the iris, on drawn eyes whose centre is known to a fraction of a pixel."""

import cv2
import numpy as np
import pytest

from gpu_tasks.models.gaze.iris import fit_iris
from gpu_tasks.models.gaze.landmarks import Eye
from gpu_tasks.models.step import Rgb

ACROSS = np.array([1.0, 0.0])
CENTRE = np.array([60.0, 40.0])
RADIUS = 10.0


def eye(radius: float = RADIUS, roll_deg: float = 0.0) -> Eye:
    """Lids around CENTRE, rather closed above, and the mesh's iris in their middle."""
    along = np.linspace(-1, 1, 9)
    upper = np.stack([along * 2.7, -0.9 * (1 - along**2)], axis=1) * radius
    lower = np.stack([along * 2.7, 0.95 * (1 - along**2)], axis=1) * radius
    roll = np.radians(roll_deg)
    turn = np.array([[np.cos(roll), np.sin(roll)], [-np.sin(roll), np.cos(roll)]])
    to_space = [np.column_stack([lid @ turn + CENTRE, np.zeros(9)]) for lid in (upper, lower)]
    return Eye(to_space[0], to_space[1], np.array([*CENTRE, 0.0]), radius)


def drawn(offset: tuple[float, float], radius: float = RADIUS, iris: float = 50, white: float = 210) -> Rgb:
    """A disc with a catch-light on white; lids are not drawn, the fit does not look beyond them."""
    y, x = np.mgrid[:90, :130].astype(np.float64)
    far = np.hypot(x - CENTRE[0] - offset[0], y - CENTRE[1] - offset[1])
    cover = np.clip(radius * 1.05 + 0.5 - far, 0, 1)
    plane = white + cover * (iris - white)
    light = np.hypot(x - CENTRE[0] - offset[0] + 0.3 * radius, y - CENTRE[1] - offset[1] + 0.3 * radius)
    plane[light < 0.2 * radius] = 255
    blurred = cv2.GaussianBlur(plane, None, 0.8)
    return np.repeat(np.rint(blurred)[..., None], 3, axis=2).astype(np.uint8)


@pytest.mark.parametrize("across", [-7.3, -3.0, 0.0, 0.5, 4.2, 7.0])
def test_finds_the_centre_to_a_fifth_of_a_pixel(across: float) -> None:
    found = fit_iris(drawn((across, 0.0)), eye(), ACROSS)
    assert found.centre[0] - CENTRE[0] == pytest.approx(across, abs=0.2)
    assert found.contrast > 0.5


@pytest.mark.parametrize("roll", [-30.0, 20.0])
def test_finds_the_centre_in_a_tilted_eye(roll: float) -> None:
    tilt = np.array([np.cos(np.radians(roll)), np.sin(np.radians(roll))])
    found = fit_iris(drawn((4 * tilt[0], 4 * tilt[1])), eye(roll_deg=roll), tilt)
    assert (found.centre - CENTRE) @ tilt == pytest.approx(4, abs=0.3)


@pytest.mark.parametrize("radius", [5.0, 8.0, 14.0])
def test_finds_irises_of_any_size(radius: float) -> None:
    found = fit_iris(drawn((0.3 * radius, 0.0), radius), eye(radius), ACROSS)
    assert found.centre[0] - CENTRE[0] == pytest.approx(0.3 * radius, abs=0.03 * radius)


def test_withstands_noise() -> None:
    rng = np.random.default_rng(2)
    picture = drawn((3.0, 0.0)).astype(np.float64)
    noisy = [np.clip(picture + rng.normal(0, 12, picture.shape), 0, 255).astype(np.uint8) for _ in range(20)]
    found = np.array([fit_iris(rgb, eye(), ACROSS).centre[0] for rgb in noisy]) - CENTRE[0]
    assert found.mean() == pytest.approx(3, abs=0.15)
    assert found.std() < 0.2


@pytest.mark.parametrize("level", [0, 128, 255])
def test_sees_no_contrast_in_a_flat_eye(level: int) -> None:
    assert fit_iris(np.full((90, 130, 3), level, np.uint8), eye(), ACROSS).contrast < 0.02


def test_sees_no_iris_in_a_bright_disc() -> None:
    found = fit_iris(drawn((0.0, 0.0), iris=210, white=60), eye(), ACROSS)
    assert found.contrast < 0.35


@pytest.mark.parametrize("shift", [-500.0, 500.0])
def test_survives_an_eye_outside_of_the_picture(shift: float) -> None:
    inside = eye()
    move = np.array([shift, shift, 0.0])
    gone = Eye(inside.upper + move, inside.lower + move, inside.centre + move, RADIUS)
    assert fit_iris(drawn((0.0, 0.0)), gone, ACROSS).contrast < 0.02


@pytest.mark.parametrize("radius", [0.0, 1e-9, 0.5])
def test_gives_up_on_an_iris_without_extent(radius: float) -> None:
    tiny = Eye(eye().upper, eye().lower, eye().centre, radius)
    assert fit_iris(drawn((0.0, 0.0)), tiny, ACROSS).contrast == 0
