"""What may be sent, and what comes of the rest."""

from typing import Any

import pytest

from apps.signup.addresses import MAX_LENGTH, comparable, normalised
from apps.signup.models import Allowance, Signup
from apps.workspaces.models import Workspace
from tests.contract.test_envelope import assert_envelope
from tests.mails import mails_to
from tests.people import client_with
from tests.signup.conftest import sign_up

PATHS = ("/v1/signup", "/v1/signup/verify", "/v1/signup/resend")


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("ada@example.org", "ada@example.org"),
        ("  Ada@Example.ORG\t", "Ada@example.org"),
        ("ada+films@example.org", "ada+films@example.org"),
        ("ada@bücher.example", "ada@xn--bcher-kva.example"),
        ("ada@BÜCHER.example", "ada@xn--bcher-kva.example"),
        ("ada@bu\u0308cher.example", "ada@xn--bcher-kva.example"),
        ("ada@ｅｘａｍｐｌｅ。org", "ada@example.org"),
        ("ada@mail.映画.example", "ada@mail.xn--liv394a.example"),
        ("o'neil@example.org", "o'neil@example.org"),
    ],
)
def test_addresses_have_one_form(written: str, expected: str) -> None:
    assert normalised(written) == expected
    assert normalised(expected) == expected
    assert comparable(normalised(written)) == expected.lower()


def test_look_alikes_stay_apart() -> None:
    """A Cyrillic а in the domain is another domain, and is shown as one."""
    assert normalised("ada@\u0430pple.example").startswith("ada@xn--")


@pytest.mark.parametrize(
    "written",
    [
        "",
        "   ",
        "ada",
        "@example.org",
        "ada@",
        "ada@example",
        "ada@example.org.",
        "ada@.example.org",
        "ada@exa mple.org",
        "ada @example.org",
        "ada@@example.org",
        "ada@-example.org",
        "ada@example..org",
        "ada@[127.0.0.1]",
        "ada@127.0.0.1",
        '"ada lovelace"@example.org',
        '"a\\\r\nBcc: b"@example.org',
        "ada@example.org\r\nBcc: bob@example.org",
        "ada@example.org\nBcc: bob",
        "ada\x00@example.org",
        "ada\x7f@example.org",
        "ada@exam\u200bple.org\u202e",
        "\u0430da@example.org",
        "ada＠example.org",
        "Ada <ada@example.org>",
        "ada@example.org, bob@example.org",
        "ada@example.org;bob@example.org",
        ".ada@example.org",
        "a..b@example.org",
        "a" * 65 + "@example.org",
        "a@" + "b" * 64 + ".org",
        "a@" + ".".join(["b" * 60] * 5) + ".org",
        "a@" + "xn--" * 20 + ".org",
        "a@xn--\u00fc.org",
        "ada%0abcc@exa\\mple.org",
    ],
)
def test_what_is_no_address_is_refused(written: str) -> None:
    with pytest.raises(ValueError, match=r"address|domain|part"):
        normalised(written)


def test_long_addresses_fit_their_column() -> None:
    assert len(normalised("a" * 64 + "@" + "b" * 60 + "." + "c" * 60 + "." + "d" * 60 + ".org")) <= MAX_LENGTH


def refused(field: str, value: Any, path: str = "/v1/signup") -> dict[str, Any]:
    body = {"workspace_name": "Ada's films", "email": "ada@example.org", "otp_code": "123456", field: value}
    response = client_with(None).post(path, body, format="json")
    error = assert_envelope(response, 422, "validation_error")
    assert [problem["path"] for problem in error["details"]["fields"]] == [f"/{field}"]
    return error


@pytest.fixture
def nothing_made(db: None) -> Any:
    yield
    assert not Workspace.objects.exists()
    assert not Signup.objects.exists()
    assert not Allowance.objects.exists()


@pytest.mark.usefixtures("nothing_made")
@pytest.mark.parametrize(
    "name",
    [
        "",
        "   ",
        "x" * 256,
        "a\nb",
        "a\tb",
        "a\r\nBcc: x",
        "a\x1bb",
        "a\u202eb",
        "a\u200bb",
        None,
        7,
        True,
        [],
        ["a"],
        {},
    ],
)
def test_names_are_printable_and_bounded(name: Any) -> None:
    refused("workspace_name", name)


@pytest.mark.usefixtures("nothing_made")
@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("email", ["ada", None, 7, [], ["ada@example.org"], {"a": 1}, "a" * 5000, "ada@e.org\nBcc: x"])
def test_addresses_are_checked_everywhere(path: str, email: Any) -> None:
    refused("email", email, path)


@pytest.mark.usefixtures("nothing_made")
@pytest.mark.parametrize(
    "code",
    ["", "12345", "1234567", "12345a", "١٢٣٤٥٦", "１２３４５６", "-12345", None, 123456, [], ["123456"], "1" * 5000],
)
def test_codes_are_six_digits(code: Any) -> None:
    refused("otp_code", code, "/v1/signup/verify")


@pytest.mark.usefixtures("nothing_made")
@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 400),
        (b"{", 400),
        (b'{"email": "a\\u0000@example.org"}', 400),
        (b'{"email": "\\ud800@example.org"}', 400),
        (b"[]", 422),
        (b"null", 422),
        (b"{}", 422),
        (b'"ada@example.org"', 422),
    ],
)
def test_other_bodies_are_refused(path: str, body: bytes, status: int) -> None:
    client: Any = client_with(None)
    response = client.generic("POST", path, body, content_type="application/json")
    assert_envelope(response, status, {400: "invalid_request", 422: "validation_error"}[status])


@pytest.mark.usefixtures("nothing_made")
@pytest.mark.parametrize("path", PATHS)
def test_large_bodies_are_refused(path: str, settings: Any) -> None:
    settings.FRAMELANE_MAX_BODY_BYTES = 10_000
    body = {"workspace_name": "x" * 20_000, "email": "ada@example.org", "otp_code": "123456"}
    assert_envelope(client_with(None).post(path, body, format="json"), 413, "payload_too_large")


@pytest.mark.usefixtures("nothing_made")
@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("method", ["get", "put", "patch", "delete"])
def test_other_methods_are_refused(path: str, method: str) -> None:
    assert_envelope(getattr(client_with(None), method)(path), 405, "method_not_allowed")


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["Ådas Filme", "映画スタジオ", "<b>bold</b>", 'O\'Neil & "Co"', "x" * 255, "🎬"])
def test_names_come_back_as_they_were_sent(name: str) -> None:
    response = sign_up(name=name)
    assert response.status_code == 201
    assert response.json()["workspace"]["name"] == name


@pytest.mark.django_db
def test_what_a_stranger_calls_a_workspace_is_not_mailed() -> None:
    """Signing up must not be a way to send one's own words to anybody."""
    sign_up(name="Win money at https://evil.example")
    [message] = mails_to()
    assert "evil" not in str(message.message())


@pytest.mark.django_db
def test_an_address_beyond_ascii_receives_its_code() -> None:
    assert sign_up(email="ada@bücher.example").json()["workspace"]["email"] == "ada@xn--bcher-kva.example"
    assert len(mails_to("ada@xn--bcher-kva.example")) == 1


@pytest.mark.django_db
def test_unknown_fields_are_ignored_and_give_no_privilege() -> None:
    body = {"workspace_name": "Ada", "email": "ada@example.org", "plan": "enterprise", "verified": True, "id": "ws_1"}
    workspace = client_with(None).post("/v1/signup", body, format="json").json()["workspace"]
    assert (workspace["plan"], workspace["verified"]) == ("free", False)
    assert workspace["id"] != "ws_1"
