"""Probes, the home page and the log."""

import json
import logging
import re
from html import unescape
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
from rest_framework.test import APIClient

from framelane.api import system
from framelane.api.logs import JsonFormatter
from framelane.api.request_ids import RequestIdFilter
from tests.people import Person

READY = ["/v1/system/ready", "/readyz"]


@pytest.mark.parametrize("path", ["/v1/system/health", "/healthz"])
def test_health_needs_nothing(path: str, anonymous: APIClient) -> None:
    response = anonymous.get(path)
    assert (response.status_code, response.json()) == (200, {"status": "ok"})


@pytest.mark.django_db
@pytest.mark.parametrize("path", READY)
def test_ready_checks_database_broker_and_storage(path: str, anonymous: APIClient) -> None:
    response = anonymous.get(path)
    assert response.status_code == 200
    ok = {"database": "ok", "broker": "ok", "storage": "ok"}
    assert response.json() == {"status": "ok", "checks": ok, "failing": []}


@pytest.mark.django_db
@pytest.mark.parametrize("path", READY)
@pytest.mark.parametrize("part", ["database", "broker", "storage"])
def test_ready_names_what_fails(path: str, part: str, anonymous: APIClient) -> None:
    def fail() -> None:
        raise RuntimeError("password=hunter2")

    with patch.dict(system.CHECKS, {part: fail}):
        response = anonymous.get(path)
    assert response.status_code == 503
    body = response.json()
    assert (body["status"], body["failing"]) == ("unavailable", [part])
    assert body["checks"][part] == "failed"
    assert "hunter2" not in response.content.decode()


@pytest.mark.django_db
def test_ready_notices_a_store_that_is_gone(anonymous: APIClient, settings: Any, tmp_path: Path) -> None:
    settings.STORAGE_URL = (tmp_path / "gone").as_uri()
    assert anonymous.get("/readyz").json()["failing"] == ["storage"]


@pytest.mark.django_db
def test_ready_notices_a_broker_that_is_gone(anonymous: APIClient, monkeypatch: pytest.MonkeyPatch) -> None:
    def connection_for_write(*_: Any, **__: Any) -> Any:
        from kombu import Connection

        return Connection("redis://127.0.0.1:1/0")

    monkeypatch.setattr("framelane.celery.app.connection_for_write", connection_for_write)
    assert anonymous.get("/readyz").json()["failing"] == ["broker"]


def test_version_names_what_runs(anonymous: APIClient) -> None:
    body = anonymous.get("/v1/system/version").json()
    assert body["name"] == "framelane"
    assert body["api_version"] == "v1"
    assert body["version"]


@pytest.mark.django_db
def test_home_page_shows_the_way(anonymous: APIClient, settings: Any) -> None:
    settings.FRAMELANE_PUBLIC_URL = "https://films.example.org"
    page = anonymous.get("/")
    assert page["Content-Type"].startswith("text/html")
    assert "https://films.example.org/v1/renders" in page.content.decode()
    for place in ("/openapi.json", "/v1/capabilities", "/readyz", "/admin/"):
        assert f'href="{place}"' in page.content.decode()
        assert anonymous.get(place).status_code in (200, 302), place


def test_what_the_home_page_tells_to_send_is_accepted(anonymous: APIClient, alice: Person) -> None:
    text = unescape(anonymous.get("/").content.decode())
    sent = re.findall(r"/v1(\S+) (?:\\\n +-H [^\n]+)+\n +-d '([^']+)'", text)
    assert [path for path, _ in sent] == ["/signup", "/signup/verify", "/renders"]
    signed_up, verified, rendered = (alice.post(f"/v1{path}", json.loads(body)) for path, body in sent)
    assert (signed_up.status_code, rendered.status_code) == (201, 202)
    fields = verified.json()["error"]["details"]["fields"]
    assert [field["code"] for field in fields] == ["wrong_code"]


def test_static_files_are_served(anonymous: APIClient) -> None:
    response = anonymous.get("/static/home.css")
    assert response.status_code == 200
    assert response["Content-Type"].startswith("text/css")


def formatted(**extra: Any) -> dict[str, Any]:
    record = logging.makeLogRecord({"name": "test", "levelname": "INFO", "msg": "job %s", "args": ("x",), **extra})
    RequestIdFilter().filter(record)
    line = JsonFormatter().format(record)
    assert "\n" not in line
    parsed: dict[str, Any] = json.loads(line)
    return parsed


def test_log_lines_are_one_json_object_each() -> None:
    line = formatted(job_id="render_1")
    assert line.items() >= {"level": "INFO", "logger": "test", "message": "job x", "job_id": "render_1"}.items()
    assert line["request_id"] == "-"


def test_log_lines_hold_the_traceback() -> None:
    try:
        raise ValueError("two\nlines")
    except ValueError as error:
        line = formatted(exc_info=(ValueError, error, error.__traceback__))
    assert "ValueError: two" in line["traceback"]


def test_head_is_the_get_without_its_body(anonymous: APIClient) -> None:
    get, head = anonymous.get("/v1/system/version"), anonymous.head("/v1/system/version")
    assert (head.status_code, head.content) == (200, b"")
    assert head["Content-Length"] == get["Content-Length"] == str(len(get.content))


def test_request_id_of_a_refusal_reaches_the_log(anonymous: APIClient, caplog: pytest.LogCaptureFixture) -> None:
    caplog.handler.addFilter(RequestIdFilter())
    anonymous.get("/nowhere", HTTP_X_REQUEST_ID="trace-0123456789")
    assert "trace-0123456789" in {getattr(record, "request_id", "") for record in caplog.records}


def test_request_id_reaches_the_log(anonymous: APIClient, caplog: pytest.LogCaptureFixture) -> None:
    caplog.handler.addFilter(RequestIdFilter())
    with patch("apps.capabilities.api.document", side_effect=RuntimeError), caplog.at_level(logging.ERROR):
        response = anonymous.get("/v1/capabilities", HTTP_X_REQUEST_ID="trace-0123456789")
    assert response.status_code == 500
    assert "trace-0123456789" in {getattr(record, "request_id", "") for record in caplog.records}
