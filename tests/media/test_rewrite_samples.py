"""What a step leaves alone keeps the source's own samples; colours stay what they were."""

from pathlib import Path

import av
import numpy as np
import pytest

from gpu_tasks.media import rewrite_film
from gpu_tasks.media.encode_settings import VideoSettings
from gpu_tasks.media.rewrite_planes import Colours, PlaneMaker, frame_of
from gpu_tasks.models.step import Rect
from tests.media.make import make_clip, make_rotated_clip
from tests.media.steps import Inverted, Pixels, Same, make_colour_clip, planes, rgb, run, shown

COLOURED = np.zeros((48, 64, 3), np.uint8)
COLOURED[:24, :32], COLOURED[:24, 32:] = (200, 30, 40), (20, 180, 60)
COLOURED[24:, :32], COLOURED[24:, 32:] = (30, 60, 210), (230, 210, 20)
INSIDE = [np.s_[4:20, 4:28], np.s_[4:20, 36:60], np.s_[28:44, 4:28], np.s_[28:44, 36:60]]


@pytest.fixture
def lossless(monkeypatch: pytest.MonkeyPatch) -> None:
    """An encoder that keeps every sample, so that what it was given can be read from the file."""
    settings = VideoSettings("libx264", "yuv420p", {"qp": "0", "preset": "ultrafast"})
    monkeypatch.setattr(rewrite_film, "_settings", lambda *_, **__: settings)


@pytest.fixture
def noisy(tmp_path: Path) -> Path:
    """A clip whose every sample is another one."""
    path, random = tmp_path / "noisy.mp4", np.random.default_rng(4)
    with av.open(str(path), "w") as container:
        video = container.add_stream("libx264", rate=30, options={"qp": "0", "preset": "ultrafast"})
        video.width, video.height, video.pix_fmt = 64, 48, "yuv420p"
        for index in range(4):
            samples = random.integers(16, 236, (72, 64), dtype=np.uint8)
            frame = av.VideoFrame.from_ndarray(samples, format="yuv420p")
            frame.pts = index
            container.mux(video.encode(frame))
        container.mux(video.encode(None))
    return path


@pytest.mark.usefixtures("lossless")
def test_what_did_not_change_is_stored_bit_for_bit(noisy: Path, tmp_path: Path) -> None:
    run(noisy, tmp_path / "b.mp4", Same(changed=()))
    _expect_same(shown(noisy), shown(tmp_path / "b.mp4"))


@pytest.mark.usefixtures("lossless")
def test_what_may_have_changed_is_not(noisy: Path, tmp_path: Path) -> None:
    run(noisy, tmp_path / "b.mp4", Same(changed=None))
    with pytest.raises(AssertionError):
        _expect_same(shown(noisy), shown(tmp_path / "b.mp4"))


