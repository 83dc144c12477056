"""People in browsers are told of errors in pages, programs in the envelope."""

from typing import Any
from unittest.mock import patch

import pytest
from django.core.exceptions import PermissionDenied, RequestDataTooBig
from django.db import OperationalError
from django.test import Client

from framelane.api import handlers
from tests.console.entering import DASHBOARD, SIGN_IN, WELCOME, a_user, browser, signed_in
from tests.contract.test_envelope import assert_envelope

pytestmark = pytest.mark.django_db
NOWHERE = ["/console/nowhere", "/nowhere", "/consolee", "/favicon.ico"]


def assert_page(response: Any, status: int, words: str) -> None:
    assert response.status_code == status
    assert response["Content-Type"] == "text/html; charset=utf-8"
    text = response.content.decode()
    assert "<h1>" in text
    assert words in text
    assert response["Content-Security-Policy"]
    assert "Accept" in response["Vary"]


@pytest.mark.parametrize("path", NOWHERE)
def test_unknown_paths(path: str) -> None:
    assert_page(browser().get(path), 404, f"nothing at {path}")
    assert_envelope(Client().get(path), 404, "not_found")
    assert_envelope(Client(headers={"accept": "*/*"}).get(path), 404, "not_found")


@pytest.mark.parametrize("path", ["/v1/nowhere", "/v1", "/v2/renders", "/media/x", "/uploads/", "/openapi.yaml"])
def test_programs_are_answered_in_the_envelope_whatever_they_accept(path: str) -> None:
    response = browser().get(path)
    assert response["Content-Type"] == "application/json"
    assert set(response.json()) == {"error"}


def test_what_an_address_holds_is_text() -> None:
    text = browser().get("/console/<script>alert(1)</script>").content.decode()
    assert "<script>alert" not in text


def test_control_characters_in_an_address() -> None:
    assert_page(browser().get("/console/%00"), 404, "nothing")


def test_methods_that_are_not_possible() -> None:
    response = browser().delete(SIGN_IN)
    assert (response.status_code, response["Allow"]) == (405, "GET, POST")
    assert "DELETE is not possible" in response.content.decode()
    assert_page(browser().post("/"), 405, "POST is not possible")


def test_forms_without_their_token() -> None:
    client = Client(enforce_csrf_checks=True, headers={"accept": "text/html"})
    assert_page(client.post(SIGN_IN, {"email": "a@b.de"}), 403, "form has expired")
    client = Client(enforce_csrf_checks=True)
    assert_envelope(client.post(SIGN_IN, {"email": "a@b.de"}), 403, "forbidden")


def test_bodies_that_are_too_large(settings: Any) -> None:
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1000
    response = browser().post(SIGN_IN, {"email": "x" * 2000}, content_type="application/x-www-form-urlencoded")
    assert response.status_code == 413
    response = browser().post(SIGN_IN, "email=" + "x" * 2000, content_type="application/x-www-form-urlencoded")
    assert_page(response, 413, "too large")


def test_forms_with_too_many_fields(settings: Any) -> None:
    settings.DATA_UPLOAD_MAX_NUMBER_FIELDS = 10
    fields = {f"f{number}": "x" for number in range(11)}
    assert_page(browser().post(SIGN_IN, fields), 400, "malformed")


def failing(path: str, error: Exception) -> Any:
    client = browser()
    client.raise_request_exception = False
    with patch("apps.console.sign_in.views.SignIn.resume", side_effect=error):
        return client.get(path)


def test_what_may_not_be_done() -> None:
    assert_page(failing("/console/sign-in/code", PermissionDenied()), 403, "You may not do this")


def test_failures_name_the_request_and_nothing_else() -> None:
    response = failing("/console/sign-in/code", RuntimeError("a secret"))
    assert_page(response, 500, response["X-Request-Id"])
    assert "a secret" not in response.content.decode()


def test_the_page_of_a_failure_asks_the_database_for_nothing(django_assert_num_queries: Any, rf: Any) -> None:
    request = rf.get(DASHBOARD, headers={"accept": "text/html"})
    with django_assert_num_queries(0):
        response = handlers.server_error(request)
    assert response.status_code == 500
    assert "Something went wrong" in response.content.decode()


def test_a_failure_of_the_page_itself_is_still_a_page(rf: Any) -> None:
    request = rf.get(DASHBOARD, headers={"accept": "text/html"})
    with patch.object(handlers, "render_to_string", side_effect=OSError("the disk")):
        response = handlers.page_not_found(request, Exception())
    assert response.status_code == 404
    assert "There is nothing at /console/." in response.content.decode()


def test_a_database_that_is_away() -> None:
    a_user()
    client = signed_in()
    client.raise_request_exception = False
    with patch("apps.console.sign_in.welcome.visitor_of", side_effect=OperationalError("gone")):
        assert_page(client.get(WELCOME), 500, "Something went wrong")


def test_bodies_are_refused_alike_by_the_handler(rf: Any) -> None:
    for accept, kind in (("text/html", "text/html; charset=utf-8"), ("application/json", "application/json")):
        response = handlers.bad_request(rf.post(SIGN_IN, headers={"accept": accept}), RequestDataTooBig())
        assert (response.status_code, response["Content-Type"]) == (413, kind)
