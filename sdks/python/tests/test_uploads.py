"""Uploads from anything, also over connections that break."""

from __future__ import annotations

import io
import os
import threading
from pathlib import Path
from typing import Any

import pytest

from framelane import ApiError, AsyncFramelane, ConnectionFailed
from framelane.errors import Gone, UnsupportedContentType
from live import CHUNK, CLIP, PATIENCE_S, SAMPLES, Clients, Faults

PUT = "^/uploads/"
SIZE = 3 * CHUNK + 12345


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Four chunks of sound: silence, as WAV."""
    import wave

    path = tmp_path_factory.mktemp("sounds") / "silence.wav"
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(48000)
        file.writeframes(bytes(SIZE - 44 - (SIZE - 44) % 2))
    return path


class Unseekable(io.RawIOBase):
    """A stream like a pipe: it gives a little at a time, once."""

    def __init__(self, data: bytes) -> None:
        self._left = io.BytesIO(data)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        block = self._left.read(min(len(buffer), 40_000))
        buffer[: len(block)] = block
        return len(block)


class AsyncStream:
    """A stream of asyncio."""

    def __init__(self, data: bytes) -> None:
        self._left = io.BytesIO(data)

    async def read(self, size: int = -1) -> bytes:
        return self._left.read(size)


def stored(client: Any, source_url: str) -> Any:
    """The asset at an address."""
    return next(each for each in client.assets.list() if each.source_url == source_url)


def puts(faults: Faults) -> list[tuple[str, Any]]:
    """What was sent, and how it was answered."""
    ranges = []
    for each in faults.seen("PUT", PUT):
        headers = {name.lower(): value for name, value in each["headers"].items()}
        assert "authorization" not in headers
        ranges.append((headers["content-range"], each["status"]))
    return ranges


def test_a_path_is_sent_in_chunks(client: Any, faults: Faults, sound: Path) -> None:
    size, told = sound.stat().st_size, []
    upload = client.uploads.upload(sound, chunk_bytes=CHUNK, on_progress=lambda *now: told.append(now))
    assert puts(faults) == [
        (f"bytes 0-{CHUNK - 1}/{size}", 308),
        (f"bytes {CHUNK}-{2 * CHUNK - 1}/{size}", 308),
        (f"bytes {2 * CHUNK}-{3 * CHUNK - 1}/{size}", 308),
        (f"bytes {3 * CHUNK}-{size - 1}/{size}", 200),
    ]
    assert told == [(CHUNK, size), (2 * CHUNK, size), (3 * CHUNK, size), (size, size)]
    asset = client.assets.wait(stored(client, upload.source_url), timeout_s=PATIENCE_S)
    assert (asset.kind, asset.filename, asset.size_bytes, asset.status) == ("audio", "silence.wav", size, "ready")


def test_bytes_and_streams_are_sent_as_well(client: Any, faults: Faults, sound: Path) -> None:
    data = sound.read_bytes()
    sources: list[Any] = [data, bytearray(data), memoryview(data), io.BytesIO(data), Unseekable(data), str(sound)]
    for source in sources:
        upload = client.uploads.upload(source, filename="told.wav", chunk_bytes=CHUNK)
        asset = stored(client, upload.source_url)
        assert (asset.filename, asset.size_bytes) == ("told.wav", len(data))


def test_a_stream_begins_where_it_stands(client: Any, sound: Path) -> None:
    with sound.open("rb") as file:
        stream = io.BytesIO(b"other things" + file.read())
    stream.seek(len(b"other things"))
    upload = client.uploads.upload(stream, content_type="audio/wav", chunk_bytes=CHUNK)
    assert stored(client, upload.source_url).size_bytes == sound.stat().st_size
    assert not stream.closed


def test_a_stream_of_unknown_length_tells_its_total_at_the_end(client: Any, faults: Faults, sound: Path) -> None:
    size = sound.stat().st_size
    client.uploads.upload(Unseekable(sound.read_bytes()), filename="a.wav", chunk_bytes=2 * CHUNK)
    assert puts(faults) == [
        (f"bytes 0-{2 * CHUNK - 1}/*", 308),
        (f"bytes {2 * CHUNK}-{size - 1}/{size}", 200),
    ]


def test_a_stream_that_ends_with_a_chunk_is_whole(client: Any, faults: Faults, sound: Path) -> None:
    data = sound.read_bytes()[: 2 * CHUNK]
    upload = client.uploads.upload(Unseekable(data), filename="a.wav", chunk_bytes=CHUNK)
    assert [span for span, _ in puts(faults)] == [
        f"bytes 0-{CHUNK - 1}/*",
        f"bytes {CHUNK}-{2 * CHUNK - 1}/{2 * CHUNK}",
    ]
    assert stored(client, upload.source_url).size_bytes == 2 * CHUNK


@pytest.fixture(params=["path", "stream"])
def source(request: pytest.FixtureRequest, sound: Path) -> Any:
    """A file, and a stream that cannot go back."""
    return sound if request.param == "path" else Unseekable(sound.read_bytes())


@pytest.mark.parametrize("cut", ["cut_request", "cut_after", "cut_before", "status"])
def test_an_upload_that_breaks_goes_on(
    client: Any, faults: Faults, pauses: list[float], sound: Path, source: Any, cut: str
) -> None:
    faults.add("PUT", PUT, cut, bytes=100_000) if cut == "cut_request" else faults.add("PUT", PUT, cut)
    upload = client.uploads.upload(source, filename="silence.wav", chunk_bytes=2 * CHUNK)
    spans = [span for span, _ in puts(faults)]
    assert spans[1].startswith("bytes */"), "it asks how much has come"
    begins = int(spans[2].split()[1].split("-")[0])
    assert begins == {"cut_request": begins, "cut_after": 2 * CHUNK, "cut_before": 0, "status": 0}[cut]
    assert begins <= 2 * CHUNK
    assert len(pauses) == 1
    assert stored(client, upload.source_url).size_bytes == sound.stat().st_size


def test_a_chunk_goes_on_from_what_the_server_has_of_it(
    client: Any, faults: Faults, pauses: list[float], sound: Path
) -> None:
    faults.add("PUT", PUT, "cut_request", bytes=400_000)
    upload = client.uploads.upload(sound, chunk_bytes=2 * CHUNK)
    begins = int(puts(faults)[2][0].split()[1].split("-")[0])
    assert begins <= 400_000
    assert stored(client, upload.source_url).size_bytes == sound.stat().st_size


def test_an_upload_whose_last_answer_is_lost_is_whole(
    client: Any, faults: Faults, pauses: list[float], sound: Path
) -> None:
    size = sound.stat().st_size
    faults.add("PUT", PUT, "cut_after")
    client.uploads.upload(Unseekable(sound.read_bytes()), filename="a.wav")
    assert puts(faults)[1:] == [(f"bytes */{size}", 200)]


def test_many_breaks_are_survived_while_it_gets_on(
    clients: Clients, faults: Faults, pauses: list[float], sound: Path
) -> None:
    cuts = iter(range(3))

    def cut_again(done: int, total: int | None) -> None:
        if next(cuts, None) is not None:
            faults.add("PUT", PUT, "cut_before", times=2)

    upload = clients(max_retries=2).uploads.upload(sound, chunk_bytes=CHUNK, on_progress=cut_again)
    assert len(pauses) == 6
    assert stored(clients(), upload.source_url).size_bytes == sound.stat().st_size


def test_an_upload_that_does_not_get_on_is_given_up(
    clients: Clients, faults: Faults, pauses: list[float], sound: Path
) -> None:
    faults.add("PUT", PUT, "cut_before", times=3)
    with pytest.raises(ConnectionFailed):
        clients(max_retries=2).uploads.upload(sound)
    assert len(pauses) == 2


def test_a_refused_chunk_is_not_sent_again(client: Any, faults: Faults, pauses: list[float], sound: Path) -> None:
    faults.answer("PUT", PUT, 410)
    with pytest.raises(Gone):
        client.uploads.upload(sound)
    assert pauses == []
    assert len(puts(faults)) == 1


def test_the_kind_of_file_must_be_known(client: Any, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="pass content_type"):
        client.uploads.upload(b"something")
    unknown = tmp_path / "film.unheard"
    unknown.write_bytes(b"1")
    with pytest.raises(ValueError, match=r"the MIME type of 'film\.unheard' is not known"):
        client.uploads.upload(unknown)
    with pytest.raises(UnsupportedContentType):
        client.uploads.upload(b"something", filename="a.pdf")


@pytest.mark.parametrize(
    ("source", "error", "told"),
    [
        (b"", ValueError, "the file is empty"),
        (io.BytesIO(b""), ValueError, "the file is empty"),
        (io.StringIO("text"), TypeError, "gives a str; open it in binary mode"),
        (12, TypeError, "a int cannot be uploaded"),
        ("/nowhere/film.mp4", FileNotFoundError, "/nowhere"),
    ],
)
def test_what_cannot_be_uploaded_is_told_before_anything_is_sent(
    client: Any, faults: Faults, source: Any, error: type[Exception], told: str
) -> None:
    with pytest.raises(error, match=told):
        client.uploads.upload(source, filename="a.mp4")
    assert faults.seen("POST", "^/v1/uploads$") == []


@pytest.mark.parametrize("chunk_bytes", [0, -1, 1000, CHUNK + 1])
def test_chunks_of_odd_sizes_are_refused(client: Any, chunk_bytes: int) -> None:
    with pytest.raises(ValueError, match="it must be a multiple of 262144"):
        client.uploads.upload(CLIP, chunk_bytes=chunk_bytes)


def test_the_samples_have_types_that_the_platform_takes(client: Any) -> None:
    media = [path for path in SAMPLES.iterdir() if path.suffix in (".mp4", ".png", ".jpg", ".mp3")]
    assert len(media) >= 5
    for path in media:
        upload = client.uploads.upload(path)
        assert stored(client, upload.source_url).size_bytes == path.stat().st_size


def test_an_upload_can_be_opened_without_sending(client: Any) -> None:
    opened = client.uploads.create(content_type="video/mp4", filename="a.mp4", width=640, height=360, duration=4)
    assert opened.upload_url != opened.source_url
    with pytest.raises(ApiError):
        client.uploads.create(content_type="text/html")


def test_a_pipe_is_read_to_its_end(client: Any, sound: Path) -> None:
    reading, writing = os.pipe()

    def write() -> None:
        with os.fdopen(writing, "wb") as pipe:
            pipe.write(sound.read_bytes())

    thread = threading.Thread(target=write)
    thread.start()
    with os.fdopen(reading, "rb") as pipe:
        upload = client.uploads.upload(pipe, filename="piped.wav", chunk_bytes=CHUNK)
    thread.join()
    assert stored(client, upload.source_url).size_bytes == sound.stat().st_size


def test_a_stream_of_asyncio_and_a_listener_that_is_a_coroutine(sound: Path, faults: Faults) -> None:
    import asyncio

    told: list[int] = []

    async def listen(done: int, total: int | None) -> None:
        await asyncio.sleep(0)
        told.append(done)

    async def go() -> str:
        async with AsyncFramelane() as client:
            stream = AsyncStream(sound.read_bytes())
            upload = await client.uploads.upload(stream, filename="a.wav", chunk_bytes=CHUNK, on_progress=listen)
            return upload.source_url

    assert asyncio.run(go()).endswith(".wav")
    assert told == [CHUNK, 2 * CHUNK, 3 * CHUNK, sound.stat().st_size]
    assert puts(faults)[0][0] == f"bytes 0-{CHUNK - 1}/*"
