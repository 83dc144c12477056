"""Downloads, also over connections that break."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from framelane import ApiError, ConnectionFailed, Framelane, NotFound
from framelane.errors import Gone, NotReady
from framelane.types import Job
from live import Clients, Faults, endless_scene, seconds_of_mp4

MEDIA = "^/media/.*output"


@pytest.fixture(scope="module")
def film() -> Job:
    with Framelane() as client:
        noisy = {"type": "text", "text": "Download", "duration": 2, "animation_preset": "typewriter", "font_size": 90}
        return client.renders.create_and_wait({"width": 640, "height": 360, "elements": [noisy]})


def spans(faults: Faults) -> list[str | None]:
    """The ranges that were asked for."""
    requests = [{name.lower(): value for name, value in each["headers"].items()} for each in faults.seen("GET", MEDIA)]
    assert not any("authorization" in headers for headers in requests)
    return [headers.get("range") for headers in requests]


def test_a_download_that_breaks_goes_on(
    client: Any, faults: Faults, pauses: list[float], film: Job, tmp_path: Path
) -> None:
    whole = client.renders.download(film, tmp_path / "whole.mp4").read_bytes()
    assert len(whole) == film.output.size_bytes  # type: ignore[union-attr]
    faults.reset()
    faults.add("GET", MEDIA, "cut_body", bytes=5000)
    told: list[int] = []
    path = client.renders.download(film.id, tmp_path / "film.mp4", on_progress=lambda done, total: told.append(done))
    assert path.read_bytes() == whole
    assert spans(faults) == [None, "bytes=5000-"]
    assert told == sorted(told)
    assert told[-1] == len(whole)
    assert seconds_of_mp4(path) == pytest.approx(2, abs=0.05)


def test_many_breaks_are_survived_while_it_gets_on(
    clients: Clients, faults: Faults, pauses: list[float], film: Job, tmp_path: Path
) -> None:
    faults.add("GET", MEDIA, "cut_body", times=5, bytes=1500)
    path = clients(max_retries=1).renders.download(film, tmp_path / "film.mp4")
    assert spans(faults) == [None, *(f"bytes={1500 * n}-" for n in range(1, 6))]
    assert seconds_of_mp4(path) == pytest.approx(2, abs=0.05)


def test_a_store_that_fails_is_asked_again(
    client: Any, faults: Faults, pauses: list[float], film: Job, tmp_path: Path
) -> None:
    faults.answer("GET", MEDIA, 503, Retry_After="3")
    faults.answer("GET", "/download$", 502)
    client.renders.download(film, tmp_path / "film.mp4")
    assert len(pauses) == 2
    assert 3 in pauses


def test_a_download_that_does_not_get_on_leaves_nothing(
    clients: Clients, faults: Faults, pauses: list[float], film: Job, tmp_path: Path
) -> None:
    faults.add("GET", MEDIA, "cut_before", times=3)
    with pytest.raises(ConnectionFailed):
        clients(max_retries=2).renders.download(film, tmp_path / "film.mp4")
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_is_there_stays_until_the_new_one_is_whole(
    client: Any, faults: Faults, film: Job, tmp_path: Path
) -> None:
    path = tmp_path / "film.mp4"
    path.write_text("old", "utf-8")
    faults.answer("GET", MEDIA, 403)
    with pytest.raises(ApiError):
        client.renders.download(film, path)
    assert path.read_text("utf-8") == "old"
    client.renders.download(film, path)
    assert seconds_of_mp4(path) == pytest.approx(2, abs=0.05)


def test_a_listener_that_raises_ends_the_download(client: Any, film: Job, tmp_path: Path) -> None:
    def stop(done: int, total: int | None) -> None:
        raise InterruptedError("enough")

    with pytest.raises(InterruptedError, match="enough"):
        client.renders.download(film, tmp_path / "film.mp4", on_progress=stop)
    assert list(tmp_path.iterdir()) == []
    assert client.workspace.get().name == "SDKs"


def test_what_is_not_there_cannot_be_downloaded(client: Any, faults: Faults, tmp_path: Path) -> None:
    with pytest.raises(NotFound):
        client.renders.download("render_01J8QR2K5VKDGN2T4FBM3CZYX7", tmp_path / "film.mp4")
    job = client.renders.create(endless_scene())
    with pytest.raises(NotReady):
        client.renders.download(job, tmp_path / "film.mp4")
    client.renders.cancel(job)
    faults.answer("GET", "/download$", 410)
    with pytest.raises(Gone):
        client.renders.download(job, tmp_path / "film.mp4")
    with pytest.raises(FileNotFoundError):
        client.renders.download(job, tmp_path / "nowhere" / "film.mp4")
