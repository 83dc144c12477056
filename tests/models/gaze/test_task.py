"""The task's options, the sources that it takes, and its cuts."""

import numpy as np
import pytest

from gpu_tasks.errors import JobFailed
from gpu_tasks.models.gaze.cuts import CutDetector
from gpu_tasks.models.gaze.redirect import GazeRedirect
from gpu_tasks.models.gaze.task import build
from gpu_tasks.timeline.sources import SourceInfo

VIDEO = SourceInfo("video", "mp4", "video/mp4", 1000, 640, 360, has_video=True)
IMAGE = SourceInfo("image", "png", "image/png", 1000, 640, 360)
SOUND = SourceInfo("audio", "wav", "audio/wav", 1000, has_audio=True)


@pytest.mark.parametrize("source", [VIDEO, IMAGE])
@pytest.mark.parametrize("options", [{}, {"intensity": 0}, {"intensity": 0.4}, {"intensity": 1}])
def test_builds_a_step(source: SourceInfo, options: dict[str, float]) -> None:
    step = build(options, source)
    assert isinstance(step, GazeRedirect)
    assert step.size(640, 360) == (640, 360)


@pytest.mark.parametrize("intensity", [-0.1, 1.1, float("nan"), float("inf"), "1", None, True, [1]])
def test_refuses_another_intensity(intensity: object) -> None:
    with pytest.raises(ValueError, match="must be a number from 0 to 1"):
        build({"intensity": intensity}, VIDEO)


def test_refuses_a_source_without_a_picture() -> None:
    with pytest.raises(JobFailed) as refused:
        build({}, SOUND)
    assert refused.value.code == "invalid_source"


def test_tells_a_cut_from_a_pan_and_from_noise() -> None:
    rng = np.random.default_rng(6)
    coarse = rng.integers(0, 256, (2, 12, 16, 3)).astype(np.uint8)
    scenes = np.repeat(np.repeat(coarse, 30, axis=1), 40, axis=2)
    noisy = np.clip(scenes[0] + rng.normal(0, 10, scenes[0].shape), 0, 255).astype(np.uint8)
    detector = CutDetector()
    pictures = [scenes[0], noisy, np.roll(scenes[0], 6, axis=1), scenes[1], scenes[1]]
    assert [detector.is_cut(p) for p in pictures] == [False, False, False, True, False]
