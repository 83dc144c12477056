"""The decisions, without any input or output: what is asked for next, given what was answered."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import httpx
import pytest

from framelane import ConnectionFailed, WaitTimedOut
from framelane._call import Call, run
from framelane._download import to_sink
from framelane._generated import JobOut, UploadOut
from framelane._retry import backoff_s, delay_after_answer, retry_after_s
from framelane._settings import Settings
from framelane._upload import CHUNK_UNIT_BYTES, guess_type, upload
from framelane._waiting import cancelled, job_end
from framelane._wire import Answer, Broken, Do, Flow, Next, Open, Request, Send, Sleep, Tell
from framelane.errors import Conflict
from framelane.transcripts import Transcript

KIB = 1024
SETTINGS = Settings("http://api", "fl_live_key", 60, 3, clock=lambda: 0.0, chance=lambda: 1.0)
READ: Call[JobOut] = Call("GET", "/v1/renders/render_1", JobOut)
JOB = {
    "id": "render_1", "kind": "render", "workspace_id": "ws_1", "status": "processing",
    "created_at": "2030-01-01T00:00:00Z", "updated_at": "2030-01-01T00:00:00Z",
}  # fmt: skip
Reply = Any


class Script:
    """Takes the steps of a flow, answering requests by a list; remembers what it was asked."""

    def __init__(self, *replies: Reply) -> None:
        self.requests: list[Request] = []
        self.slept: list[float] = []
        self._replies = list(replies)
        self._blocks: list[bytes | Broken] = []

    def run(self, flow: Flow[Any]) -> Any:
        value: Any = None
        while True:
            try:
                step = flow.throw(value) if isinstance(value, Broken) else flow.send(value)
            except StopIteration as stop:
                assert not self._replies, f"nobody asked for {self._replies}"
                return stop.value
            value = self._take(step)

    def _take(self, step: Any) -> Any:
        if isinstance(step, (Send, Open)):
            self.requests.append(step.request)
            reply = self._replies.pop(0)
            if isinstance(step, Open) and isinstance(reply, tuple):
                reply, self._blocks = reply[0], list(reply[1:])
            return reply
        if isinstance(step, Next):
            return self._blocks.pop(0) if self._blocks else b""
        if isinstance(step, Sleep):
            self.slept.append(step.seconds)
            return None
        assert isinstance(step, (Do, Tell))
        return step.action(*step.arguments) if isinstance(step, Do) else step.listener(*step.arguments)


def answer(status: int, body: Any = None, **headers: str) -> Answer:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    response = httpx.Response(status, json=body, headers=named)
    return Answer(status, httpx.Headers(named), response.content)


def cut(sent: bool = True) -> Broken:
    return Broken("cut", sent=sent)


def ticking(step_s: float) -> Callable[[], float]:
    """A clock that goes on by so much whenever it is read."""
    now = [0.0]

    def read() -> float:
        now[0] += step_s
        return now[0]

    return read


def test_pauses_grow_up_to_eight_seconds_and_are_spread_from_nought() -> None:
    assert [backoff_s(SETTINGS, failures) for failures in range(1, 8)] == [0.5, 1, 2, 4, 8, 8, 8]
    assert backoff_s(replace(SETTINGS, chance=lambda: 0.0), 5) == 0


@pytest.mark.parametrize(
    ("header", "seconds"),
    [("5", 5), ("0", 0), ("1.5", 1.5), ("", None), ("soon", None), ("-1", None), ("nan", None), ("inf", None),
     ("Wed, 21 Oct 2015 07:28:00 GMT", 0)],
)  # fmt: skip
def test_retry_after_is_a_number_or_a_date(header: str, seconds: float | None) -> None:
    assert retry_after_s(httpx.Headers({"Retry-After": header})) == seconds


@pytest.mark.parametrize(("wanted", "delay"), [("60", 60), ("61", None), ("", 0.5)])
def test_a_pause_is_kept_up_to_a_minute(wanted: str, delay: float | None) -> None:
    assert delay_after_answer(SETTINGS, answer(429, Retry_After=wanted), 1, repeatable=True) == delay


@pytest.mark.parametrize("status", [200, 202, 302, 400, 401, 402, 403, 404, 409, 410, 422, 501])
def test_other_answers_are_final(status: int) -> None:
    assert delay_after_answer(SETTINGS, answer(status), 1, repeatable=True) is None


def test_what_cannot_have_been_received_is_always_sent_again() -> None:
    call: Call[None] = Call("POST", "/v1/webhooks/wh_1/test")
    script = Script(cut(sent=False), cut(sent=False), answer(204))
    assert script.run(run(SETTINGS, call)) is None
    assert script.slept == [0.5, 1]
    with pytest.raises(ConnectionFailed):
        Script(cut(sent=True)).run(run(SETTINGS, call))


def test_a_deletion_of_nothing_is_refused_when_nothing_was_lost() -> None:
    from framelane import NotFound

    call: Call[None] = Call("DELETE", "/v1/webhooks/wh_1")
    assert Script(cut(), answer(404)).run(run(SETTINGS, call)) is None
    for lost in ([], [cut(sent=False)], [answer(429)]):
        with pytest.raises(NotFound):
            Script(*lost, answer(404)).run(run(SETTINGS, call))


def test_a_cancellation_that_is_refused_is_looked_into_only_after_a_loss() -> None:
    ended = answer(200, {**JOB, "status": "cancelled"})
    assert Script(cut(), answer(409), ended).run(cancelled(SETTINGS, READ)).status == "cancelled"
    with pytest.raises(Conflict):
        Script(cut(), answer(409), answer(200, {**JOB, "status": "completed"})).run(cancelled(SETTINGS, READ))
    with pytest.raises(Conflict):
        Script(answer(409)).run(cancelled(SETTINGS, READ))


def test_waiting_asks_rarely_unless_somebody_listens() -> None:
    going, done = answer(200, JOB), answer(200, {**JOB, "status": "completed"})
    patient = replace(SETTINGS, clock=ticking(20))
    script = Script(going, going, done)
    script.run(job_end(patient, READ, None, None))
    assert [request.params["wait"] for request in script.requests] == [25, 25, 25]
    assert [request.timeout_s for request in script.requests] == [85, 85, 85]
    script, told = Script(*[going] * 7, done), []
    script.run(job_end(patient, READ, lambda job: told.append(job.status), None))
    assert [request.params["wait"] for request in script.requests] == [0, 0.5, 0.75, 1, 1.5, 2, 2, 2]
    assert told == ["processing", "completed"]


def test_a_server_that_does_not_wait_is_not_asked_without_a_pause() -> None:
    script = Script(answer(200, JOB), answer(200, JOB), answer(200, {**JOB, "status": "completed"}))
    script.run(job_end(SETTINGS, READ, None, None))
    assert script.slept == [1, 1]


def test_a_wait_ends_with_its_time() -> None:
    script = Script(*[answer(200, JOB)] * 3)
    with pytest.raises(WaitTimedOut, match="still processing after 30 s; it goes on"):
        script.run(job_end(replace(SETTINGS, clock=ticking(8)), READ, None, 30))
    waits = [request.params["wait"] for request in script.requests]
    assert waits == sorted(waits, reverse=True)
    assert waits[-1] < 25


OPENED = answer(201, {"upload_url": "http://up", "source_url": "s", "expires_at": "2030-01-01T00:00:00Z"})
OPENING: Call[UploadOut] = Call("POST", "/v1/uploads", UploadOut, body={}, repeatable=True)


def sent(script: Script) -> list[tuple[str, int]]:
    """The ranges that were PUT, with how many bytes came with them."""
    return [(put.headers["Content-Range"], len(put.content or b"")) for put in script.requests if put.method == "PUT"]


class Pipe(io.BytesIO):
    def seekable(self) -> bool:
        return False


@pytest.mark.parametrize("source", [io.BytesIO, Pipe])
def test_an_upload_goes_on_at_the_byte_that_the_server_names(source: type[io.BytesIO]) -> None:
    size = 700 * KIB
    script = Script(
        OPENED,
        cut(),
        answer(308, Range=f"bytes=0-{100 * KIB - 1}"),
        answer(308, Range=f"bytes=0-{612 * KIB - 1}"),
        answer(200),
    )
    script.run(upload(SETTINGS, OPENING, source(bytes(size)), 512 * KIB, None))
    total = size if source is io.BytesIO else "*"
    assert sent(script) == [
        (f"bytes 0-{512 * KIB - 1}/{total}", 512 * KIB),
        (f"bytes */{total}", 0),
        (f"bytes {100 * KIB}-{612 * KIB - 1}/{total}", 512 * KIB),
        (f"bytes {612 * KIB}-{size - 1}/{size}", 88 * KIB),
    ]


def test_a_file_goes_back_where_the_server_has_lost_bytes_and_a_pipe_cannot() -> None:
    data = bytes(range(256)) * 4 * 512
    replies = [
        OPENED,
        answer(308, Range=f"bytes=0-{256 * KIB - 1}"),
        cut(),
        answer(308),
        answer(308, Range=f"bytes=0-{256 * KIB - 1}"),
        answer(200),
    ]
    script = Script(*replies)
    script.run(upload(SETTINGS, OPENING, data, CHUNK_UNIT_BYTES, None))
    assert [span for span, size in sent(script) if size] == [
        f"bytes {begin * KIB}-{(begin + 256) * KIB - 1}/{len(data)}" for begin in (0, 256, 0, 256)
    ]
    with pytest.raises(ConnectionFailed, match="cannot go back"):
        Script(*replies[:4]).run(upload(SETTINGS, OPENING, Pipe(data), CHUNK_UNIT_BYTES, None))


def test_a_server_that_takes_nothing_is_given_up() -> None:
    script = Script(OPENED, *[answer(308)] * 4)
    with pytest.raises(ConnectionFailed, match="takes no more bytes"):
        script.run(upload(SETTINGS, OPENING, b"1", CHUNK_UNIT_BYTES, None))
    assert script.slept == [0.5, 1, 2]


def test_a_file_that_shrinks_is_told_of() -> None:
    class Shrinking(io.BytesIO):
        def read(self, size: int | None = -1) -> bytes:
            return b"" if self.tell() else super().read(size)

    with pytest.raises(ValueError, match="the file had 3145728 bytes when its upload began, and now has"):
        Script().run(upload(SETTINGS, OPENING, Shrinking(bytes(3 << 20)), 8 << 20, None))


TO: Call[None] = Call("GET", "/v1/renders/render_1/download")
AT = answer(302, Location="/media/film.mp4?signature=1")


def fetched(*replies: Reply) -> tuple[bytes, list[str | None]]:
    """What was written, and the ranges that were asked for."""
    script, sink = Script(*replies), io.BytesIO()
    script.run(to_sink(SETTINGS, TO, sink, None))
    media = [request for request in script.requests if "/media/" in request.url]
    assert {request.url for request in media} == {"http://api/media/film.mp4?signature=1"}
    assert not any("Authorization" in request.headers for request in media)
    return sink.getvalue(), [request.headers.get("Range") for request in media]


def test_a_download_goes_on_in_the_same_version_of_the_file() -> None:
    first = answer(200, Content_Length="6", ETag='"a"')
    rest = answer(206, Content_Range="bytes 3-5/6")
    assert fetched(AT, (first, b"abc", cut()), AT, (rest, b"def")) == (b"abcdef", [None, "bytes=3-"])


def test_a_file_that_has_changed_begins_anew() -> None:
    first, other = answer(200, Content_Length="6", ETag='"a"'), answer(200, Content_Length="4", ETag='"b"')
    assert fetched(AT, (first, b"abc", cut()), AT, (other, b"wxyz"))[0] == b"wxyz"


def test_an_answer_that_is_too_short_goes_on() -> None:
    first, rest = answer(200, Content_Length="6"), answer(206, Content_Range="bytes 4-5/6")
    assert fetched(AT, (first, b"abcd"), AT, (rest, b"ef"))[0] == b"abcdef"


def test_an_answer_without_a_length_ends_with_its_connection() -> None:
    assert fetched(AT, (answer(200), b"abc", b"def"))[0] == b"abcdef"
    done = answer(416, Content_Range="bytes */3")
    assert fetched(AT, (answer(200), b"abc", cut()), AT, done)[0] == b"abc"


def test_an_empty_file_is_a_file() -> None:
    assert fetched(AT, answer(200, Content_Length="0"))[0] == b""


def test_a_range_that_was_not_asked_for_is_an_error() -> None:
    from framelane import ApiError

    first, wrong = answer(200, Content_Length="6"), answer(206, Content_Range="bytes 1-5/6")
    with pytest.raises(ApiError):
        fetched(AT, (first, b"abc", cut()), AT, (wrong, b"bcdef"))


@pytest.mark.parametrize(
    ("name", "kind"),
    [("a.mp4", "video/mp4"), ("A.MOV", "video/quicktime"), ("a.wav", "audio/wav"), ("a.m4a", "audio/mp4"),
     ("a.webp", "image/webp"), ("a.jpg", "image/jpeg"), ("a.ttf", "font/ttf"), ("a", None), (".mp4", None)],
)  # fmt: skip
def test_types_follow_from_names(name: str, kind: str | None) -> None:
    assert guess_type(name) == kind


def test_words_of_a_transcript_become_captions() -> None:
    words = [("So", 0, 400), ("long", 400, 400), ("", 500, 600), ("gone", 900, 1234)]
    said = [{"text": text, "start": start, "end": end} for text, start, end in words]
    transcript = Transcript.model_validate({"text": "So long", "words": said, "sentiment_analysis": [1]})
    assert transcript.words_for_captions() == [
        {"text": "So", "start": 0, "end": 0.4},
        {"text": "long", "start": 0.4, "end": 0.401},
        {"text": "gone", "start": 0.9, "end": 1.234},
    ]
    assert transcript.words_for_captions(offset_s=-0.5) == [{"text": "gone", "start": 0.4, "end": 0.734}]
    assert transcript.sentiment_analysis == [1]  # type: ignore[attr-defined]
