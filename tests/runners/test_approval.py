"""What will be made is asked about before it is made: the real children announce it, and are stopped by a refusal."""

from pathlib import Path
from typing import Any

import pytest

from framelane.lib.sandbox import Limits
from gpu_tasks.errors import JobFailed
from gpu_tasks.models.transcription.provider import Patience, ProviderSettings
from gpu_tasks.runners.outcome import Approve, Made, Planned
from gpu_tasks.runners.render import render
from gpu_tasks.runners.task import run_task
from gpu_tasks.runners.transcribe import transcribe
from tests.assemblyai_server import KEY, AssemblyAiServer
from tests.media.make import make_clip, make_image, make_sound, quadrants

pytestmark = pytest.mark.slow

LIMITS = Limits(memory_bytes=4 * 1024**3, cpu_s=200, wall_s=250, file_size_bytes=64 * 1024**2)


class Customs:
    """Writes down what is announced, and lets it pass or not."""

    def __init__(self, refusal: str = "") -> None:
        self.seen: list[Planned] = []
        self._refusal = refusal

    def __call__(self, planned: Planned) -> None:
        self.seen.append(planned)
        if self._refusal:
            raise JobFailed("source_too_large", self._refusal)


def film(folder: Path, approve: Approve, **fields: Any) -> Made:
    def fetch(url: str, path: Path) -> None:
        make_clip(path, width=64, height=48, duration_s=1.5)

    elements = [{"type": "video", "source_url": "https://example.org/a.mp4", "speed": 0.5}]
    return render(
        {"width": 64, "height": 48, "frame_rate": 25, "elements": elements, **fields},
        scratch=folder,
        fetch=fetch,
        report=lambda stage, percent: None,
        should_stop=lambda: False,
        limits=LIMITS,
        approve=approve,
    )


def enlarged(folder: Path, approve: Approve, source: str) -> Made:
    def fetch(url: str, path: Path) -> None:
        make_image(path, quadrants()) if source.endswith(".png") else make_clip(path, width=64, height=48)

    return run_task(
        "super_resolution",
        {"source_url": f"https://example.org/{source}", "scale": 1},
        scratch=folder,
        fetch=fetch,
        report=lambda stage, percent: None,
        should_stop=lambda: False,
        limits=LIMITS,
        approve=approve,
    )


def test_a_film_is_announced_as_it_comes_out(tmp_path: Path) -> None:
    customs = Customs()
    made = film(tmp_path, customs)
    assert customs.seen == [Planned(3.0, 64, 48)]
    assert (made.duration_s, made.width, made.height) == (3.0, 64, 48)


def test_a_still_is_announced_without_a_length(tmp_path: Path) -> None:
    customs = Customs()
    made = film(tmp_path, customs, output_format="png")
    assert customs.seen == [Planned(0.0, 64, 48)]
    assert made.duration_s is None


def test_a_film_that_is_refused_is_not_made(tmp_path: Path) -> None:
    with pytest.raises(JobFailed, match="3 s are too many") as failed:
        film(tmp_path, Customs("3 s are too many"))
    assert failed.value.code == "source_too_large"
    assert not list(tmp_path.glob("output*"))


@pytest.mark.parametrize("source", ["a.mp4", "a.png"])
def test_a_task_is_announced_as_it_comes_out(tmp_path: Path, source: str) -> None:
    customs = Customs()
    made = enlarged(tmp_path, customs, source)
    assert [planned.duration_s for planned in customs.seen] == [made.duration_s or 0.0]
    assert (made.duration_s is None) is (source == "a.png")


def test_a_task_that_is_refused_is_not_begun(tmp_path: Path) -> None:
    with pytest.raises(JobFailed, match=r"https://example\.org/a\.mp4: too long"):
        enlarged(tmp_path, Customs("too long"), "a.mp4")
    assert not list(tmp_path.glob("output*"))


def test_speech_that_is_refused_is_sent_to_nobody(tmp_path: Path) -> None:
    source = make_sound(tmp_path / "talk.wav")
    customs = Customs("too long")
    with AssemblyAiServer() as service:
        settings = ProviderSettings(
            assemblyai_api_key=KEY, assemblyai_base_url=service.url, patience=Patience(total_s=100)
        )
        with pytest.raises(JobFailed, match="too long"):
            transcribe(
                {},
                source,
                tmp_path,
                provider=settings,
                report=lambda stage, percent: None,
                should_stop=lambda: False,
                limits=LIMITS,
                approve=customs,
            )
        assert service.requests == []
    assert [planned.duration_s > 0 for planned in customs.seen] == [True]
