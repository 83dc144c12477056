"""What a worker fetches for a job, and what it refuses."""

import socket
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from threading import Event as Flag
from threading import Thread
from typing import Any

import pytest
from django.conf import settings
from django.db import connection

from apps.jobs.models import Job, Status
from apps.jobs.services.cancel import cancel
from apps.jobs.services.submit import create_render
from apps.uploads.models import Asset
from framelane.lib import clock
from framelane.lib.storage import get_links, get_store
from gpu_tasks import worker
from gpu_tasks.errors import JobFailed
from tests.answering import Start, answering_servers
from tests.jobs.work import run, submitted, uploaded
from tests.people import Person, make_person

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow, pytest.mark.usefixtures("stand_ins")]


@pytest.fixture
def server() -> Iterator[Start]:
    with answering_servers("/clip.mp4") as start:
        yield start


def content_of(job: Job) -> bytes:
    return b"".join(get_store().read(job.output_key))


def test_a_sample_of_the_documentation_is_read_where_it_lies(alice: Person) -> None:
    job = run(submitted(alice, (f"{settings.FRAMELANE_PUBLIC_URL}/docs/samples/clip.mp4",)))
    clip = settings.BASE_DIR / "docs" / "samples" / "clip.mp4"
    assert (job.status, content_of(job)) == (Status.COMPLETED, clip.read_bytes())


def test_uses_an_upload(alice: Person, tmp_path: Path) -> None:
    job = run(submitted(alice, (uploaded(alice, tmp_path, b"mine"),)))
    assert (job.status, content_of(job)) == (Status.COMPLETED, b"mine")


def test_never_uses_somebody_elses_upload(alice: Person, tmp_path: Path) -> None:
    url = uploaded(make_person("Bob"), tmp_path, b"his")
    signed = get_store().signed_url(url.partition("/media/")[2], 3600) + "#.mp4"
    for tried in (url, signed):
        job = run(submitted(alice, (tried,)))
        assert (job.status, job.error_code) == (Status.FAILED, "source_not_found")


def test_fetches_a_foreign_source(alice: Person, server: Start) -> None:
    job = run(submitted(alice, (server(b"foreign"),)))
    assert (job.status, content_of(job)) == (Status.COMPLETED, b"foreign")


def test_says_what_a_foreign_server_answered(alice: Person, server: Start) -> None:
    url = server(b"", 404)
    job = run(submitted(alice, (url,)))
    assert (job.status, job.error_code) == (Status.FAILED, "source_not_found")
    assert url in job.error_message
    assert "404" in job.error_message


def test_refuses_a_source_that_is_too_large(alice: Person, server: Start, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "FRAMELANE_SOURCE_MAX_BYTES", 3)
    assert run(submitted(alice, (server(b"four"),))).error_code == "source_too_large"


def test_refuses_private_addresses(alice: Person, server: Start, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "FRAMELANE_NET_ALLOW", [])
    assert run(submitted(alice, (server(b"secret"),))).error_code == "invalid_source"


def test_a_silent_server_does_not_hold_up_a_cancellation(alice: Person) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        job = submitted(alice, (f"http://127.0.0.1:{silent.getsockname()[1]}/clip.mp4",))
        accepted, held = Flag(), list[socket.socket]()

        def ask() -> None:
            # Kept open: a connection that breaks off would be a failure, not silence.
            held.append(silent.accept()[0])
            cancel(job)
            accepted.set()
            connection.close()

        helper = Thread(target=partial(ask))
        helper.start()
        job = run(job)
        helper.join()
        held[0].close()
    assert accepted.is_set()
    assert job.status == Status.CANCELLED


@pytest.mark.parametrize(("plan", "marked"), [("free", True), ("pro", False), ("enterprise", False)])
def test_films_of_the_free_plan_carry_the_watermark(monkeypatch: pytest.MonkeyPatch, plan: str, marked: bool) -> None:
    told: list[bool] = []

    def note(*arguments: Any, **options: Any) -> None:
        told.append(options["marked"])
        raise JobFailed("decode_failed", "enough")

    monkeypatch.setattr(worker, "render", note)
    run(submitted(make_person("Charlie", plan=plan)))
    assert told == [marked]


def test_texts_may_name_the_fonts_of_their_workspace(alice: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[list[str]] = []

    def note(*arguments: Any, **options: Any) -> None:
        told.append(list(options["fonts"]))
        raise JobFailed("decode_failed", "enough")

    def font(person: Person, family: str, status: str = "ready") -> str:
        key = f"{person.workspace.id}/uploads/{family.replace(' ', '-')}-{status}.ttf"
        Asset.objects.create(
            workspace=person.workspace,
            key=key,
            kind="font",
            status=status,
            content_type="font/ttf",
            info={"font_family": family},
            expires_at=clock.now(),
        )
        return get_links().stable(key)

    wanted = font(alice, "Brand Sans")
    font(alice, "Other")
    font(alice, "Brand Sans", status="failed")
    font(make_person("Bob"), "Brand Sans")
    monkeypatch.setattr(worker, "render", note)
    text = {"type": "text", "text": "Hi", "duration": 1, "font_family": "Nothing, brand-sans"}
    run(create_render(workspace=alice.workspace, payload={"elements": [text]}))
    assert told == [[wanted]]
