"""Requests to AssemblyAI that end: stopped, answered, refused, or out of time."""

import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor, wait
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TypeVar

import httpx
from assemblyai import AssemblyAIError, Client
from assemblyai.types import Settings

from gpu_tasks.errors import JobFailed
from gpu_tasks.models.transcription.provider import ProviderSettings, TranscriptionStopped

T = TypeVar("T")

STOP_CHECK_S = 0.2
MAX_MESSAGE_LENGTH = 400
MAX_KEY_LENGTH = 500
# A server that is overloaded or being replaced answers so; anything else stays as it is however often one asks.
_PASSING = frozenset({408, 429, 500, 502, 503, 504})
_NEVER_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout)


def make_client(settings: ProviderSettings) -> Client:
    """An SDK client of its own for one job: neither key nor connections are shared. Raises JobFailed."""
    key = settings.assemblyai_api_key
    # A header with such characters would be refused below, by an error that quotes it.
    if not key.isascii() or not key.isprintable() or " " in key or len(key) > MAX_KEY_LENGTH:
        raise JobFailed(
            "provider_error",
            "The AssemblyAI API key that is configured holds characters that no key has.",
            is_final=True,
        )
    return Client(
        settings=Settings(api_key=key, base_url=settings.assemblyai_base_url, http_timeout=settings.patience.request_s)
    )


class Calls:
    """Makes requests in threads of its own, one after the other, until `total_s` are over or the caller wants no more.

    A request that is given up goes on in its thread until the server's silence exceeds `request_s`.
    """

    def __init__(self, client: Client, settings: ProviderSettings, should_stop: Callable[[], bool]) -> None:
        self._client = client
        self._key = settings.assemblyai_api_key
        self._patience = settings.patience
        self._should_stop = should_stop
        self._give_up_at = time.monotonic() + settings.patience.total_s
        self._threads = ThreadPoolExecutor(max_workers=4, thread_name_prefix="assemblyai")
        self.status = "not begun"

    def close(self) -> None:
        """Let go of the threads; those that still wait for an answer end by themselves."""
        self._threads.shutdown(wait=False)

    def call(self, what: str, work: Callable[[], T], *, repeatable: bool = True) -> T:
        """The result of a request, made again while its failure may pass.

        `what` is named in errors. One that is not `repeatable` is not made again once it may have reached the server.
        Raises JobFailed, TranscriptionStopped.
        """
        pauses = iter(self._patience.retry_pauses_s)
        while True:
            try:
                return self._finish(self.begin(work))
            except AssemblyAIError as error:
                pause_s = self._pause_after(error, pauses)
                failure = self._refused(what, error)
            except httpx.HTTPError as error:
                pause_s = next(pauses, None) if repeatable or isinstance(error, _NEVER_SENT) else None
                failure = self._unanswered(what, error)
            except (ValueError, KeyError, TypeError) as error:
                raise JobFailed(
                    "provider_error", f"AssemblyAI answered to {what} in an unknown form ({type(error).__name__})."
                ) from None
            if pause_s is None:
                raise failure
            self.wait(pause_s)

    def begin(self, work: Callable[[], T]) -> "Future[T]":
        """Start a request without waiting for it."""
        return self._threads.submit(work)

    def wait(self, seconds: float) -> None:
        """Let time pass. Raises JobFailed, TranscriptionStopped."""
        until = time.monotonic() + seconds
        while (left_s := until - time.monotonic()) > 0:
            self._go_on()
            time.sleep(min(left_s, STOP_CHECK_S))
        self._go_on()

    def _finish(self, future: "Future[T]") -> T:
        while not future.done():
            self._go_on()
            wait([future], timeout=STOP_CHECK_S)
        return future.result()

    def _go_on(self) -> None:
        if self._should_stop():
            raise TranscriptionStopped
        if time.monotonic() > self._give_up_at:
            raise JobFailed(
                "timeout",
                f"AssemblyAI did not finish within {self._patience.total_s:g} s; its last status was {self.status}.",
            )

    def _pause_after(self, error: AssemblyAIError, pauses: Iterator[float]) -> float | None:
        """How long to wait before the next try; None when there is to be none."""
        if error.status_code not in _PASSING or (own_s := next(pauses, None)) is None:
            return None
        wished_s = retry_after_s(self._client.last_response)
        return max(own_s, wished_s) if wished_s <= self._patience.longest_retry_after_s else None

    def _refused(self, what: str, error: AssemblyAIError) -> JobFailed:
        said = self.cleaned(_told_in(self._client.last_response))
        return JobFailed(
            "provider_error",
            f"AssemblyAI answered {error.status_code} to {what}: {said}",
            is_final=error.status_code not in _PASSING,
        )

    def _unanswered(self, what: str, error: httpx.HTTPError) -> JobFailed:
        if isinstance(error, _NEVER_SENT):
            return JobFailed("provider_error", "AssemblyAI could not be reached.")
        if isinstance(error, httpx.TimeoutException):
            return JobFailed(
                "provider_error", f"AssemblyAI did not answer to {what} within {self._patience.request_s:g} s."
            )
        return JobFailed("provider_error", f"AssemblyAI broke off while answering to {what}.")

    def cleaned(self, message: str) -> str:
        """What the provider says, on one line, of bounded length, and never with the key in it."""
        line = " ".join(message.replace(self._key, "[key]").split())
        return line[:MAX_MESSAGE_LENGTH] or "it gave no reason"


def _told_in(response: httpx.Response | None) -> str:
    """The reason that an error answer gives, else that of its status."""
    if response is None:
        return ""
    try:
        data = response.json()
    except ValueError:
        return response.reason_phrase
    said = data.get("error") if isinstance(data, dict) else None
    return said if isinstance(said, str) and said.strip() else response.reason_phrase


def retry_after_s(response: httpx.Response | None) -> float:
    """How many seconds a server wants to be left alone, by a number or a date (RFC 9110, section 10.2.3); else 0."""
    value = "" if response is None else response.headers.get("Retry-After", "")
    if value.isdecimal() and len(value) < 10:
        return float(value)
    try:
        until = parsedate_to_datetime(value)
    except ValueError:
        return 0.0
    until = until if until.tzinfo else until.replace(tzinfo=UTC)
    return max(0.0, (until - datetime.now(UTC)).total_seconds())
