"""Whatever a valid request asks for, the film has the asked size and length, and nothing breaks."""

import os
import tempfile
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gpu_tasks.engine.executors import HostExecutor, HostFrame, HostOutput
from gpu_tasks.engine.render import frame_range, render
from gpu_tasks.timeline.plan import Canvas
from tests.engine.films import frames_of, plan_of, same
from tests.property.requests import requests

pytestmark = [pytest.mark.slow, pytest.mark.timeout(1800)]

EXAMPLES = int(os.environ.get("PROPERTY_EXAMPLES", "0"))
"""How many scenes to try, where it is more than what a test tries by itself."""
STILLS = ("png", "jpg")
GIF_TICK_S = 0.01
ROUNDING = 2
"""How far above its alpha the rounding of several sums may lift a premultiplied sample."""


class Watched(HostOutput):
    """Sees to it that no colour is stronger than its coverage in any finished frame."""

    def finish(self) -> HostFrame:
        for (plane, _, _), alpha in zip(self.canvas.planes(), self.canvas.alphas(), strict=True):
            assert alpha is None or int(np.subtract(plane, alpha, dtype=np.int16).max()) <= ROUNDING
        return super().finish()


class WatchingExecutor(HostExecutor):
    def output(self, canvas: Canvas, pixel_format: str) -> HostOutput:
        return Watched(canvas, pixel_format)


def many(usual: int) -> settings:
    return settings(
        max_examples=EXAMPLES or usual,
        deadline=None,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.large_base_example],
    )


def pixel_format(scene: dict[str, Any]) -> str:
    """The kind of surfaces on which the scene's format is composed."""
    kind = "420" if scene["output_format"] in ("mp4", "webm") else "444"
    return f"yuv{'a' if scene['alpha'] else ''}{kind}p"


def frame_count(scene: dict[str, Any]) -> int:
    return 1 if scene["output_format"] in STILLS else max(1, round(scene["duration"] * scene["frame_rate"]))


@many(400)
@given(scene=requests())
def test_every_frame_is_composed(paths: dict[str, Path], scene: dict[str, Any]) -> None:
    plan = plan_of(scene, paths)
    frames = list(frames_of(plan, paths, pixel_format(scene), WatchingExecutor()))
    assert len(frames) == frame_count(scene)
    for frame in frames:
        assert frame[0].shape == (scene["height"], scene["width"])


@many(150)
@given(scene=requests(), share=st.floats(0, 0.999))
def test_a_frame_alone_is_the_frame_of_the_film(paths: dict[str, Path], scene: dict[str, Any], share: float) -> None:
    plan, kind = plan_of(scene, paths), pixel_format(scene)
    whole = list(frames_of(plan, paths, kind))
    number = int(share * len(whole))
    (alone,) = frames_of(frame_range(plan, number, number + 1), paths, kind)
    assert same(alone, whole[number]), f"frame {number} differs"


@many(120)
@given(scene=requests())
def test_the_film_has_its_size_and_length(paths: dict[str, Path], scene: dict[str, Any]) -> None:
    plan = plan_of(scene, paths)
    with tempfile.TemporaryDirectory() as folder:
        output = Path(folder) / f"film.{scene['output_format']}"
        result = render(plan, paths, output)
        with av.open(str(output)) as container:
            frames = list(container.decode(video=0))
    odd_h264 = scene["output_format"] == "mp4"
    expected = tuple(side + side % 2 if odd_h264 else side for side in plan.canvas.size)
    assert (frames[0].width, frames[0].height) == (result.width, result.height) == expected
    assert len(frames) == result.frame_count == frame_count(scene)
    assert result.duration_s == pytest.approx(len(frames) / scene["frame_rate"])
    if scene["output_format"] not in STILLS:
        assert frames[-1].time == pytest.approx((len(frames) - 1) / scene["frame_rate"], abs=GIF_TICK_S)
