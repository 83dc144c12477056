"""A film that went through a step has the same frames at the same times."""

from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest

from gpu_tasks.media.probe import probe
from gpu_tasks.media.rewrite import rewrite
from tests.media.make import grey_frame, luma_of, make_alpha_webm, make_clip, make_rotated_clip, make_vfr_clip
from tests.media.steps import Cut, Doubled, Inverted, Same, make_colour_clip, planes, rgb, run, shown, times

pytestmark = pytest.mark.slow

TICK_OF_WEBM_S = Fraction(1, 1000)


def numbered(index: int) -> int:
    return 30 + 3 * index


@pytest.mark.parametrize("source_suffix", ["mp4", "mov", "webm", "mkv", "ts"])
@pytest.mark.parametrize("suffix", [".mp4", ".webm", ".mov"])
def test_every_frame_comes_once_at_its_time(source_suffix: str, suffix: str, tmp_path: Path) -> None:
    source = make_clip(tmp_path / f"a.{source_suffix}", width=64, height=48, sound=False, luma=numbered)
    done = run(source, tmp_path / f"b{suffix}", Same(held_back=5))
    found = shown(tmp_path / f"b{suffix}")
    assert done.frame_count == len(found) == 60
    assert [round((luma_of(frame) - 30) / 3) for _, frame in found] == list(range(60))
    assert max(abs(a - Fraction(n, 30)) for n, (a, _) in enumerate(found)) <= TICK_OF_WEBM_S / 2
    assert done.duration_s == pytest.approx(2)
    assert float(probe(tmp_path / f"b{suffix}").duration_s or 0) == pytest.approx(2, abs=0.001)


@pytest.mark.parametrize("rate", [Fraction(24_000, 1001), Fraction(25), Fraction(30_000, 1001), Fraction(60)])
@pytest.mark.parametrize("source_suffix", ["mp4", "mkv"])
def test_the_frame_rate_stays_exact(rate: Fraction, source_suffix: str, tmp_path: Path) -> None:
    source = make_clip(tmp_path / f"a.{source_suffix}", width=64, height=48, sound=False, frame_rate=rate)
    run(source, tmp_path / "b.mp4", Same())
    info = probe(tmp_path / "b.mp4")
    assert info.frame_rate == rate
    assert times(tmp_path / "b.mp4") == [n / rate for n in range(round(2 * rate))]


def test_variable_frame_rates_stay_variable(tmp_path: Path) -> None:
    starts = [Fraction(0), Fraction(1, 10), Fraction(1, 2), Fraction(7, 10), Fraction(701, 1000), Fraction(2)]
    source = make_vfr_clip(tmp_path / "a.mp4", starts, Fraction(1, 2), width=64, height=48)
    done = run(source, tmp_path / "b.mp4", Inverted())
    assert times(tmp_path / "b.mp4") == times(source) == starts
    assert (done.frame_count, done.duration_s) == (6, 2.5)
    assert probe(tmp_path / "b.mp4").duration_s == Fraction(5, 2)


def test_one_frame_is_a_film(tmp_path: Path) -> None:
    source = make_clip(tmp_path / "a.mp4", width=64, height=48, sound=False, duration_s=1 / 30)
    done = run(source, tmp_path / "b.mp4", Same())
    assert (done.frame_count, len(shown(tmp_path / "b.mp4"))) == (1, 1)
    assert probe(tmp_path / "b.mp4").duration_s == Fraction(1, 30)


@pytest.mark.parametrize("clockwise_deg", [0, 90, 180, 270])
@pytest.mark.parametrize("changed", [(), None], ids=["stored", "converted"])
def test_turned_films_come_out_upright(clockwise_deg: int, changed: tuple[()] | None, tmp_path: Path) -> None:
    source = make_rotated_clip(tmp_path / "a.mp4", clockwise_deg, width=64, height=48, sound=False, duration_s=0.2)
    step = Same(changed)
    done = run(source, tmp_path / "b.mp4", step)
    size = (64, 48) if clockwise_deg in (0, 180) else (48, 64)
    info = probe(tmp_path / "b.mp4")
    assert (done.width, done.height) == (info.width, info.height) == size
    assert info.rotation == 0
    assert step.seen[0].rgb.shape[:2] == size[::-1]


@pytest.mark.parametrize("clockwise_deg", [90, 180, 270])
def test_what_is_turned_is_turned_the_right_way(clockwise_deg: int, tmp_path: Path) -> None:
    source = _left_bright(tmp_path / "a.mp4")
    _turn(source, clockwise_deg)
    step = Same()
    run(source, tmp_path / "b.mp4", step)
    bright = {90: np.s_[:10], 180: np.s_[:, -10:], 270: np.s_[-10:]}[clockwise_deg]
    dark = {90: np.s_[-10:], 180: np.s_[:, :10], 270: np.s_[:10]}[clockwise_deg]
    for picture in (step.seen[0].rgb, rgb(shown(tmp_path / "b.mp4")[0][1])):
        assert picture[bright].min() > 150
        assert picture[dark].max() < 60


