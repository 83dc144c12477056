"""The render runner: what reaches the engine, and what each of its ends means for the job."""

import json
import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from framelane.lib.sandbox import Limits
from gpu_tasks.errors import JobFailed
from gpu_tasks.runners.child import Stopped
from gpu_tasks.runners.outcome import Made
from gpu_tasks.runners.render import render

pytestmark = pytest.mark.slow

STAND_IN = [sys.executable, str(Path(__file__).parents[1] / "stand_in_engine.py")]
LIMITS = Limits(memory_bytes=256 * 1024**2, cpu_s=60, wall_s=200, file_size_bytes=64 * 1024**2)
CLIP = "https://example.org/holiday.mp4?token=secret"

Render = Callable[..., Made]


def write_url(url: str, path: Path) -> None:
    path.write_text(url)


@pytest.fixture
def progress() -> list[tuple[str, int]]:
    return []


@pytest.fixture
def run(tmp_path: Path, progress: list[tuple[str, int]]) -> Render:
    """Renders with the stand-in; keyword arguments are metadata, which tell it how to behave."""

    def call(
        urls: list[str] | None = None,
        limits: Limits = LIMITS,
        should_stop: Callable[[], bool] = lambda: False,
        output_format: str = "mp4",
        fonts: Sequence[str] = (),
        **metadata: str,
    ) -> Made:
        elements = [{"type": "video", "source_url": url} for url in urls or []]
        return render(
            {"elements": elements, "metadata": metadata, "output_format": output_format},
            scratch=tmp_path,
            fetch=write_url,
            report=lambda stage, percent: progress.append((stage, percent)),
            should_stop=should_stop,
            limits=limits,
            fonts=fonts,
            command=STAND_IN,
        )

    return call


def failure(run: Render, **options: Any) -> JobFailed:
    with pytest.raises(JobFailed) as caught:
        run(**options)
    return caught.value


def test_returns_the_film(run: Render, tmp_path: Path) -> None:
    film = run()
    assert film.path == tmp_path / "output.mp4"
    assert (film.width, film.height, film.duration_s, film.size_bytes) == (320, 180, 2.0, 4)


def test_a_still_has_no_duration(run: Render) -> None:
    assert run(output_format="png").duration_s is None


def test_separates_warnings_from_their_codes(run: Render) -> None:
    assert list(run().warnings) == [
        {"code": "FONT_FALLBACK", "message": "no font 'Nope'"},
        {"code": "RENDER_WARNING", "message": "something else"},
    ]


def test_fetches_every_source_once(run: Render, tmp_path: Path) -> None:
    other = "https://example.org/b.webm"
    film = run(urls=[CLIP, other, CLIP])
    assert film.path.read_text() == CLIP + other
    assert json.loads((tmp_path / "sources.json").read_text()) == {
        CLIP: "source-0000.mp4",
        other: "source-0001.webm",
    }


def test_progress_of_the_parts_becomes_progress_of_the_job(run: Render, progress: list[tuple[str, int]]) -> None:
    run(urls=[CLIP])
    assert progress[0] == ("downloading", 0)
    assert progress[1] == ("compositing", 10)
    assert progress[-1] == ("encoding", 95)
    percents = [percent for _, percent in progress]
    assert percents == sorted(percents)


def test_passes_the_engines_error_on_under_the_customers_names(run: Render, tmp_path: Path) -> None:
    failed = failure(run, urls=[CLIP], behaviour="report_error")
    assert (failed.code, failed.message) == ("decode_failed", f"{CLIP} is damaged")


@pytest.mark.parametrize(
    ("behaviour", "code", "words"),
    [
        ("report_unknown_code", "internal", "/elements/0: no"),
        ("crash", "internal", "signal 11"),
        ("exit_silently", "internal", "exit status 3"),
        ("end_without_result", "internal", "exit status 0"),
        ("fill_memory", "out_of_memory", "256 MiB"),
        ("fill_disk", "encode_failed", "64 MiB"),
    ],
)
def test_every_end_has_its_code(run: Render, tmp_path: Path, behaviour: str, code: str, words: str) -> None:
    failed = failure(run, behaviour=behaviour)
    assert failed.code == code
    assert words in failed.message
    assert str(tmp_path) not in failed.message


def test_ends_what_takes_too_long(run: Render) -> None:
    assert failure(run, behaviour="hang", limits=replace(LIMITS, wall_s=0.5)).code == "timeout"


def test_stops_the_engine(run: Render, progress: list[tuple[str, int]]) -> None:
    with pytest.raises(Stopped):
        run(behaviour="hang", should_stop=lambda: ("encoding", 95) in progress)


def test_stops_between_downloads(run: Render, progress: list[tuple[str, int]]) -> None:
    with pytest.raises(Stopped):
        run(urls=[CLIP], should_stop=lambda: True)
    assert [stage for stage, _ in progress] == ["downloading"]


def test_survives_output_that_is_no_protocol(run: Render) -> None:
    assert run(behaviour="babble").size_bytes == 4


def test_a_failing_download_fails_the_job(tmp_path: Path) -> None:
    def fetch(url: str, path: Path) -> None:
        raise JobFailed("source_not_found", f"{url} answered 404.")

    with pytest.raises(JobFailed, match="answered 404"):
        render(
            {"elements": [{"type": "video", "source_url": CLIP}]},
            scratch=tmp_path,
            fetch=fetch,
            report=lambda stage, percent: None,
            should_stop=lambda: False,
            limits=LIMITS,
            command=STAND_IN,
        )


def test_gives_only_media_extensions_to_local_files(run: Render, tmp_path: Path) -> None:
    images = [f"https://example.org/a.{extension}" for extension in ("png", "py", "m3u8", "JPG")]
    render(
        {"elements": [{"type": "image", "id": url[-4:], "duration": 1, "source_url": url} for url in images]},
        scratch=tmp_path,
        fetch=write_url,
        report=lambda stage, percent: None,
        should_stop=lambda: False,
        limits=LIMITS,
        command=STAND_IN,
    )
    names = json.loads((tmp_path / "sources.json").read_text()).values()
    assert list(names) == ["source-0000.png", "source-0001", "source-0002", "source-0003.jpg"]


def test_lays_the_fonts_into_a_folder_of_their_own(run: Render, tmp_path: Path) -> None:
    run(fonts=["https://media.test/a.ttf", "https://media.test/b.woff2"])
    assert sorted(path.name for path in (tmp_path / "fonts").iterdir()) == ["0000", "0001"]
