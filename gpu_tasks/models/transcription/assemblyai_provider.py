"""Transcription by AssemblyAI, through its own SDK."""

import contextlib
import logging
import re
import time
from collections.abc import Callable, Iterator
from concurrent.futures import wait
from pathlib import Path
from threading import Event, Lock
from typing import Any, BinaryIO

import assemblyai as aai
import httpx
from assemblyai import AssemblyAIError
from assemblyai.prerecorded.v2 import api
from pydantic import ValidationError

from gpu_tasks.errors import JobFailed
from gpu_tasks.models.transcription.assemblyai_answer import transcript_of
from gpu_tasks.models.transcription.assemblyai_calls import Calls, make_client
from gpu_tasks.models.transcription.assemblyai_request import configuration
from gpu_tasks.models.transcription.options import TranscribeOptions
from gpu_tasks.models.transcription.provider import Progress, ProviderSettings, TranscriptionStopped
from gpu_tasks.models.transcription.transcript import Transcript

log = logging.getLogger(__name__)

_UPLOADED = 0.2
# The service does not tell how far it is, only in which state.
_REACHED = {"queued": 0.25, "processing": 0.4}
_STATUSES = frozenset({*_REACHED, "completed", "error"})
_DELETION_PAUSES_S = (0.5, 1.0)
_CHUNK_BYTES = 64 * 1024
_ID = re.compile(r"[A-Za-z0-9_-]{1,100}")


class AssemblyAiProvider:
    """Sends sound to AssemblyAI and waits for what it heard. Nothing is left there, however it ends.

    Raises JobFailed `provider_error` when the configured key cannot be one.
    """

    def __init__(self, settings: ProviderSettings) -> None:
        self._settings = settings
        self._client = make_client(settings)

    def transcribe(
        self, audio: Path, options: TranscribeOptions, *, progress: Progress, should_stop: Callable[[], bool]
    ) -> Transcript:
        """See `Provider`."""
        calls = Calls(self._client, self._settings, should_stop)
        try:
            url = self._upload(calls, audio, progress)
            transcript_id = self._create(calls, url, options)
            try:
                data = self._await(calls, transcript_id, progress)
            finally:
                self._discard(calls, transcript_id)
            return _transcript(data, options)
        finally:
            calls.close()

    def _upload(self, calls: Calls, audio: Path, progress: Progress) -> str:
        given_up = Event()

        def upload() -> str:
            with audio.open("rb") as file:
                watched = _WatchedFile(file, audio.stat().st_size, lambda share: progress(_UPLOADED * share), given_up)
                return aai.Transcriber(client=self._client).upload_file(watched)  # type: ignore[arg-type]  # has read()

        try:
            return calls.call("the upload", upload)
        finally:
            given_up.set()

    def _create(self, calls: Calls, url: str, options: TranscribeOptions) -> str:
        config, slot = configuration(options), _Slot()

        def create() -> str:
            created = aai.Transcriber(client=self._client).submit(url, config).id
            if not created or not _ID.fullmatch(created):
                raise ValueError("the transcript has no id")
            if not slot.put(created):
                # Nobody waits for it any more.
                self._delete(created)
            return created

        try:
            return calls.call("the request for a transcript", create, repeatable=False)
        except (JobFailed, TranscriptionStopped):
            left = slot.close()
            if left is not None:
                self._discard(calls, left)
            raise

    def _await(self, calls: Calls, transcript_id: str, progress: Progress) -> dict[str, Any]:
        """The finished transcript as the service tells it."""
        for pause_s in self._poll_pauses_s():
            data = calls.call("the question for a transcript", lambda: self._asked(transcript_id))
            calls.status = data["status"]
            if calls.status == "completed":
                return data
            if calls.status == "error":
                said = calls.cleaned(str(data.get("error") or ""))
                raise JobFailed("provider_error", f"AssemblyAI could not transcribe the sound: {said}")
            progress(_REACHED[calls.status])
            calls.wait(pause_s)
        raise AssertionError("the pauses have no end")

    def _poll_pauses_s(self) -> Iterator[float]:
        pause_s, longest_s = self._settings.patience.poll_s, self._settings.patience.longest_poll_s
        while True:
            yield pause_s
            pause_s = min(pause_s * 1.5, longest_s)

    def _asked(self, transcript_id: str) -> dict[str, Any]:
        # The SDK knows the kinds of entities and the like that there were when it was made; newer ones are no error.
        with contextlib.suppress(ValidationError):
            api.get_transcript(self._client.http_client, transcript_id)
        response = self._client.last_response
        data = None if response is None else response.json()
        if not isinstance(data, dict) or data.get("status") not in _STATUSES:
            raise ValueError("the transcript has no known status")
        return data

    def _discard(self, calls: Calls, transcript_id: str) -> None:
        """Delete a transcript at the service, for as long as `clean_up_s`; a failure is noted, not raised."""
        wait([calls.begin(lambda: self._delete(transcript_id))], timeout=self._settings.patience.clean_up_s)

    def _delete(self, transcript_id: str) -> None:
        for pause_s in (*_DELETION_PAUSES_S, None):
            try:
                api.delete_transcript(self._client.http_client, transcript_id)
                return
            except (AssemblyAIError, httpx.HTTPError) as error:
                if pause_s is None:
                    log.warning("transcript %s stays at AssemblyAI: %s", transcript_id, type(error).__name__)
                else:
                    time.sleep(pause_s)
            except (ValueError, KeyError, TypeError):
                # Deleted; what is told about it does not matter.
                return


class _Slot:
    """The id of a transcript between the thread that creates it and the one that may have given up on it."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._id: str | None = None
        self._is_closed = False

    def put(self, transcript_id: str) -> bool:
        """Whether somebody is still there to take it."""
        with self._lock:
            self._id = transcript_id
            return not self._is_closed

    def close(self) -> str | None:
        """Take no more; returns what is there."""
        with self._lock:
            self._is_closed = True
            return self._id


class _WatchedFile:
    """A file whose reading is told as progress, and fails once nobody wants it to be sent any more."""

    def __init__(self, file: BinaryIO, size_bytes: int, progress: Progress, given_up: Event) -> None:
        self._file = file
        self._size_bytes = max(1, size_bytes)
        self._progress = progress
        self._given_up = given_up

    def read(self, size: int = -1) -> bytes:
        """As of a file. Raises TranscriptionStopped."""
        if self._given_up.is_set():
            raise TranscriptionStopped
        chunk = self._file.read(size)
        self._progress(self._file.tell() / self._size_bytes)
        return chunk

    def fileno(self) -> int:
        """Tells the HTTP client how long the file is."""
        return self._file.fileno()

    def __iter__(self) -> Iterator[bytes]:
        while chunk := self.read(_CHUNK_BYTES):
            yield chunk


def _transcript(data: dict[str, Any], options: TranscribeOptions) -> Transcript:
    try:
        return transcript_of(data, options)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        where = ".".join(str(part) for part in first["loc"])
        raise JobFailed(
            "provider_error", f"AssemblyAI's transcript has an unknown form: {where}: {first['msg']}"
        ) from None
