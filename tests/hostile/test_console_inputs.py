"""Nothing that a browser can send to the console makes it fail, leads elsewhere, or comes back as markup.

Which pages there are is read from the addresses, and which fields they read from what they ask a request for: a new
page and a new field are tried without a line here.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Final
from urllib.parse import quote, urlencode

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpRequest, QueryDict
from django.test import Client
from django.urls import URLPattern

from apps.console.urls import pages
from tests.console.entering import a_user, ask, browser
from tests.console.hostile import Things, hostile_workspace
from tests.console.people import signed_in
from tests.contract.test_console_pages import TABLE

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
SCRIPT: Final = "'\"></textarea></title><script>alert(1)</script>{{7*7}}"
VALUES: Final[dict[str, bytes | str]] = {
    "nothing": "",
    "a NUL": "a\0b",
    "markup": SCRIPT,
    "no UTF-8": b"\xff\xfe\x80",
    "half a surrogate pair": b"\xed\xa0\x80",
    "turned around": "\u202egpj.exe\u2066\u200b\ufeff",
    "lines": "a\r\nSet-Cookie: evil=1\r\n\r\n<script>alert(1)</script>\x85\u2028",
    "long": "W" * 5000,
    "many digits": "9" * 5000,
    "beyond 64 bits": "99999999999999999999",
    "negative": "-1",
    "no number": "nan",
    "no end": "1e400",
    "a moment before time": "0001-01-01T00:00:00+14:00~render_01ARZ3NDEKTSV4RRFFQ69G5FAV",
    "a moment after time": "9999-12-31T23:59:59-14:00~render_01ARZ3NDEKTSV4RRFFQ69G5FAV",
    "the last day": "9999-12-31",
    "another place": "//evil.example/",
    "another place, with a backslash": "/\\evil.example/",
    "a script as an address": "javascript:alert(1)",
    "a word": "x",
    "a path": "../../../etc/passwd",
    "deep JSON": "[" * 50_000,
    "JSON that is just not too deep": '{"elements":' + "[" * 480 + "]" * 480 + "}",
    "JSON with a NUL": '{"a": "\\u0000", "b": "\\ud800"}',
    "an address in another script": "ada@b\u00fccher.example\u3002org",
}
ALONE: Final = ("a NUL", "markup", "no UTF-8", "many digits", "beyond 64 bits", "a moment before time", "a word")
"""What is tried in each field by itself too, beside others that are as they should be."""
BODIES: Final = (
    *(b"", b"null", b"[]", b'"x"', b"1e999", b"-", b"{", b"\xff", b"\xef\xbb\xbf{}", b'{"a": NaN}'),
    b'{"filename": "\\u0000", "content_type": "\\ud800", "size_bytes": 1}',
    b'{"filename": "%s", "content_type": "video/mp4", "size_bytes": 1}' % (b"W" * 5000),
    b'{"filename": "a.mp4", "content_type": "video/mp4", "size_bytes": %s}' % (b"9" * 30),
    b'{"filename": "a.mp4", "content_type": "video/mp4", "size_bytes": %s}' % (b"9" * 5000),
    b'{"filename": ["a"], "content_type": {}, "size_bytes": "1"}',
    b'{"filename": "\\r\\nSet-Cookie: a=1.mp4", "content_type": "video/mp4", "size_bytes": 1}',
    b'{"elements": [{"type": "text", "text": "<script>alert(1)</script>", "duration": 1e308}]}',
    b'{"width": 1e308, "height": -0, "duration": 1e-320, "elements": [{}]}',
    b"[" * 100_000,
    *(b"[" * depth + b"]" * depth for depth in (300, 480, 900)),
    *(b'{"a":' * depth + b"1" + b"}" * depth for depth in (300, 480, 900)),
)
FILE_NAMES: Final = (
    f"{SCRIPT}.mp4",
    "a\0b.mp4",
    "\u202e4pm.exe.mp4",
    'a";\r\nSet-Cookie: a=1;".mp4',
    "W" * 1000 + ".mp4",
    " .mp4",
    ".mp4",
    "..",
    "../../../etc/passwd.mp4",
    "C:\\con.mp4",
    "\u0661.mp4",
)
OF_STRANGERS: Final = {"sign-in", "sign-up", "sign-in-code", "sign-in-resend"}
METHODS: Final = ("GET", "POST")


def leaves() -> Iterator[URLPattern]:
    for page in pages:
        assert isinstance(page, URLPattern), "addresses within addresses are tried too once this walks through them"
        yield page


PAGES: Final = {str(page.name): page for page in leaves()}


@pytest.fixture(autouse=True)
def no_limits(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.FRAMELANE_RATE_LIMIT_PRO = settings.FRAMELANE_SIGNUPS_PER_CLIENT = 1_000_000
    monkeypatch.setattr("apps.console.playground.rendering.CHECKS_PER_MINUTE", 1_000_000)


@pytest.fixture
def things() -> Things:
    return hostile_workspace()


def visitor(page: str, things: Things) -> Client:
    """Somebody who gets as far as the page reads what was sent."""
    if page in OF_STRANGERS:
        client = browser()
        ask(client)
    elif page == "welcome":
        client = browser()
        client.force_login(a_user(), backend="django.contrib.auth.backends.ModelBackend")
    else:
        client = signed_in(things.person)
    client.raise_request_exception = False
    return client


def address(page: str, things: Things, put: str | None = None) -> str:
    """The address of a page of the workspace; with `put` that text in the place of every id."""
    known = {
        "job_id": things.jobs["completed"],
        "asset_id": things.asset,
        "webhook_id": things.webhook,
        "delivery_id": things.delivery,
        "slug": "transcribe",
        "user_id": "1",
    }
    route = str(PAGES[page].pattern)
    for name, converter in PAGES[page].pattern.converters.items():
        kind = type(converter).__name__.removesuffix("Converter").lower().replace("string", "str")
        text = known.get(name, "x_01ARZ3NDEKTSV4RRFFQ69G5FAV") if put is None else quote(put, safe="")
        route = route.replace(f"<{kind}:{name}>", text).replace(f"<{name}>", text)
    assert "<" not in route, route
    return f"/console/{route}"


@contextmanager
def names_read() -> Iterator[set[str]]:
    """The names of the fields that are asked for meanwhile."""
    names: set[str] = set()
    readers = {name: getattr(QueryDict, name) for name in ("get", "getlist", "__getitem__", "__contains__")}

    def noting(reader: Callable[..., Any]) -> Callable[..., Any]:
        def read(fields: QueryDict, name: Any, *more: Any, **options: Any) -> Any:
            names.add(name)
            return reader(fields, name, *more, **options)

        return read

    with pytest.MonkeyPatch.context() as patched:
        for name, reader in readers.items():
            patched.setattr(QueryDict, name, noting(reader))
        yield names
    names.discard("csrfmiddlewaretoken")


@contextmanager
def bodies_read() -> Iterator[list[int]]:
    """The sizes of the bodies that views take as they are, and not as a form."""
    sizes: list[int] = []
    read: Any = HttpRequest.body

    def noting(request: HttpRequest) -> bytes:
        sizes.append(len(read.fget(request)))
        return bytes(read.fget(request))

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(HttpRequest, "body", property(noting))
        yield sizes


def send(client: Client, method: str, path: str, fields: dict[str, Any], **headers: str) -> Any:
    """The fields in the address, and of a POST in the body too."""
    text = urlencode(fields, doseq=True)
    query = {"QUERY_STRING": urlencode({name: value for name, value in fields.items() if len(str(value)) < 6000})}
    if method == "GET":
        return client.get(path, headers=headers, **query)  # type: ignore[arg-type]
    kind = "application/x-www-form-urlencoded"
    return client.post(path, text, content_type=kind, headers=headers, **query)  # type: ignore[arg-type]


def fields_of(client: Client, method: str, path: str, base: dict[str, Any]) -> list[str]:
    """What the page reads, also once something was entered."""
    with names_read() as names:
        send(client, method, path, base)
        send(client, method, path, {**dict.fromkeys(names, "x"), **base})
    return sorted(names)


def assert_harmless(answer: Any, what: str) -> None:
    # Where nothing can be paid, it says so.
    assert answer.status_code < 500 or answer.status_code == 501, (what, answer.status_code)
    location = answer.headers.get("Location", "/").removeprefix(settings.FRAMELANE_PUBLIC_URL)
    assert location.startswith("/"), (what, location)
    assert not location.startswith(("//", "/\\")), (what, location)
    assert "evil" not in answer.cookies, what
    if answer.headers.get("Content-Type", "").startswith("text/html"):
        assert "unsafe-" not in answer.headers["Content-Security-Policy"]
        text = answer.content.decode()
        assert "<script>alert" not in text, what
        assert "Traceback" not in text, what


@pytest.mark.parametrize("page", PAGES)
def test_fields(page: str, things: Things) -> None:
    for method in METHODS:
        _try_fields(page, method, things)


def _try_fields(page: str, method: str, things: Things) -> None:
    path, client = address(page, things), visitor(page, things)
    row = TABLE.get(f"{method} {page}")
    base: dict[str, Any] = dict(row.body) if row is not None else {}
    if send(client, method, path, base).status_code == 405:
        return
    fields = fields_of(client, method, path, base)
    for called, value in VALUES.items() if fields else ():
        assert_harmless(send(client, method, path, dict.fromkeys(fields, value)), f"{fields}: {called}")
        for name in fields if base and called in ALONE else ():
            assert_harmless(send(client, method, path, {**base, name: value}), f"{name}: {called}")


@pytest.mark.parametrize("page", [name for name, page in PAGES.items() if page.pattern.converters])
def test_ids_in_addresses(page: str, things: Things) -> None:
    client = visitor(page, things)
    for text in ("\0", "1" * 30, "1" * 5000, SCRIPT, "W" * 5000, "\u202e", "%00", "..", "\ud7ff\uffff"):
        for method in METHODS:
            answer = send(client, method, address(page, things, text), {})
            assert_harmless(answer, text[:80])
            assert answer.status_code in (404, 405), text[:80]


def test_bodies(things: Things) -> None:
    reading = []
    for page in (name.split()[1] for name in TABLE if name.startswith("POST") and "sign-out" not in name):
        path, client = address(page, things), visitor(page, things)
        with bodies_read() as sizes:
            assert_harmless(client.post(path, b"{}", content_type="application/json"), page)
        reading += [page] * bool(sizes)
        for body in BODIES if sizes else ():
            answer = client.post(path, body, content_type="application/json")
            assert_harmless(answer, f"{page}: {body[:80]!r}")
    assert {"upload-start", "playground-check"} <= set(reading)


@pytest.mark.parametrize("boundary", ["x", "", "\u00e9", "W" * 300])
def test_parts_of_forms_that_are_none(boundary: str, things: Things) -> None:
    for page in ("upload-form", "theme", "key-new"):
        client = visitor(page, things)
        answer = client.post(
            address(page, things), b"--x\r\n\r\n", content_type=f"multipart/form-data; boundary={boundary}"
        )
        assert_harmless(answer, page)


def test_names_of_files(things: Things) -> None:
    client = visitor("upload-form", things)
    for name in FILE_NAMES:
        file = SimpleUploadedFile("x", b"some bytes", "video/mp4")
        file._name = name  # type: ignore[attr-defined]
        answer = client.post(address("upload-form", things), {"files": file})
        assert_harmless(answer, repr(name[:80]))
        assert answer.status_code in (302, 400, 422), repr(name[:80])
    assert_harmless(client.get("/console/assets"), "the list of what has come")


@pytest.mark.parametrize("page", ["dashboard", "job-live", "delivery", "sign-in", "switch"])
def test_headers(page: str, things: Things) -> None:
    client = visitor(page, things)
    for value in (SCRIPT, "\u00ff\u0080", "W" * 5000, "true"):
        names = ("HX-Request", "HX-Current-URL", "HX-Target", "Referer", "Origin", "Accept", "X-Forwarded-For")
        for name in (*names, "X-Forwarded-Host", "If-None-Match", "X-Request-Id"):
            assert_harmless(client.get(address(page, things), headers={name: value}), f"{name}: {value[:80]}")
        client.cookies["theme"] = value.replace('"', "").replace(";", "")[:200]
        assert_harmless(client.get(address(page, things)), f"theme: {value[:80]}")
