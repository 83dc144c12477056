"""A received file is examined in a child process, once, whatever is lost on the way."""

import sys
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from pytest_django import Settings

from apps.events.models import Event
from apps.uploads import probing, services, tasks
from apps.uploads.models import Asset
from apps.uploads.probing import Failure, Inconclusive
from framelane.lib import clock
from framelane.lib.sandbox import run_bounded
from framelane.lib.storage import Store
from gpu_tasks.timeline.sources import SourceInfo
from tests.people import Person
from tests.uploads.files import Upload, film, mp4_like

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


@pytest.fixture
def received(alice: Person) -> Asset:
    upload = Upload(alice)
    upload.put(mp4_like(200))
    return upload.reload()


@pytest.fixture
def finds(monkeypatch: pytest.MonkeyPatch) -> Callable[..., list[Path]]:
    """Have the probe find what the test says; the list fills with the files that it was given."""

    def set_up(*findings: SourceInfo | Failure | BaseException) -> list[Path]:
        waiting, seen = list(findings), []

        def run_probe(path: Path, folder: Path) -> SourceInfo | Failure:
            seen.append(path)
            finding = waiting.pop(0)
            if isinstance(finding, BaseException):
                raise finding
            return finding

        monkeypatch.setattr(probing, "run_probe", run_probe)
        return seen

    return set_up


@pytest.fixture
def later(monkeypatch: pytest.MonkeyPatch) -> Callable[[int], None]:
    """Move the clock on by so many seconds."""

    def move(seconds: int) -> None:
        then = clock.now() + timedelta(seconds=seconds)
        monkeypatch.setattr(clock, "now", lambda: then)

    return move


VIDEO = SourceInfo("video", "mp4", "video/mp4", 200, width=640, height=480, has_video=True)


def test_a_real_film_becomes_ready(alice: Person, tmp_path: Path) -> None:
    upload = Upload(alice)
    upload.put(film(tmp_path / "film.mp4"))
    tasks.probe_asset(upload.asset.id)
    asset = upload.reload()
    assert (asset.status, asset.error, asset.kind) == ("ready", None, "video")
    assert (asset.width, asset.height) == (64, 48)
    assert asset.duration == pytest.approx(0.2)
    assert SourceInfo.from_json(asset.info).has_video
    event = Event.objects.get()
    assert (event.type, event.data["asset"]["id"]) == ("asset.ready", asset.id)
    assert event.data["asset"]["source_url"] == upload.source_url


def test_a_film_that_is_none_fails_with_a_named_cause(
    alice: Person, store: Store, django_capture_on_commit_callbacks: Any
) -> None:
    upload = Upload(alice)
    upload.put(mp4_like(2000))
    with django_capture_on_commit_callbacks(execute=True):
        tasks.probe_asset(upload.asset.id)
    asset = upload.reload()
    assert asset.status == "failed"
    assert asset.error["code"] in ("invalid_source", "decode_failed", "codec_unsupported")
    assert asset.error["message"]
    assert Event.objects.get().type == "asset.failed"
    assert not store.exists(asset.key)


@pytest.mark.parametrize(
    ("program", "code"),
    [
        ("import os, signal; os.kill(os.getpid(), signal.SIGSEGV)", "decode_failed"),
        ("while True: pass", "timeout"),
        ("import time; time.sleep(60)", "timeout"),
        ("x = [bytearray(1 << 20) for _ in range(4000)]", "out_of_memory"),
        ("open('big', 'wb').write(bytes(1 << 22))", "decode_failed"),
        (
            """print('{"error": {"code": "codec_unsupported", "message": "no"}}'); raise SystemExit(1)""",
            "codec_unsupported",
        ),
    ],
)
def test_a_probe_that_goes_wild_is_stopped_and_named(
    tmp_path: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch, program: str, code: str
) -> None:
    # What ends by itself may take as long as the machine takes to start it.
    settings.FRAMELANE_PROBE_TIMEOUT_S = 2 if code == "timeout" else 120
    settings.FRAMELANE_PROBE_MEMORY_BYTES = 256 * 1024**2
    _replace_program(monkeypatch, program)
    finding = probing.run_probe(tmp_path / "source.mp4", tmp_path)
    assert isinstance(finding, Failure)
    assert finding.code == code


@pytest.mark.parametrize("program", ["", "print('[]')", "print('nonsense')", "raise RuntimeError", "print('{}')"])
def test_a_probe_that_says_nothing_is_inconclusive(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, program: str
) -> None:
    _replace_program(monkeypatch, program)
    with pytest.raises(Inconclusive):
        probing.run_probe(tmp_path / "source.mp4", tmp_path)


def _replace_program(monkeypatch: pytest.MonkeyPatch, program: str) -> None:
    def run(argv: list[str], **options: Any) -> Any:
        assert argv[1:3] == ["-m", "gpu_tasks.media.probe"]
        return run_bounded([sys.executable, "-c", program], **options)

    monkeypatch.setattr(probing, "run_bounded", run)


