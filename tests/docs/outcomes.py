"""What pages promise beyond running: what their scripts print, and the files that they leave with their reader."""

import json
from collections.abc import Callable
from pathlib import Path

from standardwebhooks.webhooks import Webhook

from examples.webhook_receiver import is_signed_by_formula
from gpu_tasks.media.probe import probe
from gpu_tasks.timeline.sources import SourceInfo
from scripts.demo.film import check_film

Outcome = Callable[[list[str], Path], None]
TOUR_SCENE = {"width": 1280, "height": 720, "duration": 4, "elements": []}
TASKS_MADE = {
    "large.jpg": (512, 512),
    "large.mp4": (480, 360),
    "cutout.png": (256, 256),
    "cutout.webm": (320, 240),
    "cutout.mov": (320, 240),
    "blue.mp4": (320, 240),
    "eyes.jpg": (256, 256),
    "eyes.mp4": (320, 240),
}
TRANSPARENT = {"cutout.png", "cutout.webm", "cutout.mov"}
MEDIA = (".mp4", ".webm", ".mov", ".gif", ".png", ".jpg")


def films_are_whole(folder: Path) -> None:
    """Whatever pictures and films a page has left can be opened."""
    made = [path for path in folder.rglob("*") if path.suffix in MEDIA and path.is_file() and not path.is_symlink()]
    assert [path.name for path in made if min(probe(path).width or 0, probe(path).height or 0) < 1] == []


def readme(lines: list[str], folder: Path) -> None:
    assert "logo: 200" in lines
    assert "first chunk: 308" in lines
    assert "Range: bytes=0-1048575" in [line.strip() for line in lines]
    assert "second chunk: 200" in lines
    assert "completed: 100 %" in lines
    assert lines[-3:] == ["202", "200", "409"]
    check_film(next(Path(line) for line in lines if line.endswith("film.mp4")), TOUR_SCENE)


def first_film(lines: list[str], folder: Path) -> None:
    assert lines[:2] == ["email_not_verified", "True"]
    assert "completed" in lines
    events = [line.split()[0] for line in lines if line.endswith(" True True")]
    assert events[:2] == ["render.queued", "render.processing"]
    assert "render.completed" in events
    assert not [line for line in lines if line.startswith("refused")]
    assert "render.completed succeeded 204 1" in lines
    assert lines[-4:-2] == ["another secret", "test: 202"]
    assert lines[-2].endswith(" True True")
    assert float(lines[-1]) == 0.05
    (tour,) = [path.parent for path in folder.glob("*/rotated.json")]
    _both_secrets_verify(tour)


def _both_secrets_verify(tour: Path) -> None:
    last = max((tour / "received").glob("*.body"))
    headers = json.loads(last.with_suffix(".headers.json").read_text())
    for name in ("webhook.json", "rotated.json"):
        secret = json.loads((tour / name).read_text())["secret"]
        assert is_signed_by_formula(secret, headers, last.read_bytes())
        Webhook(secret).verify(last.read_bytes(), headers)


def tasks(lines: list[str], folder: Path) -> None:
    made = Path(lines[-1])
    assert [line for line in lines if line.endswith(": completed")] == [f"{name}: completed" for name in TASKS_MADE]
    assert "transcribe: 202" in lines
    facts = {name: probe(made / name) for name in TASKS_MADE}
    assert {name: (info.width, info.height) for name, info in facts.items()} == TASKS_MADE
    assert {name for name, info in facts.items() if info.has_alpha} == TRANSPARENT
    assert all(_keeps_length_and_sound(info) for info in facts.values())


def _keeps_length_and_sound(info: SourceInfo) -> bool:
    if info.duration_s is None:
        return True
    return info.has_audio and abs(float(info.duration_s) - 1.0) < 0.05


def quickstart(lines: list[str], folder: Path) -> None:
    lengths_s = {name: probe(folder / name).duration_s for name in ("hello.mp4", "captioned.mp4")}
    assert {name: round(float(length_s or 0), 1) for name, length_s in lengths_s.items()} == {
        "hello.mp4": 2.0,
        "captioned.mp4": 3.0,
    }
    assert probe(folder / "captioned.mp4").has_audio


def same_job_twice(lines: list[str], folder: Path) -> None:
    assert lines[:2] == ["202", "200"]
    answers = [json.loads((folder / name).read_text()) for name in ("first.json", "again.json")]
    assert answers[0]["id"] == answers[1]["id"]


OUTCOMES: dict[tuple[str, str], Outcome] = {
    ("README.md", "sh"): readme,
    ("docs/first-film.md", "sh"): first_film,
    ("docs/tasks.md", "sh"): tasks,
    ("docs/quickstart.md", "sh"): quickstart,
    ("docs/quickstart.md", "python"): quickstart,
    ("docs/quickstart.md", "ts"): quickstart,
    ("docs/concepts/idempotency.md", "sh"): same_job_twice,
}
"""By page and language."""
