"""What is published: the examples work, generated files are up to date, old Pythons understand it."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from live import SAMPLES, variable

PROJECT = Path(__file__).resolve().parents[1]


def python_blocks() -> list[str]:
    blocks = re.findall(r"^```python\n(.*?)^```$", (PROJECT / "README.md").read_text("utf-8"), re.MULTILINE | re.DOTALL)
    assert len(blocks) >= 6
    return blocks


def run(script: str, folder: Path) -> str:
    done = subprocess.run(
        [sys.executable, "-W", "error", "-"], input=script, cwd=folder, text=True, capture_output=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_first_example_works_as_written(tmp_path: Path) -> None:
    variable("FRAMELANE_API_KEY")
    assert run(python_blocks()[0], tmp_path) == "2.0 seconds in hello.mp4\n"
    assert (tmp_path / "hello.mp4").stat().st_size > 1000


def test_all_examples_work_as_written(tmp_path: Path) -> None:
    for name in ("clip.mp4", "talk.mp4"):
        shutil.copy(SAMPLES / name, tmp_path)
    told = run("\n".join(python_blocks()), tmp_path)
    made = {path.name for path in tmp_path.iterdir()}
    assert made == {"clip.mp4", "talk.mp4", "hello.mp4", "sea.mp4", "captioned.mp4", "a.png", "b.png", "c.png"}
    assert "/elements/0/duration" in told


def test_generated_files_are_up_to_date() -> None:
    done = subprocess.run(
        [sys.executable, "generate.py", "--check"], cwd=PROJECT, text=True, capture_output=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize(
    "evaluated", [[], ["--eval-annotations", "src/framelane/_generated.py"]], ids=["all", "models"]
)
def test_nothing_is_newer_than_python_3_9(evaluated: list[str]) -> None:
    vermin = str(Path(sys.executable).with_name("vermin"))
    command = [vermin, "--target=3.9-", "--no-tips", "--violations", *(evaluated or ["src"])]
    done = subprocess.run(command, cwd=PROJECT, text=True, capture_output=True, check=False)
    assert done.returncode == 0, done.stdout


def test_the_wheel_holds_what_is_needed_and_no_more(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(tmp_path), "."]
    done = subprocess.run(command, cwd=PROJECT, text=True, capture_output=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    (wheel,) = tmp_path.glob("framelane-*-py3-none-any.whl")
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
        (metadata,) = [archive.read(name).decode() for name in names if name.endswith(".dist-info/METADATA")]
    assert {"framelane/py.typed", "framelane/_sync/client.py", "framelane/_generated.py"} <= set(names)
    assert not [name for name in names if name.startswith(("tests", "tools"))]
    assert [name for name in names if name.endswith("LICENSE")]
    needed = re.findall(r"^Requires-Dist: (.*)$", metadata, re.MULTILINE)
    assert sorted(re.split(r"[<>=]", each)[0] for each in needed if "extra ==" not in each) == ["httpx", "pydantic"]
    assert "Requires-Python: >=3.9" in metadata
