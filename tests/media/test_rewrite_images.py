"""A picture that went through a step is the picture that the step made."""

from collections.abc import Iterable, Iterator
from pathlib import Path

import numpy as np
import pytest

from gpu_tasks.errors import JobFailed
from gpu_tasks.media import limits
from gpu_tasks.media.images import load_image
from gpu_tasks.media.probe import probe
from gpu_tasks.models.step import Frame
from tests.media.make import make_clip, make_image, make_sound, quadrants, with_orientation
from tests.media.steps import Cut, Doubled, Inverted, Pixels, Same, run


def with_alpha() -> Pixels:
    """Every opacity, and colours that the transparent ones keep."""
    return np.dstack([quadrants(), np.arange(48 * 64, dtype=np.uint32).reshape(48, 64).astype(np.uint8)])


@pytest.mark.parametrize("suffix", ["png", "tiff", "webp"])
def test_png_keeps_every_pixel_and_alpha(suffix: str, tmp_path: Path) -> None:
    source = make_image(tmp_path / f"a.{suffix}", with_alpha())
    done = run(source, tmp_path / "b.png", Same())
    assert np.array_equal(load_image(tmp_path / "b.png"), load_image(source))
    assert (done.width, done.height, done.duration_s, done.frame_count) == (64, 48, None, 1)
    assert done.size_bytes == (tmp_path / "b.png").stat().st_size


@pytest.mark.parametrize("suffix", [".png", ".jpg"])
def test_what_stays_as_it_is_is_copied(suffix: str, tmp_path: Path) -> None:
    source = make_image(tmp_path / f"a{suffix}", quadrants())
    run(source, tmp_path / f"b{suffix}", Same(changed=()))
    assert (tmp_path / f"b{suffix}").read_bytes() == source.read_bytes()


def test_what_may_have_changed_is_stored_anew(tmp_path: Path) -> None:
    source = make_image(tmp_path / "a.jpg", quadrants())
    run(source, tmp_path / "b.jpg", Same(changed=None))
    assert (tmp_path / "b.jpg").read_bytes() != source.read_bytes()


def test_opaque_pictures_stay_opaque(tmp_path: Path) -> None:
    step = Same()
    run(make_image(tmp_path / "a.png", quadrants()), tmp_path / "b.png", step)
    assert step.seen[0].alpha is None
    assert not probe(tmp_path / "b.png").has_alpha


def test_what_the_step_made_is_written(tmp_path: Path) -> None:
    run(make_image(tmp_path / "a.png", with_alpha()), tmp_path / "b.png", Inverted())
    found = load_image(tmp_path / "b.png")
    assert np.array_equal(found[..., :3], 255 - quadrants())
    assert np.array_equal(found[..., 3], with_alpha()[..., 3])


@pytest.mark.parametrize("suffix", [".png", ".jpg"])
def test_enlarged_pictures_have_the_exact_size(suffix: str, tmp_path: Path) -> None:
    done = run(make_image(tmp_path / "a.jpg", quadrants(31, 17)), tmp_path / f"b{suffix}", Doubled(factor=3))
    info = probe(tmp_path / f"b{suffix}")
    assert (done.width, done.height) == (info.width, info.height) == (93, 51)


def test_jpg_is_near_the_picture(tmp_path: Path) -> None:
    source = make_image(tmp_path / "a.png", quadrants())
    run(source, tmp_path / "b.jpg", Same(changed=None))
    difference = load_image(tmp_path / "b.jpg")[..., :3].astype(int) - quadrants()
    assert np.abs(difference[4:20, 4:28]).max() <= 4
    assert np.abs(difference).mean() < 2


@pytest.mark.parametrize("orientation", range(1, 9))
def test_turned_photographs_come_out_upright(orientation: int, tmp_path: Path) -> None:
    source = with_orientation(make_image(tmp_path / "a.jpg", quadrants()), orientation)
    step = Same()
    done = run(source, tmp_path / "b.png", step)
    assert (done.width, done.height) == ((64, 48) if orientation < 5 else (48, 64))
    run(source, tmp_path / "b.jpg", step)
    assert (probe(tmp_path / "b.jpg").width, probe(tmp_path / "b.jpg").height) == (done.width, done.height)
    difference = load_image(tmp_path / "b.jpg").astype(int) - load_image(source)
    assert np.abs(difference).mean() < 2
    assert np.array_equal(load_image(tmp_path / "b.png"), load_image(source))
    assert np.array_equal(step.seen[0].rgb, load_image(source)[..., :3])


def test_alpha_that_a_step_makes_is_written(tmp_path: Path) -> None:
    run(make_image(tmp_path / "a.jpg", quadrants()), tmp_path / "b.png", Cut())
    assert load_image(tmp_path / "b.png")[0, :, 3].tolist() == [255] * 32 + [0] * 32


def test_a_jpg_takes_no_alpha(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="a jpg holds no alpha"):
        run(make_image(tmp_path / "a.png", with_alpha()), tmp_path / "b.jpg", Same())
    assert not (tmp_path / "b.jpg").exists()


class Twice(Same):
    """Makes two pictures of one."""

    def process(self, frames: Iterable[Frame]) -> Iterator[Frame]:
        for frame in frames:
            yield frame
            yield frame


def test_two_pictures_of_one_are_an_error(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError, match="2 pictures of one"):
        run(make_image(tmp_path / "a.png", quadrants()), tmp_path / "b.png", Twice())


def test_a_result_beyond_the_limit_is_refused_before_any_work(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "MAX_PIXELS", 64 * 48 * 4 - 1)
    step = Doubled()
    with pytest.raises(JobFailed, match="the result would have 128×96 pixels; at most 12287") as failure:
        run(make_image(tmp_path / "a.png", quadrants()), tmp_path / "b.png", step)
    assert failure.value.code == "source_too_large"
    assert step.seen == []


@pytest.mark.parametrize(("kind", "suffix"), [("image", ".mp4"), ("image", ""), ("video", ".png"), ("video", ".gif")])
def test_a_form_that_does_not_fit_is_an_error(kind: str, suffix: str, tmp_path: Path) -> None:
    is_image = kind == "image"
    source = make_image(tmp_path / "a.png", quadrants()) if is_image else make_clip(tmp_path / "a.mp4", duration_s=0.1)
    with pytest.raises(ValueError, match=f"a {kind} becomes"):
        run(source, tmp_path / f"b{suffix}", Same())


def test_sound_alone_is_no_source(tmp_path: Path) -> None:
    with pytest.raises(JobFailed, match="without a picture") as failure:
        run(make_sound(tmp_path / "a.wav"), tmp_path / "b.mp4", Same())
    assert failure.value.code == "invalid_source"
