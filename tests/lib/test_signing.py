"""Only what was signed for a purpose is accepted for it, unchanged and in time."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from framelane.lib.signing import BadSignature, Expired, Signer

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
LATER = NOW + timedelta(hours=1)
SIGNER = Signer.for_purpose("upload", "a secret")


def test_token_returns_its_payload() -> None:
    assert SIGNER.read_token(SIGNER.token("asset_1 ü", LATER), NOW) == "asset_1 ü"


def test_token_is_good_for_a_url() -> None:
    token = SIGNER.token("asset_1/?&", LATER)
    assert all(character.isalnum() or character in "._-" for character in token)


@pytest.mark.parametrize("late_by_s", [0, 1, 86400])
def test_token_expires(late_by_s: int) -> None:
    with pytest.raises(Expired):
        SIGNER.read_token(SIGNER.token("asset_1", LATER), LATER + timedelta(seconds=late_by_s))


def test_token_lives_until_the_last_second() -> None:
    assert SIGNER.read_token(SIGNER.token("asset_1", LATER), LATER - timedelta(seconds=1)) == "asset_1"


@pytest.mark.parametrize("position", range(len(SIGNER.token("asset_1", LATER))))
def test_changing_any_character_breaks_a_token(position: int) -> None:
    token = SIGNER.token("asset_1", LATER)
    other = "A" if token[position] != "A" else "B"
    with pytest.raises(BadSignature):
        SIGNER.read_token(token[:position] + other + token[position + 1 :], NOW)


@given(st.text(max_size=200))
def test_arbitrary_text_is_no_token(text: str) -> None:
    with pytest.raises(BadSignature):
        SIGNER.read_token(text, NOW)


@pytest.mark.parametrize("token", ["", "..", "a.b", "a.b.c.d", "é.1.é", "a" * 100_000, "\ud800.1.x"])
def test_malformed_tokens_are_refused(token: str) -> None:
    with pytest.raises(BadSignature):
        SIGNER.read_token(token, NOW)


def test_an_extended_expiry_is_refused() -> None:
    payload, expires, signature = SIGNER.token("asset_1", NOW).split(".")
    with pytest.raises(BadSignature):
        SIGNER.read_token(f"{payload}.{int(expires) + 3600}.{signature}", NOW)


def test_purposes_do_not_accept_each_other() -> None:
    token = Signer.for_purpose("media", "a secret").token("asset_1", LATER)
    with pytest.raises(BadSignature):
        SIGNER.read_token(token, NOW)


def test_secrets_do_not_accept_each_other() -> None:
    token = Signer.for_purpose("upload", "another secret").token("asset_1", LATER)
    with pytest.raises(BadSignature):
        SIGNER.read_token(token, NOW)


def test_a_former_secret_is_accepted_but_no_longer_signs() -> None:
    renewed = Signer.for_purpose("upload", "a new secret", ["a secret"])
    assert renewed.read_token(SIGNER.token("asset_1", LATER), NOW) == "asset_1"
    with pytest.raises(BadSignature):
        SIGNER.read_token(renewed.token("asset_1", LATER), NOW)


def test_parts_cannot_be_shifted() -> None:
    signature = SIGNER.signature("ab", "c")
    SIGNER.check(signature, "ab", "c")
    for parts in [("a", "bc"), ("abc",), ("abc", ""), ("ab", "c", "")]:
        with pytest.raises(BadSignature):
            SIGNER.check(signature, *parts)


def test_an_empty_secret_is_refused() -> None:
    with pytest.raises(ValueError, match="empty"):
        Signer.for_purpose("upload", "")
