"""Requests to addresses that a stranger has chosen."""

import contextlib
import hashlib
import os
import ssl
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import httpcore
import httpx

from framelane.lib.net.addresses import Network, parse_networks
from framelane.lib.net.errors import NotFound, Refused, TimedOut, TooLarge
from framelane.lib.net.guard import Deadline, GuardedBackend, Resolve, resolve_by_system

CONNECT_TIMEOUT_S = 10.0
IDLE_TIMEOUT_S = 30.0
MAX_REDIRECTS = 5
MAX_URL_LENGTH = 8192
USER_AGENT = "Framelane/0.1 (+https://framelane.io)"

_REDIRECTS = (301, 302, 303, 307, 308)
_RETRYABLE = (408, 425, 429, 500, 502, 503, 504)


@dataclass(frozen=True, slots=True)
class Policy:
    """What a request may reach. `allow` are networks besides the public Internet, as CIDR texts.

    Without `allow` the environment's FRAMELANE_NET_ALLOW counts, a list separated by commas.
    """

    allow: Sequence[str | Network] | None = None
    resolve: Resolve = resolve_by_system
    ssl_context: ssl.SSLContext | None = None

    def networks(self) -> tuple[Network, ...]:
        """Raises ValueError for a text that is no network."""
        if self.allow is not None:
            return parse_networks(self.allow)
        return parse_networks(os.environ.get("FRAMELANE_NET_ALLOW", "").split(","))


@dataclass(frozen=True, slots=True)
class Answer:
    """An HTTP answer. Names of headers are lower case; `body` was cut at the size that was asked for."""

    url: str
    status: int
    headers: Mapping[str, str]
    body: bytes = b""


@dataclass(frozen=True, slots=True)
class Download:
    """A file that was fetched. `url` is where it was found after redirects; `sha256` has 64 hexadecimal digits."""

    url: str
    size_bytes: int
    headers: Mapping[str, str]
    sha256: str


def download(
    url: str,
    path: Path,
    max_bytes: int,
    timeout_s: float,
    *,
    allow: Sequence[str | Network] | None = None,
    policy: Policy | None = None,
    on_bytes: Callable[[int, int | None], None] = lambda received, total: None,
) -> Download:
    """Fetch `url` into the file `path`, which appears only when it is complete.

    Follows up to 5 redirects. `on_bytes(received, total or None)` is called after every block and may raise to stop.
    Raises NotFound, Refused, TooLarge, TimedOut: all FetchFailed, with the job error code in `code`.
    """
    policy = policy or Policy(allow=allow)
    draft = path.with_name(f"{path.name}.part")
    with _following(url, policy, Deadline(timeout_s)) as (answer, response):
        _check_answer(answer, max_bytes)
        try:
            size_bytes, sha256 = _save(answer, response, draft, max_bytes, on_bytes)
            os.replace(draft, path)
        finally:
            draft.unlink(missing_ok=True)
    return Download(answer.url, size_bytes, answer.headers, sha256)


def request(
    method: str,
    url: str,
    *,
    headers: Mapping[str, str] | None = None,
    body: bytes = b"",
    timeout_s: float = 10.0,
    max_answer_bytes: int = 65536,
    policy: Policy | None = None,
) -> Answer:
    """One request and its answer, whatever its status; redirects are answers too. Raises FetchFailed."""
    policy = policy or Policy()
    with _exchange(method, url, headers or {}, body, policy, Deadline(timeout_s)) as (answer, response):
        received = b""
        for block in response.iter_stream():
            received += block
            if len(received) >= max_answer_bytes:
                break
        return Answer(answer.url, answer.status, answer.headers, received[:max_answer_bytes])


@contextlib.contextmanager
def _following(url: str, policy: Policy, deadline: Deadline) -> Iterator[tuple[Answer, httpcore.Response]]:
    """The first answer that is no redirect, its body unread. Every hop is checked like the first one."""
    for _ in range(MAX_REDIRECTS + 1):
        with _exchange("GET", url, {}, b"", policy, deadline) as (answer, response):
            location = answer.headers.get("location")
            if answer.status not in _REDIRECTS or location is None:
                yield answer, response
                return
            url = _joined(answer.url, location)
    raise Refused(f"{shown(url)} was reached by more than {MAX_REDIRECTS} redirects.")


@contextlib.contextmanager
def _exchange(
    method: str, url: str, headers: Mapping[str, str], body: bytes, policy: Policy, deadline: Deadline
) -> Iterator[tuple[Answer, httpcore.Response]]:
    target = parse_url(url)
    backend = GuardedBackend(policy.networks(), deadline, policy.resolve)
    timeouts = {"connect": CONNECT_TIMEOUT_S, "read": IDLE_TIMEOUT_S, "write": IDLE_TIMEOUT_S}
    with (
        _translated(url),
        httpcore.ConnectionPool(ssl_context=policy.ssl_context or _ssl_context(), network_backend=backend) as pool,
        pool.stream(
            method,
            httpcore.URL(scheme=target.raw_scheme, host=target.raw_host, port=target.port, target=target.raw_path),
            headers=_request_headers(target, headers),
            content=body or None,
            extensions={"timeout": timeouts},
        ) as response,
    ):
        yield Answer(str(target), response.status, _decoded(response.headers)), response


