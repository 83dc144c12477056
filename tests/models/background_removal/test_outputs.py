"""What is delivered of a matte: transparency, the matte, a colour or a blurred background."""

from fractions import Fraction

import numpy as np
import pytest

from gpu_tasks.models.background_removal import outputs
from gpu_tasks.models.background_removal.matte import Cut
from gpu_tasks.models.step import Alpha, Frame, Rgb

RED, GREEN = (230, 30, 30), (30, 160, 40)
HEIGHT, WIDTH = 120, 200


def person() -> Alpha:
    """A disc with an edge of some pixels."""
    rows, columns = np.indices((HEIGHT, WIDTH))
    distance = np.hypot(rows - HEIGHT / 2, columns - WIDTH / 2)
    return np.round(np.clip((40 - distance) / 6 + 0.5, 0, 1) * 255).astype(np.uint8)


def picture() -> Rgb:
    share = person()[..., None] / 255
    return np.round(np.array(RED) * share + np.array(GREEN) * (1 - share)).astype(np.uint8)


def frame(alpha: Alpha | None = None) -> Frame:
    return Frame(picture(), alpha, Fraction(1, 3))


@pytest.mark.parametrize(
    "output", [outputs.transparent, outputs.matte, outputs.over_colour((1, 2, 3, 255)), outputs.over_blurred]
)
def test_size_and_time_stay_and_everything_may_have_changed(output: outputs.Output) -> None:
    made = output(frame(), Cut(person()))
    assert made.rgb.shape == (HEIGHT, WIDTH, 3)
    assert made.rgb.dtype == np.uint8
    assert (made.time_s, made.changed) == (Fraction(1, 3), None)


@pytest.mark.parametrize(
    "output", [outputs.transparent, outputs.matte, outputs.over_colour((1, 2, 3, 90)), outputs.over_blurred]
)
def test_what_was_given_is_not_written_into(output: outputs.Output) -> None:
    given, cut = frame(np.full((HEIGHT, WIDTH), 77, np.uint8)), Cut(person(), np.full((HEIGHT, WIDTH, 3), 9, np.uint8))
    output(given, cut)
    assert (given.rgb == picture()).all()
    assert given.alpha is not None
    assert (given.alpha == 77).all()
    assert (cut.matte == person()).all()
    assert cut.person is not None
    assert (cut.person == 9).all()


def test_transparency_has_the_matte_and_the_persons_own_colours() -> None:
    made = outputs.transparent(frame(), Cut(person()))
    assert made.alpha is not None
    assert (made.alpha == person()).all()
    assert np.abs(made.rgb[person() > 40].astype(int) - RED).mean() < 4


def test_colours_that_the_network_gives_are_used() -> None:
    made = outputs.transparent(frame(), Cut(person(), np.full((HEIGHT, WIDTH, 3), 7, np.uint8)))
    assert (made.rgb == 7).all()


def test_what_the_source_does_not_show_stays_hidden() -> None:
    alpha = np.zeros((HEIGHT, WIDTH), np.uint8)
    alpha[:, WIDTH // 2 :] = 128
    cut = Cut(person())
    transparent, matte = outputs.transparent(frame(alpha), cut), outputs.matte(frame(alpha), cut)
    assert transparent.alpha is not None
    assert (transparent.alpha[:, : WIDTH // 2] == 0).all()
    assert transparent.alpha[HEIGHT // 2, WIDTH // 2 + 5] == 128
    assert (matte.rgb[..., 0] == transparent.alpha).all()
    over = outputs.over_colour((10, 20, 30, 255))(frame(alpha), cut)
    assert (over.rgb[:, : WIDTH // 2] == (10, 20, 30)).all()


def test_the_matte_is_white_on_black_and_opaque() -> None:
    made = outputs.matte(frame(), Cut(person()))
    assert made.alpha is None
    assert (made.rgb == person()[..., None]).all()


def test_a_flat_colour_lies_behind_people() -> None:
    made = outputs.over_colour((10, 20, 200, 255))(frame(), Cut(person()))
    share = person()[..., None] / 255
    expected = np.array(RED) * share + np.array((10, 20, 200)) * (1 - share)
    assert made.alpha is None
    assert (made.rgb[0, 0] == (10, 20, 200)).all()
    assert np.abs(made.rgb - expected).mean() < 1
    assert np.abs(made.rgb - expected).max() < 25


@pytest.mark.parametrize("opacity", [0, 1, 128, 254])
def test_a_translucent_colour_lets_through_what_lies_behind(opacity: int) -> None:
    made = outputs.over_colour((10, 20, 200, opacity))(frame(), Cut(person()))
    assert made.alpha is not None
    assert made.alpha[0, 0] == opacity
    assert made.alpha[HEIGHT // 2, WIDTH // 2] == 255
    assert opacity == 0 or (made.rgb[0, 0] == (10, 20, 200)).all()
    assert (np.abs(made.rgb[HEIGHT // 2, WIDTH // 2].astype(int) - RED) <= 1).all()


def test_the_blurred_background_holds_nothing_of_the_person() -> None:
    blurred = outputs.blurred_background(picture(), person())
    assert (np.abs(blurred.astype(int) - GREEN).max(axis=2) * (1 - person() / 255)).max() <= 2
    made = outputs.over_blurred(frame(), Cut(person()))
    assert (made.rgb[HEIGHT // 2, WIDTH // 2] == picture()[HEIGHT // 2, WIDTH // 2]).all()
    assert np.abs(made.rgb[person() == 0].astype(int) - GREEN).max() <= 2


def test_a_matte_that_is_some_pixels_off_hardly_bleeds() -> None:
    blurred = outputs.blurred_background(picture(), np.roll(person(), 2, axis=1))
    assert np.abs(blurred[person() == 0].astype(int) - GREEN).mean() < 2


def test_what_is_transparent_does_not_bleed_into_the_blur() -> None:
    rgb = np.full((HEIGHT, WIDTH, 3), GREEN, np.uint8)
    rgb[:, :60] = 255
    alpha = np.full((HEIGHT, WIDTH), 255, np.uint8)
    alpha[:, :60] = 0
    made = outputs.over_blurred(Frame(rgb, alpha, Fraction(0)), Cut(np.zeros((HEIGHT, WIDTH), np.uint8)))
    assert made.alpha is alpha
    assert np.abs(made.rgb[:, 62:].astype(int) - GREEN).max() <= 2


def test_the_background_is_blurred() -> None:
    noise = np.random.default_rng(8).integers(0, 256, (400, 400, 3), np.uint8)
    assert outputs.blurred_background(noise, np.zeros((400, 400), np.uint8)).std() < 0.15 * noise.std()


@pytest.mark.parametrize("covered", [0, 255])
@pytest.mark.parametrize("shape", [(1, 1), (1, 700), (700, 3)])
def test_any_size_is_blurred(shape: tuple[int, int], covered: int) -> None:
    rgb, matte = np.full((*shape, 3), GREEN, np.uint8), np.full(shape, covered, np.uint8)
    made = outputs.over_blurred(Frame(rgb, None, Fraction(0)), Cut(matte))
    assert np.abs(made.rgb.astype(int) - GREEN).max() <= 1
