"""What clients see of rate limits: headers on every answer, 429 above the limit, one account for each caller."""

import itertools
from collections.abc import Iterator
from typing import Any
from unittest.mock import patch

import pytest
from django.contrib.auth.models import User
from django.db import OperationalError
from django.test import Client
from rest_framework.test import APIClient

from apps.api_keys.services import create_key
from apps.capabilities.selectors import capabilities
from framelane.api import throttling
from framelane.api.rate_rows import DatabaseLimiter
from framelane.lib.rate_limit import Guard, Limit, LimiterUnavailable, Verdict
from framelane.lib.rate_limit_redis import RedisLimiter
from tests.contract.test_envelope import assert_envelope
from tests.people import Person, client_with, make_person

RENDERS = "/v1/renders"
HEADERS = ("RateLimit-Limit", "RateLimit-Remaining", "RateLimit-Reset")
WRONG_KEY = "fl_live_" + "0" * 36

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def limits(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Small ones, and nothing counted yet."""
    settings.FRAMELANE_RATE_LIMIT_FREE = 4
    settings.FRAMELANE_RATE_LIMIT_PRO = 6
    settings.FRAMELANE_RATE_LIMIT_PUBLIC = 5
    settings.FRAMELANE_RATE_LIMIT_SIGNUP = 2
    settings.FRAMELANE_RATE_LIMIT_FAILED_AUTH = 3
    fresh = Guard(DatabaseLimiter(lambda: 1_000 * 60_000 + 30_000))
    monkeypatch.setattr(throttling, "guard", lambda: fresh)
    return settings


@pytest.fixture
def charlie() -> Person:
    return make_person("Charlie", plan="free")


_hosts = itertools.count(1)


@pytest.fixture
def elsewhere() -> Iterator[dict[str, str]]:
    """An address that nobody has called from yet."""
    return iter([{"REMOTE_ADDR": f"192.0.2.{next(_hosts)}"}])


def numbers(response: Any) -> tuple[int, int, int]:
    limit, remaining, reset_s = (int(response[name]) for name in HEADERS)
    return limit, remaining, reset_s


def assert_refused(response: Any, limit: int) -> None:
    error = assert_envelope(response, 429, "rate_limited")
    assert int(response["Retry-After"]) >= 1
    assert numbers(response) == (limit, 0, int(response["Retry-After"]))
    assert error["details"] == {"limit": limit, "retry_after_s": int(response["Retry-After"])}


def test_a_workspace_has_the_limit_of_its_plan(alice: Person, charlie: Person) -> None:
    for person, limit in ((alice, 6), (charlie, 4)):
        for remaining in reversed(range(limit)):
            response = person.get(RENDERS)
            assert response.status_code == 200
            assert numbers(response)[:2] == (limit, remaining)
            assert "Retry-After" not in response
        assert_refused(person.get(RENDERS), limit)


def test_the_keys_of_a_workspace_share_its_limit(charlie: Person) -> None:
    _, secret = create_key(workspace=charlie.workspace, name="second")
    for client in (charlie.client, client_with(secret)) * 2:
        assert client.get(RENDERS).status_code == 200
    assert_refused(charlie.get(RENDERS), 4)
    assert_refused(client_with(secret).get(RENDERS), 4)


def test_workspaces_do_not_share(charlie: Person, alice: Person) -> None:
    for _ in range(5):
        charlie.get(RENDERS)
    assert alice.get(RENDERS).status_code == 200


def test_an_upgrade_counts_at_once(charlie: Person) -> None:
    for _ in range(5):
        charlie.get(RENDERS)
    charlie.workspace.plan = "pro"
    charlie.workspace.save()
    assert numbers(charlie.get(RENDERS))[:2] == (6, 1)


@pytest.mark.parametrize(
    ("method", "path", "body", "status"),
    [
        ("POST", RENDERS, {"frame_rate": 500}, 422),
        ("POST", RENDERS, {"elements": []}, 202),
        ("GET", f"{RENDERS}?cursor=x", None, 400),
        ("GET", f"{RENDERS}/render_01J8QR2K5VKDGN2T4FBM3CZYX7", None, 404),
        ("PUT", RENDERS, {}, 405),
        ("HEAD", RENDERS, None, 200),
    ],
)
def test_every_answer_to_a_workspace_counts(method: str, path: str, body: Any, status: int, alice: Person) -> None:
    client: Any = alice.client
    kwargs = {} if body is None else {"data": body, "format": "json"}
    response = getattr(client, method.lower())(path, **kwargs)
    assert response.status_code == status
    assert numbers(response)[:2] == (6, 5)


def test_failures_of_the_server_carry_the_headers(alice: Person) -> None:
    with patch("apps.jobs.api.selectors.jobs_of", side_effect=RuntimeError("broken")):
        assert numbers(alice.get(RENDERS))[:2] == (6, 5)
    with patch("apps.jobs.api.selectors.jobs_of", side_effect=OperationalError("gone")):
        response = alice.get(RENDERS)
    assert response.status_code == 503
    assert numbers(response)[:2] == (6, 4)


@pytest.mark.parametrize("path", [RENDERS, "/v1/nowhere", "/v1/renders%00"])
def test_callers_without_a_key_are_counted_by_address(path: str, anonymous: APIClient, elsewhere: Any) -> None:
    here: dict[str, Any] = next(elsewhere)
    for remaining in (4, 3, 2, 1, 0):
        response = anonymous.get(path, **here)
        assert response.status_code in (401, 404)
        assert numbers(response)[:2] == (5, remaining)
    assert_refused(anonymous.get(path, **here), 5)
    assert anonymous.get(path, REMOTE_ADDR="198.51.100.7").status_code in (401, 404)


@pytest.mark.parametrize(
    "path",
    ["/v1/capabilities", "/openapi.json", "/v1/system/health", "/v1/system/ready", "/healthz", "/readyz", "/nowhere"],
)
def test_documents_and_probes_have_the_headers_and_no_limit(path: str, anonymous: APIClient, elsewhere: Any) -> None:
    here = next(elsewhere)
    for _ in range(8):
        response = anonymous.get(path, **here)
        assert response.status_code in (200, 404)
        assert numbers(response) == (5, 5, 60)


def test_an_unchanged_document_has_the_headers_too(anonymous: APIClient, elsewhere: Any) -> None:
    here = next(elsewhere)
    tag = anonymous.get("/v1/capabilities", **here)["ETag"]
    response = anonymous.get("/v1/capabilities", HTTP_IF_NONE_MATCH=tag, **here)
    assert response.status_code == 304
    assert numbers(response) == (5, 5, 60)


@pytest.mark.parametrize("path", ["/v1/signup", "/v1/signup/verify", "/v1/signup/resend", "/v1/auth/sync"])
def test_signing_up_has_a_stricter_limit(path: str, anonymous: APIClient, elsewhere: Any) -> None:
    here = next(elsewhere)
    for remaining in (1, 0):
        assert numbers(anonymous.post(path, {}, format="json", **here))[:2] == (2, remaining)
    assert_refused(anonymous.post(path, {}, format="json", **here), 2)
    assert_refused(anonymous.post("/v1/signup", {}, format="json", **here), 2)
    assert anonymous.get("/v1/nowhere", **here).status_code == 404


def test_guessing_keys_is_bounded(alice: Person, elsewhere: Any) -> None:
    here, guesser = next(elsewhere), client_with(WRONG_KEY)
    for remaining in (2, 1, 0):
        response = guesser.get(RENDERS, **here)
        assert response.status_code == 401
        assert numbers(response)[:2] == (3, remaining)
    assert_refused(guesser.get(RENDERS, **here), 3)


def test_a_key_that_works_does_so_beside_a_guesser(alice: Person, elsewhere: Any) -> None:
    """An office with one forgotten old key in it shares its address."""
    here, guesser = next(elsewhere), client_with(WRONG_KEY)
    for _ in range(5):
        guesser.get(RENDERS, **here)
        assert alice.get(RENDERS, **here).status_code == 200


def test_a_key_on_an_unknown_path_is_counted_by_address(alice: Person, elsewhere: Any) -> None:
    here = next(elsewhere)
    for _ in range(5):
        assert alice.get("/v1/nowhere", **here).status_code == 404
    assert_refused(alice.get("/v1/nowhere", **here), 5)


def test_limits_fail_open(alice: Person, anonymous: APIClient, monkeypatch: pytest.MonkeyPatch) -> None:
    class Away:
        def hit(self, subject: str, limit: Limit) -> Verdict:
            raise LimiterUnavailable("gone")

    away = Guard(Away())
    monkeypatch.setattr(throttling, "guard", lambda: away)
    for _ in range(10):
        assert numbers(alice.get(RENDERS)) == (6, 6, 60)
        assert numbers(anonymous.get("/v1/nowhere")) == (5, 5, 60)


def test_a_payment_provider_is_not_counted(anonymous: APIClient, elsewhere: Any) -> None:
    here = next(elsewhere)
    for _ in range(8):
        response = anonymous.post("/v1/billing/stripe-webhook", {}, format="json", **here)
        assert response.status_code in (400, 501)
        assert numbers(response) == (5, 5, 60)


@pytest.mark.parametrize("path", ["/uploads/not-a-token", "/media/x", "/static/nowhere"])
def test_bytes_are_not_counted(path: str, anonymous: APIClient) -> None:
    for _ in range(8):
        response = anonymous.get(path)
        assert response.status_code in (403, 404)
        assert HEADERS[0] not in response


def test_redis_counts_where_there_is_one(settings: Any) -> None:
    assert isinstance(throttling._guard("redis://127.0.0.1:1/0")._limiter, RedisLimiter)
    assert isinstance(throttling._guard("")._limiter, DatabaseLimiter)


def test_capabilities_tell_the_limits_in_force() -> None:
    in_force = {"free": 4, "pro": 6, "enterprise": 6000}
    document = capabilities()
    assert document["rate_limits"] == document["limits"]["rate_limits_per_minute"] == in_force


def test_passwords_of_the_staff_cannot_be_tried_without_end(client: Client, elsewhere: Any) -> None:
    User.objects.create_superuser("root", password="right")
    here: dict[str, Any] = next(elsewhere)
    for _ in range(2):
        assert client.post("/admin/login/", {"username": "root", "password": "wrong"}, **here).status_code == 200
    assert_refused(client.post("/admin/login/", {"username": "root", "password": "right"}, **here), 2)
    assert client.get("/admin/login/", **here).status_code == 200
