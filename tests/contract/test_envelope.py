"""Every answer that is no success has the envelope, whoever gives it."""

import json
import re
from typing import Any
from unittest.mock import patch

import pytest
from django.db import OperationalError
from hypothesis import given
from hypothesis import strategies as st
from rest_framework.test import APIClient

from framelane.api.error_codes import ERROR_CODES
from framelane.api.errors import ApiError
from framelane.api.parsing import loads
from tests.people import Person

RENDERS = "/v1/renders"


def assert_envelope(response: Any, status: int, code: str) -> dict[str, Any]:
    assert response.status_code == status
    assert response["Content-Type"] == "application/json"
    assert response["X-Request-Id"]
    body = json.loads(response.content)
    assert set(body) == {"error"}
    error: dict[str, Any] = body["error"]
    assert set(error) == {"code", "message", "details"}
    assert error["code"] == code
    assert status in ERROR_CODES[code].statuses
    assert isinstance(error["message"], str)
    assert error["message"]
    assert isinstance(error["details"], dict)
    return error


@pytest.mark.parametrize(
    "path", ["/nowhere", "/v1", "/v1/", "/v2/renders", "/v1/renders/", "/v1/renders/x/y/z", "/v1/renders%00", "/%ff"]
)
def test_unknown_path(path: str, anonymous: APIClient, db: None) -> None:
    assert_envelope(anonymous.get(path), 404, "not_found")


@pytest.mark.parametrize("job_id", ["x", "render_", "render_01J8QR2K5VKDGN2T4FBM3CZYX7", "%00", "%0a", "ü", "a" * 500])
def test_unknown_job(job_id: str, alice: Person) -> None:
    assert_envelope(alice.get(f"{RENDERS}/{job_id}"), 404, "not_found")


@pytest.mark.parametrize(("method", "path"), [("PUT", RENDERS), ("PATCH", RENDERS), ("OPTIONS", RENDERS)])
def test_wrong_method(method: str, path: str, alice: Person) -> None:
    assert_envelope(alice.client.generic(method, path), 405, "method_not_allowed")


@pytest.mark.parametrize("path", ["/v1/capabilities", "/v1/system/health", "/openapi.json", "/"])
def test_wrong_method_on_public_paths(path: str, anonymous: APIClient) -> None:
    assert_envelope(anonymous.delete(path), 405, "method_not_allowed")


@pytest.mark.parametrize("content_type", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", ""])
def test_body_that_is_not_declared_as_json(content_type: str, alice: Person) -> None:
    response = alice.post_raw(RENDERS, b'{"a": 1}', content_type)
    assert_envelope(response, 415, "unsupported_media_type")


def test_charset_and_case_of_the_content_type_do_not_matter(alice: Person) -> None:
    response = alice.post_raw(RENDERS, b"{}", "Application/JSON; charset=utf-8")
    assert response.status_code == 202


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"{'a': 1}",
        b'{"a": 1,}',
        b'{"a": NaN}',
        b'{"a": -Infinity}',
        b"\xff\xfe",
        b'"\\ud800"',
        b'{"metadata": {"a": "\\u0000"}}',
        b"[" * 100_000,
        b'{"a": ' + b"9" * 10_000 + b"}",
        b"\xef\xbb\xbf{}",
    ],
    ids=range(12),
)
def test_malformed_body(body: bytes, alice: Person) -> None:
    response = alice.post_raw(RENDERS, body)
    assert_envelope(response, 400, "invalid_request")


@pytest.mark.parametrize("body", [b"[]", b"1", b"null", b'"text"', b"true"])
def test_json_that_is_no_object(body: bytes, alice: Person) -> None:
    response = alice.post_raw(RENDERS, body)
    assert_envelope(response, 422, "validation_error")


def test_surrogate_pairs_are_text(alice: Person) -> None:
    body = b'{"metadata": {"smile": "\\ud83d\\ude00"}}'
    response = alice.post_raw(RENDERS, body)
    assert response.status_code == 202
    assert response.json()["metadata"] == {"smile": "😀"}


def test_oversized_body(alice: Person, settings: Any) -> None:
    settings.FRAMELANE_MAX_BODY_BYTES = 1000
    response = alice.post(RENDERS, {"metadata": {"a": "x" * 1000}})
    assert "1000" in assert_envelope(response, 413, "payload_too_large")["message"]


def test_body_without_a_length(alice: Person) -> None:
    response = alice.post_raw(RENDERS, b"", "application/json", HTTP_TRANSFER_ENCODING="chunked")
    assert_envelope(response, 411, "invalid_request")


