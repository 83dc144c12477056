"""The README's tour with curl is true: its own shell blocks run against a live platform."""

import re
import shutil
import subprocess
from pathlib import Path

from examples.sources.__main__ import make
from scripts.demo.film import check_film
from scripts.live import Platform
from scripts.processes import ROOT

TOUR_SCENE = {"width": 1280, "height": 720, "duration": 4, "elements": []}


def tour_script() -> str:
    """The shell blocks of the section, one after the other."""
    readme = (ROOT / "README.md").read_text("utf-8")
    section = readme.split("## A tour with curl", 1)[1].split("\n## ", 1)[0]
    blocks = re.findall(r"```sh\n(.*?)```", section, re.DOTALL)
    assert len(blocks) >= 5
    return "set -euo pipefail\n" + "\n".join(blocks)


def test_the_tour_ends_with_a_film(platform: Platform, tmp_path: Path) -> None:
    assert shutil.which("curl"), "curl is not installed"
    env = {**platform.env, "API": platform.url, "TMPDIR": str(tmp_path)}
    done = subprocess.run(
        ["bash", "-c", tour_script()], cwd=ROOT, env=env, capture_output=True, text=True, timeout=240, check=False
    )
    assert done.returncode == 0, f"{done.stdout}\n{done.stderr}\n{platform.log_tail()}"
    lines = done.stdout.splitlines()
    assert "logo: 200" in lines
    assert "first chunk: 308" in lines
    assert "Range: bytes=0-1048575" in [line.strip() for line in lines]
    assert "second chunk: 200" in lines
    assert "completed: 100 %" in lines
    assert lines[-3:] == ["202", "200", "409"]
    film = next(Path(line) for line in lines if line.endswith("film.mp4"))
    check_film(film, TOUR_SCENE)


def test_a_source_is_made_once(tmp_path: Path) -> None:
    """The tour may be walked again: what is there stays."""
    first = make("logo.png", tmp_path).stat()
    assert make("logo.png", tmp_path).stat() == first
