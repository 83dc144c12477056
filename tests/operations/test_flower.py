"""Flower, through the sign-in of the staff: who may look, who may act, and what comes of it."""

import base64
import hashlib
import re
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

import flower
import pytest
from django.contrib.auth.models import Permission, User
from django.test import Client
from tornado.template import Template

from apps.audit.models import AuditEntry
from apps.operations.flower.credentials import USER, environment, password
from tests.loopback import QuietHandler, http_server, send, serving
from tests.people import Person

pytestmark = pytest.mark.django_db

PAGE = b"<!doctype html><title>Flower</title>"
GROW = "/flower/api/worker/pool/grow/io@host"


class StandIn:
    """What stands where Flower would: keeps what it is asked, and answers."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, str, dict[str, str], bytes]] = []
        self.status, self.headers = 200, {"Content-Type": "text/html; charset=UTF-8"}

    def handler(self) -> type[BaseHTTPRequestHandler]:
        kept = self

        class Handler(QuietHandler):
            def do_GET(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                kept.asked.append((self.command, self.path, dict(self.headers.items()), body))
                send(self, PAGE, kept.status, kept.headers)

            do_POST = do_HEAD = do_GET

        return Handler


@pytest.fixture
def behind(settings: Any) -> Iterator[StandIn]:
    stand_in = StandIn()
    with serving(http_server(stand_in.handler())) as url:
        settings.FRAMELANE_FLOWER_URL = url
        yield stand_in


def signed_in(name: str, *permissions: str, **fields: Any) -> Client:
    user = User.objects.create_user(name, **fields)
    user.user_permissions.set(Permission.objects.filter(codename__in=permissions))
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


@pytest.fixture
def looker() -> Client:
    return signed_in("looker", "view_flower", is_staff=True)


@pytest.fixture
def operator() -> Client:
    return signed_in("operator", "view_flower", "control_flower", is_staff=True)


def body_of(response: Any) -> bytes:
    return b"".join(response.streaming_content)


# --- Who may look ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["/flower/", "/flower/workers?refresh=1", "/flower/api/workers", "/flower/metrics"])
def test_strangers_are_sent_to_the_sign_in_of_the_staff(behind: StandIn, path: str) -> None:
    response = Client().get(path)
    assert response.status_code == 302
    assert response["Location"].startswith("/admin/login/?next=/flower/")
    assert behind.asked == []


def test_strangers_can_do_nothing(behind: StandIn) -> None:
    assert Client().post(GROW, {"n": "1"}, headers={"Origin": "http://testserver"}).status_code == 403
    assert behind.asked == []


@pytest.mark.parametrize(
    "fields",
    [{}, {"is_staff": True}, {"is_staff": True, "is_active": False}, {"is_superuser": True}],
    ids=["customer", "staff without the permission", "former staff", "no staff"],
)
def test_others_learn_nothing(behind: StandIn, fields: dict[str, bool]) -> None:
    permissions = ["view_flower"] if not fields.get("is_staff") else []
    response = signed_in("carol", *permissions, **fields).get("/flower/")
    # To a session whose person is no longer active nobody is signed in.
    assert response.status_code == (404 if fields.get("is_active", True) else 302)
    assert behind.asked == []


def test_a_key_of_the_api_opens_nothing(behind: StandIn, alice: Person) -> None:
    assert alice.get("/flower/").status_code == 302
    assert behind.asked == []


# --- What the staff sees --------------------------------------------------------------------------------------------


def test_the_staff_sees_flower(behind: StandIn, looker: Client) -> None:
    response = looker.get("/flower/workers?json=1", HTTP_X_REQUESTED_WITH="XMLHttpRequest")
    assert (response.status_code, body_of(response)) == (200, PAGE)
    ((method, path, headers, _),) = behind.asked
    assert (method, path) == ("GET", "/flower/workers?json=1")
    expected = base64.b64encode(f"{USER}:{password()}".encode()).decode()
    assert headers["Authorization"] == f"Basic {expected}"
    assert headers["X-Requested-With"] == "XMLHttpRequest"
    assert "Cookie" not in headers


def test_nothing_of_flowers_speaks_for_us(behind: StandIn, looker: Client) -> None:
    behind.headers |= {"Set-Cookie": "_xsrf=1", "Content-Security-Policy": "default-src *", "Server": "Tornado"}
    response = looker.get("/flower/")
    assert response.cookies.get("_xsrf") is None
    assert "Server" not in response
    policy = response["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy


def test_the_one_inline_script_of_flower_is_allowed_and_no_other(behind: StandIn, looker: Client) -> None:
    """Rendered as Flower renders it: a new release with another script must be read first."""
    found = []
    for file in sorted((Path(flower.__file__).parent / "templates").glob("*.html")):
        source = file.read_text("utf-8")
        assert not re.search(r"\son[a-z]+=|javascript:", source), file.name
        found += re.findall(r"<script(?![^>]*\bsrc=)[^>]*>.*?</script>", source, re.DOTALL)
    (script,) = found
    policy = looker.get("/flower/")["Content-Security-Policy"]
    for value in (0, 1):
        text = Template(script, name="workers.html").generate(autorefresh=value).decode()
        digest = hashlib.sha256(text.partition(">")[2].removesuffix("</script>").encode()).digest()
        assert f"'sha256-{base64.b64encode(digest).decode()}'" in policy
    assert policy.count("sha256-") == 2


@pytest.mark.parametrize("location", ["https://evil.example.org/", "//evil.example.org/", "/admin/logout/"])
def test_it_leads_nowhere_else(behind: StandIn, looker: Client, location: str) -> None:
    behind.status, behind.headers["Location"] = 302, location
    assert "Location" not in looker.get("/flower/")


@pytest.mark.parametrize("path", ["/flower/../admin/", "/flower/static/..%2f..%2fetc/passwd", "/flower/a%5cb"])
def test_paths_mean_what_they_say(behind: StandIn, looker: Client, path: str) -> None:
    assert looker.get(path).status_code in (302, 404)
    assert behind.asked == []


def test_odd_names_arrive_as_names(behind: StandIn, looker: Client) -> None:
    looker.get("/flower/worker/cpu%40host%3Fx%23y%20z")
    assert [path for _, path, _, _ in behind.asked] == ["/flower/worker/cpu@host%3Fx%23y%20z"]


def test_flower_that_is_away_or_a_stranger_is_said_to_be_away(behind: StandIn, looker: Client, settings: Any) -> None:
    behind.status = 401
    assert looker.get("/flower/").status_code == 503
    settings.FRAMELANE_FLOWER_URL = "http://127.0.0.1:1"
    response = looker.get("/flower/")
    assert response.status_code == 503
    assert "Flower does not answer" in response.content.decode()


# --- What the staff does --------------------------------------------------------------------------------------------


def test_an_operator_acts_and_it_is_written_down(behind: StandIn, operator: Client) -> None:
    response = operator.post(GROW, {"n": "2"}, headers={"Origin": "http://testserver", "Sec-Fetch-Site": "same-origin"})
    assert response.status_code == 200
    ((method, path, headers, body),) = behind.asked
    assert (method, path, headers["Content-Type"].split(";")[0]) == ("POST", GROW, "multipart/form-data")
    assert b'name="n"' in body
    entry = AuditEntry.objects.get(action="flower.control")
    assert entry.actor_name == "operator"
    assert entry.changes == {"path": "api/worker/pool/grow/io@host", "fields": {"n": "2"}}


def test_whoever_may_only_look_changes_nothing(behind: StandIn, looker: Client) -> None:
    assert looker.post(GROW, {"n": "2"}, headers={"Origin": "http://testserver"}).status_code == 403
    assert behind.asked == []
    assert not AuditEntry.objects.filter(action="flower.control").exists()


def test_the_list_of_tasks_may_be_read(behind: StandIn, looker: Client) -> None:
    answer = looker.post("/flower/tasks/datatable", {"draw": "1"}, headers={"Origin": "http://testserver"})
    assert answer.status_code == 200
    assert len(behind.asked) == 1
    assert not AuditEntry.objects.filter(action="flower.control").exists()


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Origin": "https://evil.example.org"},
        {"Origin": "null"},
        {"Origin": "http://testserver.evil.example.org"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site", "Origin": "http://testserver"},
        {"Sec-Fetch-Site": "same-origin", "Origin": "https://evil.example.org"},
        {"Referer": "http://testserver/flower/"},
    ],
)
@pytest.mark.parametrize("path", [GROW, "/flower/tasks/datatable"])
def test_pages_of_others_make_nobody_act(behind: StandIn, operator: Client, path: str, headers: dict[str, str]) -> None:
    assert operator.post(path, {"n": "2"}, headers=headers).status_code == 403
    assert behind.asked == []


@pytest.mark.parametrize("call", ["apply", "async-apply", "send-task"])
def test_nobody_sends_messages_of_their_own(behind: StandIn, operator: Client, call: str) -> None:
    path = f"/flower/api/task/{call}/apps.account.tasks.erase"
    assert operator.post(path, {"args": "[]"}, headers={"Origin": "http://testserver"}).status_code == 404
    assert behind.asked == []


@pytest.mark.parametrize("method", ["put", "delete", "patch", "options"])
def test_other_methods_are_refused(behind: StandIn, operator: Client, method: str) -> None:
    answer = getattr(operator, method)(GROW, headers={"Origin": "http://testserver"})
    assert answer.status_code == 405
    assert behind.asked == []


def test_bodies_are_bounded(behind: StandIn, operator: Client) -> None:
    assert operator.post(GROW, {"n": "2" * 70_000}, headers={"Origin": "http://testserver"}).status_code == 413
    assert behind.asked == []


@pytest.mark.parametrize("name", ["Accept", "X-Requested-With", "If-None-Match"])
def test_headers_that_are_no_ascii_are_passed_on(behind: StandIn, looker: Client, name: str) -> None:
    assert looker.get("/flower/", headers={name: "\u00ff\u0080"}).status_code == 200
    assert len(behind.asked) == 1


@pytest.mark.parametrize("query", ["a=\x7f", "a=\u00ff", "\x01", "a" * 70_000])
def test_queries_that_are_none(behind: StandIn, looker: Client, query: str) -> None:
    assert looker.get("/flower/", QUERY_STRING=query).status_code in (200, 503)


def test_the_password_follows_the_secret(settings: Any) -> None:
    before = password()
    assert environment() == {"FLOWER_BASIC_AUTH": f"framelane:{before}", "FLOWER_UNAUTHENTICATED_API": "false"}
    # Commas separate several passwords, and a colon the name.
    assert len(before) >= 32
    assert not set(before) & set(",:")
    settings.SECRET_KEY = "another secret of the installation"
    assert password() != before
