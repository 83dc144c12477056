"""Whatever breaks while a film is rewritten: it is named, nothing is left of it, and nothing goes on."""

import threading
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from gpu_tasks.errors import JobFailed
from gpu_tasks.media.probe import probe
from gpu_tasks.media.rewrite import rewrite
from gpu_tasks.models.step import Frame
from tests.media.make import make_alpha_webm, make_clip
from tests.media.steps import Cut, Same, run

AFTER = 20


class Broken(Exception):
    """Raised by a step."""


@pytest.fixture
def source(tmp_path: Path) -> Path:
    """A clip with sound that has to be encoded anew: every thread that there can be."""
    return make_clip(tmp_path / "a.webm", width=64, height=48)


@pytest.fixture(autouse=True)
def no_thread_is_left() -> Iterator[None]:
    before = set(threading.enumerate())
    yield
    assert {thread for thread in threading.enumerate() if thread not in before} == set()


@dataclass
class Odd(Same):
    """Does something else with frame number `AFTER`."""

    count: int = 0

    def made(self, frame: Frame) -> Frame:
        self.count += 1
        return self.odd(frame) if self.count == AFTER else super().made(frame)

    def odd(self, frame: Frame) -> Frame:
        raise Broken("on purpose")


class Late(Odd):
    def odd(self, frame: Frame) -> Frame:
        return replace(frame, time_s=frame.time_s + 1)


class Small(Odd):
    def odd(self, frame: Frame) -> Frame:
        return replace(frame, rgb=frame.rgb[1:])


class Veiled(Odd):
    def odd(self, frame: Frame) -> Frame:
        return replace(frame, alpha=np.zeros(frame.rgb.shape[:2], np.uint8))


class Short(Same):
    def process(self, frames: Iterable[Frame]) -> Iterator[Frame]:
        for count, frame in enumerate(frames):
            if count != AFTER:
                yield frame


class Stopping(Same):
    def process(self, frames: Iterable[Frame]) -> Iterator[Frame]:
        for count, frame in enumerate(frames):
            if count == AFTER:
                return
            yield frame


class Long(Same):
    def process(self, frames: Iterable[Frame]) -> Iterator[Frame]:
        for frame in frames:
            yield frame
        yield frame


@pytest.mark.parametrize(
    ("step", "error", "message"),
    [
        (Odd(), Broken, "on purpose"),
        (Late(), RuntimeError, "a frame of second"),
        (Small(), RuntimeError, r"a frame of \(47, 64, 3\); it promised \(64, 48\)"),
        (Veiled(), RuntimeError, "first frame had no alpha"),
        (Short(), RuntimeError, "a frame of second"),
        (Stopping(), RuntimeError, "frames too few"),
        (Long(), RuntimeError, "more frames than it got"),
    ],
    ids=lambda value: type(value).__name__,
)
@pytest.mark.parametrize("suffix", [".mp4", ".webm"])
def test_a_step_that_breaks_its_promise_leaves_nothing(
    step: Same, error: type[Exception], message: str, suffix: str, source: Path, tmp_path: Path
) -> None:
    step = replace(step)
    with pytest.raises(error, match=message):
        run(source, tmp_path / f"b{suffix}", step)
    assert not (tmp_path / f"b{suffix}").exists()


@pytest.mark.parametrize("error", [KeyboardInterrupt, JobFailed("timeout", "too late")])
def test_whoever_stops_it_stops_everything(error: Any, source: Path, tmp_path: Path) -> None:
    def progress(stage: str, percent: int) -> None:
        if percent > 20:
            raise error

    step = Same(held_back=4)
    with pytest.raises(error if isinstance(error, type) else type(error)):
        rewrite(source, probe(source), tmp_path / "b.mp4", step, progress)
    assert step.is_closed
    assert not (tmp_path / "b.mp4").exists()


def test_an_mp4_takes_no_alpha(tmp_path: Path) -> None:
    source = make_alpha_webm(tmp_path / "a.webm", width=64, height=48)
    with pytest.raises(ValueError, match="an mp4 holds no alpha"):
        run(source, tmp_path / "b.mp4", Same())
    assert not (tmp_path / "b.mp4").exists()


@pytest.mark.parametrize("suffix", [".mp4", ".webm", ".mov"])
def test_a_folder_that_is_missing_fails_the_encode(suffix: str, source: Path, tmp_path: Path) -> None:
    step = Cut() if suffix != ".mp4" else Same()
    with pytest.raises(JobFailed, match="film cannot be written") as failure:
        run(source, tmp_path / "missing" / f"b{suffix}", step)
    assert failure.value.code == "encode_failed"
    assert str(tmp_path) not in failure.value.message


def test_a_picture_that_breaks_off_is_named(tmp_path: Path) -> None:
    source = make_clip(tmp_path / "a.mp4", width=320, height=240, sound=False, luma=lambda index: 20 + 3 * index)
    info = probe(source)
    data = bytearray(source.read_bytes())
    start = data.index(b"mdat") + 400
    end = data.index(b"moov") - 4
    assert end > start
    data[start:end] = bytes(end - start)
    source.write_bytes(data)
    with pytest.raises(JobFailed, match="the source") as failure:
        rewrite(source, info, tmp_path / "b.mp4", Same())
    assert failure.value.code == "decode_failed"
    assert not (tmp_path / "b.mp4").exists()


def test_a_source_that_vanished_is_named(source: Path, tmp_path: Path) -> None:
    info = probe(source)
    source.unlink()
    with pytest.raises(JobFailed) as failure:
        rewrite(source, info, tmp_path / "b.mp4", Same())
    assert failure.value.code == "source_not_found"
