"""Whom a request is taken to come from, and what a client can do about it."""

from typing import Any

import pytest
from django.test import RequestFactory

from framelane.api.client_address import UNKNOWN, client_site


def site(proxies: int, settings: Any, forwarded: str | None = None, peer: str = "10.0.0.1") -> str:
    settings.FRAMELANE_TRUSTED_PROXIES = proxies
    headers = {} if forwarded is None else {"X-Forwarded-For": forwarded}
    return client_site(RequestFactory().get("/", headers=headers, REMOTE_ADDR=peer))


@pytest.mark.parametrize(
    ("proxies", "forwarded", "expected"),
    [
        (0, None, "10.0.0.1"),
        (0, "203.0.113.9", "10.0.0.1"),
        (1, "203.0.113.9", "203.0.113.9"),
        (1, "198.51.100.1, 203.0.113.9", "203.0.113.9"),
        (2, "198.51.100.1, 203.0.113.9, 10.1.1.1", "203.0.113.9"),
        (2, "203.0.113.9", "203.0.113.9"),
        (1, "203.0.113.9:4711", "203.0.113.9"),
        (1, None, "10.0.0.1"),
        (1, "", "10.0.0.1"),
        (1, "nonsense", "10.0.0.1"),
        (1, "203.0.113.9, nonsense", "10.0.0.1"),
    ],
)
def test_forwarded_addresses(proxies: int, forwarded: str | None, expected: str, settings: Any) -> None:
    assert site(proxies, settings, forwarded) == expected


def test_who_invents_addresses_stays_the_same(settings: Any) -> None:
    invented = [f"192.0.2.{number}, 203.0.113.9" for number in range(5)]
    assert {site(1, settings, forwarded) for forwarded in invented} == {"203.0.113.9"}
    assert {site(0, settings, forwarded) for forwarded in invented} == {"10.0.0.1"}


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2::ffff", "2001:db8:1:2::/64"),
        ("[2001:db8:1:3::1]:443", "2001:db8:1:3::/64"),
        ("::ffff:203.0.113.9", "203.0.113.9"),
        ("fe80::1%eth0", "fe80::/64"),
    ],
)
def test_ipv6_is_taken_by_its_network(address: str, expected: str, settings: Any) -> None:
    assert site(0, settings, peer=address) == expected
    assert site(1, settings, address) == expected


def test_without_any_address(settings: Any) -> None:
    assert site(0, settings, peer="") == UNKNOWN