@pytest.mark.usefixtures("lossless")
@pytest.mark.parametrize("clockwise_deg", [90, 180, 270])
def test_turning_moves_samples_and_changes_none(clockwise_deg: int, tmp_path: Path) -> None:
    source = make_rotated_clip(tmp_path / "a.mp4", clockwise_deg, width=64, height=48, sound=False, duration_s=0.1)
    run(source, tmp_path / "b.mp4", Same(changed=()))
    for (_, before), (_, after) in zip(shown(source), shown(tmp_path / "b.mp4"), strict=True):
        for stored, turned in zip(planes(before), planes(after), strict=True):
            assert np.array_equal(np.rot90(stored, -(clockwise_deg // 90)), turned)


def _expect_same(before: list[tuple[object, av.VideoFrame]], after: list[tuple[object, av.VideoFrame]]) -> None:
    for (_, one), (_, other) in zip(before, after, strict=True):
        for stored, kept in zip(planes(one), planes(other), strict=True):
            assert np.array_equal(stored, kept)


@pytest.mark.usefixtures("lossless")
@pytest.mark.parametrize(
    ("rects", "luma", "chroma"),
    [
        (((10, 8, 20, 16),), [np.s_[8:24, 10:30]], [np.s_[4:12, 5:15]]),
        (((11, 9, 19, 14),), [np.s_[9:23, 11:30]], [np.s_[4:12, 5:15]]),
        (((0, 0, 3, 3), (60, 40, 9, 20)), [np.s_[:3, :3], np.s_[40:, 60:]], [np.s_[:2, :2], np.s_[20:, 30:]]),
        (((-5, -5, 8, 8),), [np.s_[:3, :3]], [np.s_[:2, :2]]),
        (((5, 5, 0, 9), (70, 2, 4, 4)), [], []),
    ],
)
def test_only_the_rectangles_that_changed_are_stored_anew(
    rects: tuple[Rect, ...], luma: list[object], chroma: list[object], noisy: Path, tmp_path: Path
) -> None:
    run(noisy, tmp_path / "b.mp4", Inverted(changed=rects))
    for (_, before), (_, after) in zip(shown(noisy), shown(tmp_path / "b.mp4"), strict=True):
        for index, (stored, kept) in enumerate(zip(planes(before), planes(after), strict=True)):
            inside = np.zeros(stored.shape, bool)
            for part in chroma if index else luma:
                inside[part] = True  # type: ignore[index]
            assert np.array_equal(stored[~inside], kept[~inside])
            assert not inside.any() or np.mean(stored[inside] != kept[inside]) > 0.8


@pytest.mark.parametrize("rect", [(10, 8, 20, 16), (11, 9, 19, 15), (0, 0, 64, 48), (1, 1, 2, 2)])
@pytest.mark.parametrize("subsampled", [True, False])
def test_a_part_is_converted_as_the_whole_would_be(rect: Rect, subsampled: bool) -> None:
    pixels = np.random.default_rng(2).integers(0, 256, (48, 64, 3), dtype=np.uint8)
    maker = PlaneMaker(Colours(), subsampled=subsampled)
    whole = maker.planes(pixels)
    patched = maker.patched(tuple(np.zeros_like(plane) for plane in whole), pixels, (rect,))  # type: ignore[arg-type]
    left, top, width, height = rect
    for index, (all_of_it, part) in enumerate(zip(whole, patched, strict=True)):
        step = 2 if index and subsampled else 1
        box = np.s_[top // step : -(-(top + height) // step), left // step : -(-(left + width) // step)]
        assert np.abs(all_of_it[box].astype(int) - part[box]).max() <= 1


@pytest.mark.parametrize("matrix", [1, 5, 6, 2])
@pytest.mark.parametrize("full_range", [False, True])
@pytest.mark.parametrize("changed", [(), None], ids=["stored", "converted"])
def test_colours_stay_what_they_were(matrix: int, full_range: bool, changed: tuple[()] | None, tmp_path: Path) -> None:
    source = make_colour_clip(tmp_path / "a.mp4", COLOURED, matrix=matrix, full_range=full_range)
    step = Same(changed)
    run(source, tmp_path / "b.mp4", step)
    _expect_colours(step.seen[0].rgb, 2)
    frame = shown(tmp_path / "b.mp4")[-1][1]
    assert int(frame.colorspace) == (matrix if matrix != 2 else 5)
    assert int(frame.color_range) == (2 if full_range else 1)
    assert (int(frame.color_primaries), int(frame.color_trc)) == ((1, 1) if matrix == 1 else (6, 6))
    _expect_colours(rgb(frame), 3)


@pytest.mark.parametrize("suffix", [".webm", ".mov"])
@pytest.mark.parametrize("matrix", [1, 6])
def test_other_containers_keep_colours_too(suffix: str, matrix: int, tmp_path: Path) -> None:
    source = make_colour_clip(tmp_path / "a.mp4", COLOURED, matrix=matrix)
    run(source, tmp_path / f"b{suffix}", Inverted())
    frame = shown(tmp_path / f"b{suffix}")[-1][1]
    assert (int(frame.colorspace) == 1) == (matrix == 1)
    _expect_colours(255 - rgb(frame), 3)


def _expect_colours(pixels: Pixels | np.ndarray, tolerance: int) -> None:  # type: ignore[type-arg]
    for part in INSIDE:
        assert np.abs(np.median(pixels[part], axis=(0, 1)) - COLOURED[part][0, 0]).max() <= tolerance


def test_rgb_video_becomes_bt709(tmp_path: Path) -> None:
    source = tmp_path / "a.mov"
    with av.open(str(source), "w") as container:
        video = container.add_stream("qtrle", rate=25)
        video.width, video.height, video.pix_fmt = 64, 48, "rgb24"
        frame = av.VideoFrame.from_ndarray(COLOURED, format="rgb24")
        frame.pts = 0
        container.mux([*video.encode(frame), *video.encode(None)])
    step = Same()
    run(source, tmp_path / "b.mp4", step)
    assert np.array_equal(step.seen[0].rgb, COLOURED)
    frame = shown(tmp_path / "b.mp4")[0][1]
    assert (int(frame.colorspace), int(frame.color_range)) == (1, 1)
    _expect_colours(rgb(frame), 3)


def test_wide_pixels_become_square(tmp_path: Path) -> None:
    source = make_clip(tmp_path / "a.mp4", width=64, height=48, sound=False, duration_s=0.1)
    with av.open(str(source)) as given, av.open(str(tmp_path / "w.mp4"), "w") as container:
        stream = container.add_stream_from_template(given.streams.video[0])
        stream.sample_aspect_ratio = 2  # type: ignore[assignment]
        for packet in given.demux(video=0):
            if packet.dts is not None:
                packet.stream = stream
                container.mux(packet)
    step = Same()
    done = run(tmp_path / "w.mp4", tmp_path / "b.mp4", step)
    assert (done.width, done.height) == (128, 48)
    assert step.seen[0].rgb.shape == (48, 128, 3)


def test_edges_are_repeated_into_what_a_frame_grows_by() -> None:
    luma = np.arange(15, dtype=np.uint8).reshape(3, 5)
    chroma = np.arange(6, dtype=np.uint8).reshape(2, 3)
    found = planes(frame_of((luma, chroma, chroma, luma), (6, 4), Colours()))
    assert found[0].tolist() == [
        [0, 1, 2, 3, 4, 4],
        [5, 6, 7, 8, 9, 9],
        [10, 11, 12, 13, 14, 14],
        [10, 11, 12, 13, 14, 14],
    ]
    assert np.array_equal(found[1], chroma)
    assert np.array_equal(found[3], found[0])
