"""Whoever has curl, the text of /llms.txt and somebody to read a code from a mail ends with a captioned film."""

import os
import re
import subprocess
import time
from itertools import pairwise
from pathlib import Path

import av
import httpx
import numpy as np
import pytest
from numpy.typing import NDArray

from gpu_tasks.media.probe import probe
from tests.docs.pages import blocks_of
from tests.docs.stage import YOURS, Stage, codes_for, refusals

Frame = NDArray[np.uint8]
NEEDS_CODE = "$CODE"
CAPTIONS = slice(280, 340)
"""Rows of the film in which the captions stand."""
SPOKEN_S = {"One": 0.5, "request": 0.9, "becomes": 1.4, "a": 1.8, "finished": 2.2, "film.": 2.6}
"""A moment at which each word is said."""


@pytest.fixture(scope="module")
def road(stage: Stage) -> str:
    """What the platform says to agents."""
    answer = httpx.get(f"{stage.proxy.url}/llms.txt", timeout=60, trust_env=False)
    assert answer.status_code == 200
    assert answer.headers["Content-Type"].startswith(("text/plain", "text/markdown"))
    return answer.text


@pytest.fixture(scope="module")
def walked(road: str, stage: Stage, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder after every shell block has run in its order, each in a shell of its own."""
    folder = tmp_path_factory.mktemp("agent")
    stage.proxy.book.forget()
    for block in blocks_of(Path("llms.txt"), road):
        if block.language == "sh":
            env = {"PATH": os.environ["PATH"], "HOME": str(folder)}
            if NEEDS_CODE in block.text:
                env["CODE"] = read_aloud(stage)
            follow(block.text, folder, env)
    return folder


def read_aloud(stage: Stage) -> str:
    """The code in the mail, as the person reads it to the agent."""
    deadline = time.monotonic() + 180
    while not (codes := codes_for(stage.mailbox, YOURS)):
        assert time.monotonic() < deadline, "no mail has come"
        time.sleep(0.1)
    return list(codes.values())[-1]


def follow(block: str, folder: Path, env: dict[str, str]) -> None:
    command = ["bash", "-euo", "pipefail", "-c", block]
    done = subprocess.run(command, cwd=folder, env=env, capture_output=True, text=True, timeout=600, check=False)
    assert done.returncode == 0, f"{block}\n--- {done.returncode}\n{done.stdout}\n{done.stderr}"


def frames_at(film: Path, moments_s: list[float]) -> list[Frame]:
    with av.open(str(film)) as container:
        frames = [(frame.time, frame.to_ndarray(format="rgb24")) for frame in container.decode(video=0)]
    return [next(picture for now_s, picture in frames if now_s is not None and now_s >= s) for s in moments_s]


def marked(frame: Frame) -> NDArray[np.bool_]:
    """Where the captions' rows have the colour of the word that is being said, #ffd54a."""
    red, green, blue = (frame[CAPTIONS, :, channel].astype(int) for channel in range(3))
    return (red > 200) & (green > 150) & (blue < 140) & (red - blue > 80)


def test_the_road_is_plain_text_in_the_form_of_llms_txt(road: str) -> None:
    assert re.match(r"# Framelane\n\n> \S", road)
    links = re.findall(r"(?m)^- \[[^\]]+\]\(([^)]+)\)", road)
    assert len(links) > 10
    assert [link for link in links if not link.startswith("http")] == []
    assert "http://localhost:8000" not in road


def test_every_page_that_the_road_names_is_there(road: str, stage: Stage) -> None:
    links = set(re.findall(r"\]\((http[^)#\s]+)", road))
    with httpx.Client(timeout=60, trust_env=False) as client:
        statuses = {link: client.get(link).status_code for link in links}
    assert {link: status for link, status in statuses.items() if status != 200} == {}


@pytest.mark.timeout(900)
def test_the_road_ends_with_a_film_of_the_size_and_length_it_says(walked: Path) -> None:
    info = probe(walked / "film.mp4")
    assert (info.width, info.height, info.has_audio) == (640, 360, True)
    assert info.duration_s is not None
    assert abs(float(info.duration_s) - 3.0) < 0.05


@pytest.mark.timeout(900)
def test_each_word_is_marked_when_it_is_said(walked: Path) -> None:
    marks = [marked(frame) for frame in frames_at(walked / "film.mp4", list(SPOKEN_S.values()))]
    assert all(mark.sum() > 30 for mark in marks), [int(mark.sum()) for mark in marks]
    overlaps = [(first & second).sum() / first.sum() for first, second in pairwise(marks)]
    assert max(overlaps) < 0.1, overlaps


@pytest.mark.timeout(900)
def test_nothing_is_marked_before_and_after_the_words(walked: Path) -> None:
    before, after = frames_at(walked / "film.mp4", [0.1, 2.9])
    assert (marked(before).sum(), marked(after).sum()) == (0, 0)


@pytest.mark.timeout(900)
def test_only_the_mistake_of_the_road_is_refused(walked: Path, stage: Stage) -> None:
    assert refusals(stage) == ["POST /v1/renders/validate: 422"]
