"""A store of its own for every test, and a web site to import from."""

from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import pytest
from pytest_django import Settings

from apps.uploads.imports import fetching
from framelane.lib.storage import Store, get_store
from gpu_tasks.timeline.sources import SourceInfo
from tests.web_site import Site, web_site


@pytest.fixture(autouse=True)
def store(tmp_path: Path, settings: Settings) -> Store:
    """The installation's store, empty, in a folder of this test."""
    settings.STORAGE_URL = (tmp_path / "store").as_uri()
    return get_store()


@pytest.fixture
def site(settings: Settings, tmp_path: Path) -> Iterator[Site]:
    """A web site that imports may reach, and a scratch folder of this test for what they fetch."""
    settings.FRAMELANE_NET_ALLOW = ["127.0.0.0/8"]
    settings.FRAMELANE_SCRATCH = tmp_path / "scratch"
    settings.FRAMELANE_SCRATCH.mkdir()
    with web_site() as running:
        yield running


@pytest.fixture
def examined(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """Every file is a video of 640 × 480 and two seconds, without a look at it; the files that were to be examined."""
    seen: list[Path] = []

    def run_probe(path: Path, folder: Path) -> SourceInfo:
        seen.append(path)
        size_bytes = path.stat().st_size
        return SourceInfo("video", "mp4", "video/mp4", size_bytes, 640, 480, has_video=True, duration_s=Fraction(2))

    monkeypatch.setattr(fetching, "run_probe", run_probe)
    return seen