def parse_url(url: str) -> httpx.URL:
    """The URL, normalised, without its fragment. Raises Refused unless it is a plain http or https address."""
    if len(url) > MAX_URL_LENGTH or any(character <= " " or character in "\\\x7f" for character in url):
        raise Refused("The URL is too long, or holds blanks, backslashes or control characters.")
    try:
        parsed = httpx.URL(url)
    except (httpx.InvalidURL, UnicodeError, ValueError):
        raise Refused(f"{url[:200]!r} is not a URL.") from None
    if parsed.scheme not in ("http", "https") or not parsed.host:
        raise Refused(f"{shown(url)} is not an http or https URL.")
    if parsed.port is not None and not 0 < parsed.port < 65536:
        raise Refused(f"Port {parsed.port} does not exist.")
    if parsed.userinfo:
        raise Refused("A URL with a user name in it is not accepted.")
    return parsed.copy_with(fragment=None)


def shown(url: str) -> str:
    """A URL as it may appear in a message: without query and user name, which may be secrets."""
    bare = url.partition("?")[0].partition("#")[0]
    scheme, separator, rest = bare.partition("://")
    host, slash, path = rest.partition("/")
    return f"{scheme}{separator}{host.rpartition('@')[2]}{slash}{path}"[:300]


def _joined(base: str, location: str) -> str:
    try:
        return str(httpx.URL(base).join(location))
    except (httpx.InvalidURL, UnicodeError, ValueError):
        raise Refused(f"{shown(base)} redirects to something that is not a URL.") from None


def _request_headers(target: httpx.URL, extra: Mapping[str, str]) -> list[tuple[bytes, bytes]]:
    headers = {
        "Host": target.netloc.decode("ascii"),
        "User-Agent": USER_AGENT,
        "Accept": "*/*",
        # A compressed answer could unfold to any size.
        "Accept-Encoding": "identity",
        "Connection": "close",
        **extra,
    }
    return [(name.encode("ascii"), value.encode("utf-8")) for name, value in headers.items()]


def _decoded(headers: Sequence[tuple[bytes, bytes]]) -> dict[str, str]:
    return {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in headers}


@contextlib.contextmanager
def _translated(url: str) -> Iterator[None]:
    """Turn httpcore's exceptions into ours."""
    try:
        yield
    except httpcore.TimeoutException:
        raise TimedOut(f"{shown(url)} did not answer in time.", retryable=True) from None
    except httpcore.ConnectError as error:
        raise NotFound(f"No connection to {shown(url)} could be made: {error}.", retryable=True) from None
    except (httpcore.NetworkError, httpcore.ProtocolError) as error:
        raise NotFound(f"The connection to {shown(url)} broke: {error}.", retryable=True) from None


def _check_answer(answer: Answer, max_bytes: int) -> None:
    """Raises FetchFailed unless a file of an allowed size follows."""
    if answer.status != 200:
        retryable = answer.status in _RETRYABLE
        raise NotFound(f"{shown(answer.url)} was answered with HTTP status {answer.status}.", retryable=retryable)
    if answer.headers.get("content-encoding", "identity").lower() != "identity":
        raise Refused(f"{shown(answer.url)} was sent compressed although that was not asked for.")
    total = _total(answer)
    if total is not None and total > max_bytes:
        raise TooLarge(f"{shown(answer.url)} has {total} bytes; at most {max_bytes} are accepted.")


def _total(answer: Answer) -> int | None:
    text = answer.headers.get("content-length", "")
    return int(text) if text.isascii() and text.isdigit() else None


def _save(
    answer: Answer, response: httpcore.Response, draft: Path, max_bytes: int, on_bytes: Callable[[int, int | None], Any]
) -> tuple[int, str]:
    """How many bytes came, and their SHA-256. Raises FetchFailed, httpcore's exceptions, OSError."""
    received, total, digest = 0, _total(answer), hashlib.sha256()
    with draft.open("wb") as file:
        for block in response.iter_stream():
            received += len(block)
            if received > max_bytes:
                raise TooLarge(f"{shown(answer.url)} has more than the {max_bytes} bytes that are accepted.")
            file.write(block)
            digest.update(block)
            on_bytes(received, total)
    if not received:
        raise Refused(f"{shown(answer.url)} is empty.")
    return received, digest.hexdigest()


@cache
def _ssl_context() -> ssl.SSLContext:
    """Verifies certificates and names against the well-known authorities."""
    return httpx.create_ssl_context(trust_env=False)