def _left_bright(path: Path) -> Path:
    pixels = np.full((48, 64, 3), 20, np.uint8)
    pixels[:, :32] = 200
    return make_colour_clip(path, pixels, matrix=1)


def _turn(path: Path, clockwise_deg: int) -> None:
    """Put the matrix of a turned clip into another one."""
    turned = make_rotated_clip(path.with_name("t.mp4"), clockwise_deg, width=64, height=48, sound=False).read_bytes()
    data, matrix = bytearray(path.read_bytes()), slice(44, 80)
    start, from_start = data.index(b"tkhd"), turned.index(b"tkhd")
    data[start + matrix.start : start + matrix.stop] = turned[from_start + matrix.start : from_start + matrix.stop]
    path.write_bytes(data)


@pytest.mark.parametrize(
    ("suffix", "size"), [(".mp4", (66, 50)), (".webm", (65, 49)), (".mov", (65, 49))], ids=["mp4", "webm", "mov"]
)
def test_odd_sizes_stay_where_the_format_takes_them(suffix: str, size: tuple[int, int], tmp_path: Path) -> None:
    source = make_clip(tmp_path / "a.webm", width=65, height=49, sound=False, duration_s=0.2)
    done = run(source, tmp_path / f"b{suffix}", Same())
    info = probe(tmp_path / f"b{suffix}")
    assert (done.width, done.height) == (info.width, info.height) == size


@pytest.mark.parametrize("suffix", [".mp4", ".webm", ".mov"])
@pytest.mark.parametrize(("factor", "size"), [(2, (130, 98)), (3, (196, 148))])
def test_enlarged_films_have_even_sizes(suffix: str, factor: int, size: tuple[int, int], tmp_path: Path) -> None:
    source = make_clip(tmp_path / "a.webm", width=65, height=49, sound=False, duration_s=0.2)
    done = run(source, tmp_path / f"b{suffix}", Doubled(factor=factor))
    info = probe(tmp_path / f"b{suffix}")
    assert (done.width, done.height) == (info.width, info.height) == size


@pytest.mark.parametrize("suffix", [".webm", ".mov"])
@pytest.mark.parametrize("step", [Same(), Same(changed=None), Doubled()], ids=["same", "converted", "doubled"])
def test_alpha_of_the_source_is_kept(suffix: str, step: Same, tmp_path: Path) -> None:
    source = make_alpha_webm(tmp_path / "a.webm", width=64, height=48, alpha=90)
    run(source, tmp_path / f"b{suffix}", step)
    assert probe(tmp_path / f"b{suffix}").has_alpha
    found = shown(tmp_path / f"b{suffix}")
    assert len(found) == 10
    for _, frame in found:
        alpha = planes(frame.reformat(format="yuva444p"))[3].astype(int)
        assert np.abs(alpha - 90).max() <= 3
    given = step.seen[0].alpha
    assert given is not None
    assert np.abs(given.astype(int) - 90).max() <= 2


@pytest.mark.parametrize("suffix", [".webm", ".mov"])
def test_alpha_that_a_step_makes_is_written(suffix: str, tmp_path: Path) -> None:
    source = make_clip(tmp_path / "a.mp4", width=64, height=48, sound=False, duration_s=0.2)
    run(source, tmp_path / f"b{suffix}", Cut())
    for _, frame in shown(tmp_path / f"b{suffix}"):
        alpha = planes(frame.reformat(format="yuva444p"))[3]
        assert alpha[:, :30].min() >= 250
        assert alpha[:, 34:].max() <= 5


@pytest.mark.parametrize(("pixel_format", "warnings"), [("yuv420p", 0), ("yuv420p10le", 1), ("yuv422p10le", 1)])
def test_deeper_samples_are_rounded_and_that_is_said(pixel_format: str, warnings: int, tmp_path: Path) -> None:
    with av.open(str(tmp_path / "a.mkv"), "w") as container:
        video = container.add_stream("ffv1", rate=25)
        video.width, video.height, video.pix_fmt = 64, 48, pixel_format
        frame = grey_frame(64, 48, 150).reformat(format=pixel_format)
        frame.pts = 0
        container.mux([*video.encode(frame), *video.encode(None)])
    done = run(tmp_path / "a.mkv", tmp_path / "b.mp4", Same())
    assert [warning.split(":")[0] for warning in done.warnings] == ["REDUCED_DEPTH"] * warnings
    assert luma_of(shown(tmp_path / "b.mp4")[0][1]) == 150


def test_progress_rises_to_the_end(tmp_path: Path) -> None:
    source, told = make_clip(tmp_path / "a.mp4", width=64, height=48, sound=False), []
    rewrite(source, probe(source), tmp_path / "b.mp4", Same(), lambda stage, percent: told.append((stage, percent)))
    assert told[0] == ("compositing", 0)
    percents = [percent for stage, percent in told if stage == "encoding"]
    assert percents == sorted(percents)
    assert len(set(percents)) > 40
    assert percents[-1] == 100
