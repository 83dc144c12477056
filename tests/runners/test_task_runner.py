"""The task runner: what reaches the child, and what each of its ends means for the job."""

import json
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from framelane.lib.sandbox import Limits
from gpu_tasks.errors import JobFailed
from gpu_tasks.runners.child import Stopped
from gpu_tasks.runners.outcome import Made
from gpu_tasks.runners.sources import Fetch
from gpu_tasks.runners.task import run_task

pytestmark = pytest.mark.slow

STAND_IN = [sys.executable, str(Path(__file__).parents[1] / "stand_in_task_child.py")]
LIMITS = Limits(memory_bytes=256 * 1024**2, cpu_s=60, wall_s=200, file_size_bytes=64 * 1024**2)
CLIP = "https://example.org/holiday.mp4?token=secret"

Run = Callable[..., Made]


def write_json(wishes: dict[str, Any]) -> Fetch:
    def fetch(url: str, path: Path) -> None:
        path.write_text(json.dumps(wishes))

    return fetch


@pytest.fixture
def progress() -> list[tuple[str, int]]:
    return []


@pytest.fixture
def run(tmp_path: Path, progress: list[tuple[str, int]]) -> Run:
    """Runs a task with the stand-in; keyword arguments become the source, which tells it how to behave."""

    def call(
        task_type: str = "super_resolution",
        options: dict[str, Any] | None = None,
        limits: Limits = LIMITS,
        should_stop: Callable[[], bool] = lambda: False,
        **wishes: Any,
    ) -> Made:
        return run_task(
            task_type,
            {"source_url": CLIP, "metadata": {"n": "1"}, **(options or {})},
            scratch=tmp_path,
            fetch=write_json(wishes),
            report=lambda stage, percent: progress.append((stage, percent)),
            should_stop=should_stop,
            limits=limits,
            command=STAND_IN,
        )

    return call


def failure(run: Run, **options: Any) -> JobFailed:
    with pytest.raises(JobFailed) as caught:
        run(**options)
    return caught.value


@pytest.mark.parametrize(
    ("task_type", "given", "expected"),
    [
        ("super_resolution", {}, {"scale": 2}),
        ("super_resolution", {"scale": 3.5}, {"scale": 3.5}),
        ("gaze_redirect", {"intensity": 0.5}, {"intensity": 0.5}),
        ("remove_background", {"output": "blur"}, {"output": "blur", "background_color": None, "format": None}),
    ],
)
def test_the_child_gets_every_option(run: Run, task_type: str, given: dict[str, Any], expected: dict[str, Any]) -> None:
    made = run(task_type, given)
    assert json.loads(made.path.read_text()) == {"type": task_type, "source": "source-0000.mp4", **expected}


def test_returns_the_file_that_the_child_names(run: Run, tmp_path: Path) -> None:
    made = run()
    assert made.path == tmp_path / "output.webm"
    assert (made.width, made.height, made.duration_s) == (640, 360, 2.5)
    assert made.size_bytes == made.path.stat().st_size > 0
    assert made.beside == ()


def test_a_picture_has_no_duration(run: Run) -> None:
    made = run(file="output.png")
    assert (made.path.name, made.duration_s) == ("output.png", None)


def test_separates_warnings_from_their_codes(run: Run) -> None:
    assert list(run().warnings) == [
        {"code": "NO_FACE", "message": "no face was found"},
        {"code": "TASK_WARNING", "message": "something else"},
    ]


def test_progress_of_the_parts_becomes_progress_of_the_job(run: Run, progress: list[tuple[str, int]]) -> None:
    run()
    assert progress[0] == ("downloading", 0)
    assert progress[1] == ("compositing", 10)
    assert progress[-1] == ("encoding", 95)
    percents = [percent for _, percent in progress]
    assert percents == sorted(percents)


@pytest.mark.parametrize(
    ("behaviour", "code", "message"),
    [
        ("damaged", "decode_failed", f"{CLIP} is damaged"),
        ("no_face", "invalid_source", f"{CLIP}: the source is an audio"),
        ("no_memory", "out_of_memory", "the task needs more memory than this job may use"),
    ],
)
def test_passes_errors_on_under_the_customers_names(run: Run, behaviour: str, code: str, message: str) -> None:
    failed = failure(run, behaviour=behaviour)
    assert (failed.code, failed.message) == (code, message)


@pytest.mark.parametrize(
    ("behaviour", "code", "words"),
    [
        ("report_unknown_code", "internal", "/elements/0: no"),
        ("crash", "internal", "signal 11"),
        ("exit_silently", "internal", "exit status 3"),
        ("fill_memory", "out_of_memory", "256 MiB"),
    ],
)
def test_every_end_has_its_code(run: Run, tmp_path: Path, behaviour: str, code: str, words: str) -> None:
    failed = failure(run, behaviour=behaviour)
    assert failed.code == code
    assert words in failed.message
    assert str(tmp_path) not in failed.message


@pytest.mark.parametrize("file", ["output.webm", "../output.webm", "/etc/passwd", ".."])
def test_takes_no_file_that_is_not_in_its_folder(run: Run, file: str) -> None:
    assert failure(run, file=file, forgets=True).code == "internal"


def test_ends_what_takes_too_long(run: Run) -> None:
    assert failure(run, behaviour="hang", limits=replace(LIMITS, wall_s=0.5)).code == "timeout"


def test_stops_the_child(run: Run, progress: list[tuple[str, int]]) -> None:
    with pytest.raises(Stopped):
        run(behaviour="hang", should_stop=lambda: ("encoding", 95) in progress)


def test_stops_before_the_download(run: Run, progress: list[tuple[str, int]]) -> None:
    with pytest.raises(Stopped):
        run(should_stop=lambda: True)
    assert [stage for stage, _ in progress] == ["downloading"]


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("FRAMELANE_MODELS", "relative/models", str(Path("relative/models").absolute())),
        ("FRAMELANE_SUPER_RESOLUTION_MODEL", "realesr-general-x4v3", "realesr-general-x4v3"),
        ("FRAMELANE_BACKGROUND_MODEL", "birefnet", "birefnet"),
    ],
)
def test_the_child_learns_which_weights_to_use(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, value: str, told: str
) -> None:
    monkeypatch.setenv(name, value)
    script = tmp_path / "told.py"
    script.write_text(
        f"import json, os; open('told.png', 'w').write(os.environ['{name}'])\n"
        "print(json.dumps({'result': {'file': 'told.png', 'width': 1, 'height': 1, 'duration_s': None}}))\n"
    )
    made = run_task(
        "gaze_redirect",
        {"source_url": CLIP},
        scratch=tmp_path,
        fetch=write_json({}),
        report=lambda stage, percent: None,
        should_stop=lambda: False,
        limits=LIMITS,
        command=[sys.executable, str(script)],
    )
    assert made.path.read_text() == told
