"""The text of API keys."""

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.api_keys import keys


def test_generated_key_has_the_published_shape() -> None:
    key = keys.generate()
    assert key.startswith("fl_live_")
    assert len(key) == len("fl_live_") + 30 + 6
    assert set(key.removeprefix("fl_live_")) <= set(string.ascii_letters + string.digits)
    assert keys.is_well_formed(key)


def test_keys_differ() -> None:
    assert len({keys.generate() for _ in range(200)}) == 200


def test_checksum_is_the_crc32_of_the_key_before_it() -> None:
    # zlib.crc32(b"fl_live_" + 30 * b"A") == 2061975525, which is 2FXq1l in base 62.
    assert keys.checksum("fl_live_" + 30 * "A") == "2FXq1l"


@given(st.integers(8, 43), st.sampled_from(string.ascii_letters + string.digits))
def test_any_changed_character_is_noticed(place: int, other: str) -> None:
    key = keys.generate()
    changed = key[:place] + other + key[place + 1 :]
    assert keys.is_well_formed(changed) == (changed == key)


@pytest.mark.parametrize("text", ["", "fl_live_", "fl_live_" + 36 * "é", "sk_live_" + 36 * "A", "x" * 100_000])
def test_other_text_is_no_key(text: str) -> None:
    assert not keys.is_well_formed(text)


def test_digest_is_sha256_in_hexadecimal() -> None:
    assert keys.digest("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"


def test_prefix_shows_twelve_characters() -> None:
    assert keys.shown_prefix("fl_live_kT9uQwZZZ") == "fl_live_kT9u"