def test_two_messages_mean_one_probe(received: Asset, finds: Callable[..., list[Path]]) -> None:
    seen = finds(VIDEO)
    probing.probe_asset(asset_id=received.id)
    probing.probe_asset(asset_id=received.id)
    assert len(seen) == 1
    assert Event.objects.count() == 1


def test_nothing_is_probed_before_it_has_come(alice: Person, finds: Callable[..., list[Path]]) -> None:
    seen = finds()
    probing.probe_asset(asset_id=Upload(alice).asset.id)
    probing.probe_asset(asset_id="asset_unknown")
    assert seen == []


def test_the_probe_leaves_nothing_in_the_scratch_folder(
    received: Asset, finds: Callable[..., list[Path]], settings: Settings, tmp_path: Path
) -> None:
    settings.FRAMELANE_SCRATCH = tmp_path / "scratch"
    settings.FRAMELANE_SCRATCH.mkdir()
    seen = finds(VIDEO)
    probing.probe_asset(asset_id=received.id)
    assert seen[0].is_relative_to(settings.FRAMELANE_SCRATCH)
    assert list(settings.FRAMELANE_SCRATCH.iterdir()) == []


def test_a_lost_message_is_made_up_for(received: Asset, monkeypatch: pytest.MonkeyPatch) -> None:
    hinted: list[str] = []
    monkeypatch.setattr(probing, "hint", lambda task, asset_id, queue: hinted.append(asset_id))
    tasks.sweep()
    assert hinted == [received.id]


def test_a_lost_worker_is_made_up_for_once_its_lease_is_over(
    received: Asset, finds: Callable[..., list[Path]], later: Callable[[int], None]
) -> None:
    finds(KeyboardInterrupt(), VIDEO)
    with pytest.raises(KeyboardInterrupt):
        probing.probe_asset(asset_id=received.id)
    assert probing.hint_due() == 0
    later(3600)
    assert probing.hint_due() == 1
    probing.probe_asset(asset_id=received.id)
    received.refresh_from_db()
    assert (received.status, received.probe_attempt) == ("ready", 2)


def test_a_probe_without_result_is_tried_three_times(
    received: Asset, finds: Callable[..., list[Path]], later: Callable[[int], None]
) -> None:
    finds(*[Inconclusive("no") for _ in range(3)])
    for attempt in range(1, 4):
        received.refresh_from_db()
        assert received.status == "processing"
        probing.probe_asset(asset_id=received.id)
        received.refresh_from_db()
        assert received.probe_attempt == attempt
        later(3600)
    assert (received.status, received.error["code"]) == ("failed", "internal")
    assert Event.objects.get().type == "asset.failed"


def test_a_probe_that_comes_too_late_changes_nothing(
    received: Asset, monkeypatch: pytest.MonkeyPatch, later: Callable[[int], None]
) -> None:
    """Its lease was over, another one has begun: only that one may speak."""

    def overtaken(path: Path, folder: Path) -> Failure:
        Asset.objects.filter(id=received.id).update(probe_attempt=2)
        return Failure("decode_failed", "late")

    monkeypatch.setattr(probing, "run_probe", overtaken)
    probing.probe_asset(asset_id=received.id)
    received.refresh_from_db()
    assert (received.status, Event.objects.count()) == ("processing", 0)


def test_a_file_that_vanished_is_not_found(received: Asset, store: Store) -> None:
    store.delete(received.key)
    probing.probe_asset(asset_id=received.id)
    received.refresh_from_db()
    assert (received.status, received.error["code"]) == ("failed", "source_not_found")


def test_the_probe_corrects_what_the_sender_claimed(alice: Person, finds: Callable[..., list[Path]]) -> None:
    upload = Upload(alice, duration=9, width=1, height=1)
    upload.put(mp4_like(200))
    finds(VIDEO)
    probing.probe_asset(asset_id=upload.asset.id)
    asset = upload.reload()
    assert (asset.status, asset.width, asset.height, asset.duration) == ("ready", 640, 480, None)
    assert [event.type for event in Event.objects.all()] == ["asset.ready"]


def test_a_file_that_was_ready_on_its_senders_word_may_still_fail(
    alice: Person, finds: Callable[..., list[Path]]
) -> None:
    upload = Upload(alice, duration=9, width=1, height=1)
    upload.put(mp4_like(200))
    finds(Failure("decode_failed", "broken"))
    probing.probe_asset(asset_id=upload.asset.id)
    assert upload.reload().status == "failed"
    assert [event.type for event in Event.objects.order_by("created_at", "id")] == ["asset.ready", "asset.failed"]


def test_what_arrived_unnoticed_is_found(alice: Person, store: Store) -> None:
    upload = Upload(alice)
    upload.piece(mp4_like(200), 0, 200)
    store.finish_upload(upload.asset.upload_session, 200)
    assert services.notice_arrivals() == 1
    assert (upload.reload().status, upload.asset.size_bytes) == ("processing", 200)
    assert services.notice_arrivals() == 0