def test_unknown_host(anonymous: APIClient, settings: Any) -> None:
    settings.ALLOWED_HOSTS = ["framelane.test"]
    assert_envelope(anonymous.get("/v1/system/health", HTTP_HOST="evil.example"), 400, "invalid_request")


def test_failure_tells_the_request_id_and_nothing_else(alice: Person) -> None:
    with patch("apps.jobs.api.selectors.jobs_of", side_effect=RuntimeError("secret detail")):
        response = alice.get(RENDERS)
    error = assert_envelope(response, 500, "internal")
    assert error["details"] == {"request_id": response["X-Request-Id"]}
    assert "secret detail" not in response.content.decode()


def test_database_that_is_away(alice: Person) -> None:
    with patch("apps.jobs.api.selectors.jobs_of", side_effect=OperationalError("no route to host")):
        response = alice.get(RENDERS)
    assert_envelope(response, 503, "unavailable")
    assert int(response["Retry-After"]) > 0


def test_validation_names_places_ranges_and_near_misses(alice: Person) -> None:
    scene = {"frame_rate": 500, "output_format": "mp5", "elements": [{"type": "text", "text": "a", "opacity": -1}]}
    error = assert_envelope(alice.post(RENDERS, scene), 422, "validation_error")
    fields = {field["path"]: field["message"] for field in error["details"]["fields"]}
    assert set(fields) == {"/frame_rate", "/output_format", "/elements/0/opacity", "/elements/0/duration"}
    assert "240" in fields["/frame_rate"]
    assert "500" in fields["/frame_rate"]
    assert "did you mean 'mp4'" in fields["/output_format"]


@pytest.mark.parametrize(
    ("query", "status"),
    [("limit=0", 422), ("limit=201", 422), ("limit=x", 422), ("status=done", 422), ("cursor=x", 400), ("cursor=", 400)],
)
def test_bad_query(query: str, status: int, alice: Person) -> None:
    code = {400: "invalid_request", 422: "validation_error"}[status]
    assert_envelope(alice.get(f"{RENDERS}?{query}"), status, code)


def test_nul_in_the_query(alice: Person) -> None:
    assert_envelope(alice.get(f"{RENDERS}?status=%00"), 400, "invalid_request")


@pytest.mark.parametrize("accept", ["text/html", "application/xml", "image/*;q=0", "nonsense"])
def test_answers_are_json_whatever_is_accepted(accept: str, alice: Person) -> None:
    response = alice.get(RENDERS, HTTP_ACCEPT=accept)
    assert (response.status_code, response["Content-Type"]) == (200, "application/json")


@given(st.binary(max_size=60) | st.text(max_size=60).map(str.encode))
def test_any_bytes_are_json_or_a_malformed_body(raw: bytes) -> None:
    try:
        value = loads(raw)
    except ApiError as error:
        value = error.envelope()
        is_malformed = error.status == 400 and error.code == "invalid_request"
        assert is_malformed, value
    # Whatever came through can be stored and sent.
    json.dumps(value, ensure_ascii=False).encode("utf-8")


def test_request_id_is_made_and_returned(anonymous: APIClient) -> None:
    first, second = (anonymous.get("/v1/system/health")["X-Request-Id"] for _ in range(2))
    assert re.fullmatch(r"req_[0-9A-Z]{26}", first)
    assert first != second


def test_well_formed_request_id_is_kept(anonymous: APIClient) -> None:
    response = anonymous.get("/v1/system/health", HTTP_X_REQUEST_ID="trace-1234.abc")
    assert response["X-Request-Id"] == "trace-1234.abc"


@pytest.mark.parametrize("sent", ["short", "x" * 129, "a b c d e f", "line\nbreak-here", "ünicode-id"])
def test_other_request_ids_are_replaced(sent: str, anonymous: APIClient) -> None:
    assert anonymous.get("/v1/system/health", HTTP_X_REQUEST_ID=sent)["X-Request-Id"].startswith("req_")


def test_answers_of_a_workspace_are_not_cached(alice: Person) -> None:
    assert alice.get(RENDERS)["Cache-Control"] == "no-store"


@pytest.mark.parametrize("path", ["/v1/system/health", "/nowhere", "/"])
def test_security_headers(path: str, anonymous: APIClient) -> None:
    response = anonymous.get(path)
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["X-Frame-Options"] == "DENY"
    assert response["Referrer-Policy"] == "same-origin"
