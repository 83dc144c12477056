"""The example of captions: a clip, its transcript by a stand-in for the service, and the film with every word in it."""

import json
from collections.abc import Iterator
from pathlib import Path

import av
import numpy as np
import pytest

from examples.captioned_from_speech import JobEndedBadly, make_film
from examples.sources.__main__ import make
from scripts.client import Client
from scripts.live import Platform, running_platform
from tests.assemblyai_server import KEY, SENTENCE, AssemblyAiServer, Fault
from tests.e2e.conftest import own_services

pytestmark = pytest.mark.once

BRIGHT = 120


@pytest.fixture(scope="module")
def service() -> Iterator[AssemblyAiServer]:
    with AssemblyAiServer(text=" ".join(SENTENCE.split()[:6]), polls=1) as running:
        yield running


@pytest.fixture(scope="module")
def studio(service: AssemblyAiServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Platform]:
    """A platform of its own, on which transcribe is enabled."""
    with own_services(first_redis_database=12) as settings:
        own = {"FRAMELANE_ASSEMBLYAI_API_KEY": KEY, "FRAMELANE_ASSEMBLYAI_BASE_URL": service.url}
        with running_platform(tmp_path_factory.mktemp("studio"), {**settings, **own}) as running:
            yield running


@pytest.fixture(scope="module")
def client(studio: Platform) -> Iterator[Client]:
    with Client(studio.url, studio.create_workspace()) as own:
        yield own


@pytest.fixture(scope="module")
def clip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Four dark seconds with one flash at second 2: what is bright at other times is a caption."""
    return make("flash.mp4", tmp_path_factory.mktemp("clips"))


def bright_share(film: Path, second: float) -> float:
    """How much of the lower third is bright at a second."""
    with av.open(str(film)) as container:
        frame = next(f for f in container.decode(video=0) if f.time is not None and f.time >= second)
        luma = frame.to_ndarray(format="gray")
    return float(np.mean(luma[luma.shape[0] * 2 // 3 :] > BRIGHT))


def test_a_clip_becomes_a_film_with_its_words(client: Client, clip: Path, tmp_path: Path) -> None:
    film = make_film(client, clip, tmp_path / "film.mp4")
    transcript = json.loads((tmp_path / "film.json").read_text("utf-8"))
    assert [word["start"] for word in transcript["words"]] == [0, 400, 800, 1200, 1600, 2000]
    assert (tmp_path / "film.srt").read_text("utf-8").startswith("1\n00:00:00,000 --> ")
    assert (tmp_path / "film.vtt").read_text("utf-8").startswith("WEBVTT")
    assert bright_share(film, 1.0) > 0.01
    assert bright_share(film, 3.5) < 0.001


def test_a_provider_that_fails_is_named_by_the_job(
    client: Client, service: AssemblyAiServer, clip: Path, tmp_path: Path
) -> None:
    service.fail("create", Fault(400, "Invalid language."))
    with pytest.raises(JobEndedBadly, match=r"provider_error.*Invalid language"):
        make_film(client, clip, tmp_path / "film.mp4")
