"""`python -m gpu_tasks.task` runs one task and says how it went, in one line of JSON at the end."""

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from gpu_tasks import task
from gpu_tasks.media.probe import probe
from gpu_tasks.task import PACKAGES, main
from tests.media.font_make import make_font
from tests.media.make import make_alpha_webm, make_clip, make_image, make_sound, quadrants


@pytest.fixture(autouse=True)
def stand_in(monkeypatch: pytest.MonkeyPatch) -> None:
    """One more task, which needs no network."""
    monkeypatch.setattr(task, "PACKAGES", PACKAGES | {"double": "tests.stand_in_task"})


@pytest.fixture
def clip(tmp_path: Path) -> Path:
    return make_clip(tmp_path / "a.mp4", width=64, height=48, duration_s=0.5)


def describe(folder: Path, description: Any) -> Path:
    (folder / "task.json").write_text(description if isinstance(description, str) else json.dumps(description))
    return folder / "task.json"


def run(capsys: pytest.CaptureFixture[str], folder: Path, **description: Any) -> tuple[int, list[dict[str, Any]]]:
    """Exit status and lines of a run with that description."""
    status = main([str(describe(folder, description)), str(folder / "output"), "--progress", "json"])
    return status, [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def test_a_film_is_rewritten(capsys: pytest.CaptureFixture[str], clip: Path, tmp_path: Path) -> None:
    status, lines = run(capsys, tmp_path, type="double", source=clip.name)
    assert status == 0
    assert lines[0] == {"stage": "compositing", "percent": 0}
    assert lines[-2] == {"stage": "encoding", "percent": 100}
    result = lines[-1]["result"]
    assert result == {
        "file": "output.mp4",
        "width": 128,
        "height": 96,
        "duration_s": 0.5,
        "frame_count": 15,
        "size_bytes": (tmp_path / "output.mp4").stat().st_size,
        "warnings": ["DOUBLED: every pixel was repeated"],
        "model": "repeat-2x",
    }
    assert probe(tmp_path / "output.mp4").width == 128


@pytest.mark.parametrize(
    ("source", "file"),
    [
        ("a.png", "output.png"),
        ("a.jpg", "output.jpg"),
        ("a.tiff", "output.png"),
        ("a.mp4", "output.mp4"),
        ("a.mkv", "output.mp4"),
        ("alpha.webm", "output.webm"),
        ("opaque.webm", "output.mp4"),
    ],
)
def test_the_output_is_of_the_sources_kind(
    source: str, file: str, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    path = tmp_path / source
    if path.suffix in (".png", ".jpg", ".tiff"):
        make_image(path, quadrants())
    elif source == "alpha.webm":
        make_alpha_webm(path, width=64, height=48)
    else:
        make_clip(path, width=64, height=48, duration_s=0.2)
    status, lines = run(capsys, tmp_path, type="double", source=source)
    assert (status, lines[-1]["result"]["file"]) == (0, file)
    assert probe(tmp_path / file).has_alpha == (source == "alpha.webm")


@pytest.mark.parametrize(("source", "file"), [("a.png", "output.png"), ("a.mp4", "output.mov")])
def test_a_step_may_choose_the_form(
    source: str, file: str, capsys: pytest.CaptureFixture[str], clip: Path, tmp_path: Path
) -> None:
    make_image(tmp_path / "a.png", quadrants())
    status, lines = run(capsys, tmp_path, type="double", source=source, how="formed")
    assert (status, lines[-1]["result"]["file"]) == (0, file)
    assert probe(tmp_path / file).has_alpha


@pytest.mark.parametrize("output", ["film", "film.mp4", "film.final"])
def test_the_suffix_is_put_behind_the_name_once(output: str, clip: Path, tmp_path: Path) -> None:
    file = describe(tmp_path, {"type": "double", "source": clip.name})
    assert main([str(file), str(tmp_path / output), "--progress", "none"]) == 0
    assert (tmp_path / f"{output.removesuffix('.mp4')}.mp4").exists()


@pytest.mark.parametrize(
    ("description", "message"),
    [
        ({"source": "a.mp4"}, "type is None; accepted are super_resolution"),
        ({"type": "transcribe", "source": "a.mp4"}, "type is 'transcribe'"),
        ({"type": ["double"], "source": "a.mp4"}, r"type is \['double'\]"),
        ({"type": "double"}, "source is None"),
        ({"type": "double", "source": ""}, "source is ''"),
        ({"type": "double", "source": 7}, "source is 7"),
        ({"type": "double", "source": "a\0.mp4"}, "source is"),
        ({"type": "double", "source": "a.mp4", "how": "fast"}, "how is 'fast'; accepted are plain and formed"),
        ([], "holds list; an object is accepted"),
        ("{", "cannot read task.json"),
        ("[" * 100_000, "cannot read task.json"),
    ],
)
def test_an_invalid_task_is_told_from_a_failed_one(
    description: Any, message: str, capsys: pytest.CaptureFixture[str], clip: Path, tmp_path: Path
) -> None:
    file = describe(tmp_path, description)
    assert main([str(file), str(tmp_path / "output"), "--progress", "json"]) == 2
    last = json.loads(capsys.readouterr().out.splitlines()[-1])["error"]
    assert last["code"] == "validation_error"
    assert re.search(message, last["message"])


def test_a_task_file_that_is_not_there_is_named(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert main([str(tmp_path / "gone.json"), str(tmp_path / "output"), "--progress", "json"]) == 2
    assert "cannot read gone.json" in capsys.readouterr().out


def _sound(path: Path) -> None:
    make_sound(path)


def _text(path: Path) -> None:
    path.write_text("no film at all")


def _font(path: Path) -> None:
    make_font(path, "Mine")


def _link(path: Path) -> None:
    path.symlink_to("/etc/hostname")


@pytest.mark.parametrize(
    ("make", "name", "code"),
    [
        (_sound, "a.wav", "invalid_source"),
        (_sound, "a.mp3", "invalid_source"),
        (_text, "b.mp4", "invalid_source"),
        (_font, "a.ttf", "invalid_source"),
        (_link, "l.mp4", "invalid_source"),
        (lambda _path: None, "gone.mp4", "source_not_found"),
    ],
    ids=["wav", "mp3", "text", "font", "link", "gone"],
)
def test_what_is_no_picture_fails_the_job(
    make: Any, name: str, code: str, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    make(tmp_path / name)
    status, lines = run(capsys, tmp_path, type="double", source=name)
    assert (status, lines[-1]["error"]["code"]) == (1, code)


@pytest.mark.parametrize(
    ("how", "code", "message"),
    [
        ("missing", "internal", "the model 'nowhere' is not installed"),
        ("greedy", "out_of_memory", "the task needs more memory"),
        ("broken", "internal", "the task broke: ZeroDivisionError"),
    ],
)
def test_whatever_breaks_is_told(
    how: str, code: str, message: str, capsys: pytest.CaptureFixture[str], clip: Path, tmp_path: Path
) -> None:
    status, lines = run(capsys, tmp_path, type="double", source=clip.name, how=how)
    assert status == 1
    assert lines[-1]["error"]["code"] == code
    assert message in lines[-1]["error"]["message"]


def test_the_module_runs_and_loads_nothing_for_an_invalid_task(tmp_path: Path) -> None:
    file = describe(tmp_path, {"type": "enlarge", "source": "a.mp4"})
    program = (
        "import sys; from gpu_tasks.task import main; status = main(sys.argv[1:]); "
        "print([m for m in ('torch', 'numpy', 'av', 'cv2', 'django') if m in sys.modules]); sys.exit(status)"
    )
    command = [sys.executable, "-c", program, str(file), str(tmp_path / "output"), "--progress", "json"]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 2
    assert done.stdout.splitlines()[-1] == "[]"
    asked = [sys.executable, "-m", "gpu_tasks.task", str(file), str(tmp_path / "output")]
    assert subprocess.run(asked, capture_output=True).returncode == 2
