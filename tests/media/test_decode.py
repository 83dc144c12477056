"""A reader gives the frame that is on screen at any time, in any order of asking."""

from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from gpu_tasks.errors import JobFailed
from gpu_tasks.media.decode import VideoReader
from tests.media.make import luma_of, make_alpha_webm, make_clip, make_vfr_clip

pytestmark = pytest.mark.slow

RATE = 30


def numbered(index: int) -> int:
    """A luma that tells which frame it is."""
    return 30 + 2 * index


@pytest.fixture(params=["mp4", "webm", "mkv", "ts"])
def clip(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    options = {"preset": "ultrafast", "qp": "4", "g": "24", "bf": "2"} if request.param != "webm" else {"crf": "4"}
    return make_clip(tmp_path / f"clip.{request.param}", duration_s=3, sound=False, luma=numbered, options=options)


def index_at(reader: VideoReader, time_s: Fraction) -> int:
    return round((luma_of(reader.shot_at(time_s).frame) - 30) / 2)


def test_every_frame_is_found_going_forwards(clip: Path) -> None:
    with VideoReader(clip, "clip") as reader:
        assert [index_at(reader, Fraction(n, RATE)) for n in range(90)] == list(range(90))


@pytest.mark.parametrize("order", [[80, 3, 50, 51, 0, 89, 23, 24, 25], [0, 70, 5, 60, 0, 1], list(range(89, -1, -7))])
def test_every_frame_is_found_in_any_order(clip: Path, order: list[int]) -> None:
    with VideoReader(clip, "clip", threads=2) as reader:
        assert [index_at(reader, Fraction(n, RATE)) for n in order] == order


def test_a_frame_stays_until_the_next_one_begins(clip: Path) -> None:
    almost = Fraction(9, 10 * RATE)
    with VideoReader(clip, "clip") as reader:
        assert [index_at(reader, Fraction(n, RATE) + almost) for n in (0, 1, 44)] == [0, 1, 44]


def test_edge_frames_hold_outside(clip: Path) -> None:
    with VideoReader(clip, "clip") as reader:
        assert [index_at(reader, Fraction(t)) for t in (-5, 100, -1)] == [0, 89, 0]


def test_holds_at_tells_whether_the_frame_changes(clip: Path) -> None:
    with VideoReader(clip, "clip") as reader:
        reader.shot_at(Fraction(1))
        assert reader.holds_at(Fraction(1) + Fraction(1, 2 * RATE))
        assert not reader.holds_at(Fraction(1) + Fraction(3, 2 * RATE))


def test_time_stamps_decide_not_the_frame_rate(tmp_path: Path) -> None:
    shown = [Fraction(0), Fraction(1, 10), Fraction(1, 2), Fraction(7, 10), Fraction(2)]
    path = make_vfr_clip(tmp_path / "vfr.mp4", shown, Fraction(1, 2))
    asked = [Fraction(n, 10) for n in range(25)]
    expected = [40 + 8 * sum(1 for start in shown[1:] if start <= t) for t in asked]
    with VideoReader(path, "vfr") as reader:
        found = [luma_of(reader.shot_at(t).frame) for t in asked]
    assert np.abs(np.array(found) - expected).max() <= 2


def test_alpha_of_vp9_is_decoded(tmp_path: Path) -> None:
    path = make_alpha_webm(tmp_path / "alpha.webm", alpha=128)
    with VideoReader(path, "alpha", alpha=True) as reader:
        frame = reader.shot_at(Fraction(0)).frame
    assert frame.format.name == "yuva420p"
    assert abs(int(np.frombuffer(memoryview(frame.planes[3]), np.uint8)[0]) - 128) <= 2


def test_a_picture_that_cannot_be_decoded_is_named(tmp_path: Path) -> None:
    path = make_clip(tmp_path / "clip.mp4", sound=False)
    data = bytearray(path.read_bytes())
    start = data.index(b"mdat") + 4
    end = data.index(b"moov") - 4 if data.index(b"moov") > start else len(data)
    data[start:end] = bytes(end - start)
    path.write_bytes(data)
    with (
        VideoReader(path, "https://a.test/broken.mp4") as reader,
        pytest.raises(JobFailed, match=r"broken\.mp4") as failed,
    ):
        reader.shot_at(Fraction(1))
    assert failed.value.code == "decode_failed"
