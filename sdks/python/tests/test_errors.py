"""Every error of the API has a class, and the platform's real ones arrive as it."""

from __future__ import annotations

import json
import pickle
import secrets
from pathlib import Path
from typing import Any

import pytest

from framelane import (
    ApiError,
    Framelane,
    FramelaneError,
    MissingApiKey,
    QuotaExceeded,
    RateLimited,
    UnexpectedAnswer,
    ValidationFailed,
    errors,
)
from live import Clients, Faults, still

DOCUMENT = json.loads((Path(__file__).resolve().parents[2] / "openapi.json").read_text("utf-8"))
CODES = DOCUMENT["components"]["schemas"]["ApiErrorCode"]["enum"]


def test_every_code_of_the_document_has_a_class() -> None:
    assert set(errors.BY_CODE) == set(CODES)
    assert len(set(errors.BY_CODE.values())) == len(CODES)


@pytest.mark.parametrize("code", CODES)
def test_an_error_is_raised_as_the_class_of_its_code(clients: Clients, faults: Faults, code: str) -> None:
    body = {"error": {"code": code, "message": "That does not work.", "details": {"why": "a test"}}}
    faults.answer("GET", "^/v1/workspace$", 418, body, X_Request_Id="req_1")
    with pytest.raises(errors.BY_CODE[code]) as caught:
        clients(max_retries=0).workspace.get()
    error = caught.value
    assert type(error) is errors.BY_CODE[code]
    assert isinstance(error, (ApiError, FramelaneError))
    told = (error.status, error.code, error.message, error.details, error.request_id)
    assert told == (418, code, "That does not work.", {"why": "a test"}, "req_1")
    assert str(error) == f"That does not work. [418 {code}, request req_1]"
    copied = pickle.loads(pickle.dumps(error))
    assert (type(copied), str(copied), copied.details) == (type(error), str(error), error.details)


def test_a_code_that_is_not_known_yet_is_raised_all_the_same(client: Any, faults: Faults) -> None:
    body = {"error": {"code": "too_beautiful", "message": "No.", "details": None, "hint": "Try again."}}
    faults.answer("GET", "^/v1/workspace$", 422, body)
    with pytest.raises(ApiError) as caught:
        client.workspace.get()
    assert type(caught.value) is ApiError
    assert (caught.value.code, caught.value.details) == ("too_beautiful", {})


@pytest.mark.parametrize(
    ("status", "kind"),
    [(400, errors.InvalidRequest), (404, errors.NotFound), (413, errors.PayloadTooLarge), (502, errors.Unavailable),
     (418, ApiError)],
)  # fmt: skip
def test_what_stands_before_the_api_may_answer_in_html(
    clients: Clients, faults: Faults, status: int, kind: type[ApiError]
) -> None:
    faults.answer("GET", "^/v1/workspace$", status, "<h1>Bad\n gateway</h1>")
    with pytest.raises(kind, match="<h1>Bad gateway</h1>") as caught:
        clients(max_retries=0).workspace.get()
    assert type(caught.value) is kind


def test_what_is_no_api_is_told_so(client: Any, faults: Faults) -> None:
    faults.answer("GET", "^/v1/workspace$", 200, "<html>Welcome</html>")
    with pytest.raises(UnexpectedAnswer, match="not what the API promises"):
        client.workspace.get()
    faults.answer("GET", "^/v1/workspace$", 301, "", Location="https://example.com/login")
    with pytest.raises(UnexpectedAnswer, match="is it the address of the API"):
        client.workspace.get()


def test_wrong_fields_are_named(client: Any) -> None:
    with pytest.raises(ValidationFailed, match="frame_rate") as caught:
        client.renders.create(still(frame_rate=1000, output_format="mp5"))
    found = {field["path"]: field for field in caught.value.fields}
    assert found.keys() == {"/frame_rate", "/output_format"}
    assert "240" in found["/frame_rate"]["message"]
    assert caught.value.request_id is not None


def test_real_refusals_arrive_as_their_class(client: Any, clients: Clients, clip_url: str) -> None:
    with pytest.raises(errors.NotFound):
        client.renders.get("render_01J8QR2K5VKDGN2T4FBM3CZYX7")
    with pytest.raises(errors.Unauthorized):
        clients(api_key="fl_live_nobody").workspace.get()
    with pytest.raises(errors.UnsupportedFeature):
        client.renders.create({"elements": [{"type": "composition", "duration": 1}]})
    name = secrets.token_hex(8)
    client.renders.create(still(), idempotency_key=name)
    with pytest.raises(errors.IdempotencyConflict):
        client.renders.create(still("Other"), idempotency_key=name)
    with pytest.raises(errors.NotConfigured):
        client.billing.checkout()
    reader = client.api_keys.create(name="reader", scopes=["renders:read"])
    with pytest.raises(errors.Forbidden):
        clients(api_key=reader.key).renders.create(still())
    client.api_keys.revoke(reader)
    with pytest.raises(errors.Unauthorized):
        clients(api_key=reader.key).renders.get("render_1")


def test_a_free_plan_has_limits(newcomer: Any, clients: Clients) -> None:
    with pytest.raises(errors.PlanLimit):
        newcomer.renders.create(still(width=3840, height=2160))
    with pytest.raises(QuotaExceeded):
        newcomer.renders.create(still(duration=86_000, output_format="mp4"))


def test_an_address_must_be_verified(clients: Clients) -> None:
    made = clients(api_key=None).signup.create(workspace_name="Unproven", email=f"{secrets.token_hex(6)}@example.com")
    with pytest.raises(errors.EmailNotVerified):
        clients(api_key=made.api_key.key).renders.create(still())


def test_a_rate_limit_says_when_to_try_again(clients: Clients, faults: Faults) -> None:
    faults.answer("GET", "^/v1/workspace$", 429, Retry_After="12")
    with pytest.raises(RateLimited) as caught:
        clients(max_retries=0).workspace.get()
    assert caught.value.retry_after_s == 12


def test_without_a_key_only_public_calls_are_made(
    clients: Clients, faults: Faults, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("FRAMELANE_API_KEY")
    anybody = clients()
    with pytest.raises(MissingApiKey, match="FRAMELANE_API_KEY"):
        anybody.workspace.get()
    assert faults.seen("GET", "^/v1/workspace$") == []
    assert len(anybody.billing.plans()) >= 3


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ({"base_url": "localhost:8000"}, "must begin with http"),
        ({"api_key": "fl_live_a\n"}, "is it copied whole"),
        ({"timeout_s": 0}, "must be more than 0"),
        ({"max_retries": -1}, "must be 0 or more"),
    ],
)
def test_settings_that_cannot_be_are_refused(options: Any, told: str) -> None:
    with pytest.raises(ValueError, match=told):
        Framelane(**options)


@pytest.mark.parametrize("id", ["", " ", ".", "..", None])
def test_an_empty_id_is_refused(client: Any, id: Any) -> None:
    with pytest.raises((ValueError, AttributeError)):
        client.renders.get(id)


def test_an_id_cannot_lead_elsewhere(client: Any, faults: Faults) -> None:
    with pytest.raises(errors.NotFound):
        client.renders.get("../workspace?x=")
    assert [each["path"] for each in faults.seen("GET", "")] == ["/v1/renders/..%2Fworkspace%3Fx%3D"]


def test_a_key_is_shown_nowhere(clients: Clients) -> None:
    made = Framelane(api_key="fl_live_secret", base_url="http://localhost:1")
    assert "secret" not in repr(made)
    assert "secret" not in repr(made.renders._settings)
