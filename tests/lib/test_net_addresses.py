"""The table of addresses: every special range by its edges, and every way to hide one address in another."""

from ipaddress import IPv4Address, IPv4Network, IPv6Address, ip_address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from framelane.lib.net.addresses import REFUSED_V4, REFUSED_V6, Address, is_in, is_public, parse_networks

REFUSED = [
    # IPv4: first and last of each special range
    *("0.0.0.0", "0.255.255.255"),
    *("10.0.0.0", "10.255.255.255"),
    *("100.64.0.0", "100.127.255.255", "100.100.100.200"),
    *("127.0.0.0", "127.0.0.1", "127.255.255.255"),
    "168.63.129.16",
    *("169.254.0.0", "169.254.169.254", "169.254.170.2", "169.254.255.255"),
    *("172.16.0.0", "172.31.255.255"),
    *("192.0.0.0", "192.0.0.192", "192.0.0.255"),
    *("192.0.2.0", "192.0.2.255"),
    *("192.88.99.0", "192.88.99.255"),
    *("192.168.0.0", "192.168.255.255"),
    *("198.18.0.0", "198.19.255.255"),
    *("198.51.100.0", "198.51.100.255"),
    *("203.0.113.0", "203.0.113.255"),
    *("224.0.0.0", "224.0.0.251", "239.255.255.255"),
    *("240.0.0.0", "255.255.255.254", "255.255.255.255"),
    # IPv6: nothing outside of 2000::/3
    *("::", "::1", "::2", "100::", "100::1", "1fff:ffff::", "4000::", "5f00::1", "8000::"),
    *("fc00::", "fd00::1", "fd00:ec2::254", "fdff:ffff::"),
    *("fe80::", "fe80::1", "febf::1", "fec0::1"),
    *("ff00::", "ff02::1", "ff05::2", "ffff::"),
    # IPv6: special ranges inside of it
    *("2001::", "2001:2::1", "2001:10::1", "2001:20::1", "2001:1ff:ffff::"),
    *("2001:db8::", "2001:db8:ffff::1"),
    *("2002::", "2002:ffff::", "2002:808:808::1"),
    *("3ffe::1", "3fff::1", "3fff:fff:ffff::"),
    # an IPv4 address inside an IPv6 one
    *("::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:169.254.169.254", "::ffff:0:0"),
    *("::127.0.0.1", "::8.8.8.8", "::ffff:0:127.0.0.1"),
    *("64:ff9b::127.0.0.1", "64:ff9b::10.0.0.1", "64:ff9b::a9fe:a9fe", "64:ff9b:1::8.8.8.8", "64:ff9b::1:0:0"),
    *("2002:7f00:1::", "2002:a00:1::1", "2002:a9fe:a9fe::"),
    *("2001:0:7f00:1::1", "2001:0:4136:e378:8000:63bf:80ff:fffe"),
    *("2606:4700::5efe:10.0.0.1", "2606:4700::200:5efe:127.0.0.1"),
]

PUBLIC = [
    *("1.0.0.0", "1.1.1.1", "8.8.8.8", "9.255.255.255", "11.0.0.0"),
    *("100.63.255.255", "100.128.0.0", "126.255.255.255", "128.0.0.0"),
    *("168.63.129.15", "168.63.129.17", "169.253.255.255", "169.255.0.0"),
    *("172.15.255.255", "172.32.0.0", "191.255.255.255", "192.0.1.0", "192.0.3.0"),
    *("192.167.255.255", "192.169.0.0", "198.17.255.255", "198.20.0.0"),
    *("198.51.99.255", "198.51.101.0", "203.0.112.255", "203.0.114.0", "223.255.255.255"),
    *("2000::1", "2001:200::1", "2001:4860:4860::8888", "2001:db7::1", "2001:db9::1"),
    *("2003::1", "2606:4700:4700::1111", "2a00:1450:4001::1", "3ffd::1", "3fff:1000::"),
    *("::ffff:8.8.8.8", "64:ff9b::8.8.8.8", "2606:4700::5efe:8.8.8.8"),
]


@pytest.mark.parametrize("text", REFUSED)
def test_special_addresses_are_not_public(text: str) -> None:
    assert not is_public(ip_address(text))


@pytest.mark.parametrize("text", PUBLIC)
def test_their_neighbours_are(text: str) -> None:
    assert is_public(ip_address(text))


@given(st.sampled_from(REFUSED_V4), st.integers(0, 2**32 - 1))
def test_no_spelling_of_a_special_ipv4_address_is_public(network: IPv4Network, offset: int) -> None:
    plain = int(network.network_address) + offset % network.num_addresses
    spellings: list[Address] = [
        IPv4Address(plain),
        IPv6Address(0xFFFF << 32 | plain),
        IPv6Address(plain),
        IPv6Address(0x0064FF9B << 96 | plain),
        IPv6Address(0x2002 << 112 | plain << 80),
        IPv6Address(0x20010000 << 96 | plain << 64),
        IPv6Address(0x20010000 << 96 | (plain ^ 0xFFFFFFFF)),
    ]
    assert [str(spelling) for spelling in spellings if is_public(spelling)] == []


@given(st.integers(0, 2**128 - 1))
def test_public_ipv6_is_global_unicast_or_a_public_ipv4(number: int) -> None:
    address = IPv6Address(number)
    inside = number >> 125 == 1 and not any(address in network for network in REFUSED_V6)
    assert is_public(address) <= (inside or address.ipv4_mapped is not None or number >> 32 == 0x0064FF9B << 64)


def test_allowed_networks_are_recognised_in_every_spelling() -> None:
    allowed = parse_networks(["127.0.0.0/8", "", " fd00::/8 "])
    for text in ("127.0.0.1", "::ffff:127.0.0.1", "fd00::1"):
        assert is_in(ip_address(text), allowed)
    for text in ("10.0.0.1", "::1", "fe80::1", "::ffff:10.0.0.1", "64:ff9b::127.0.0.1"):
        assert not is_in(ip_address(text), allowed)


@pytest.mark.parametrize("text", ["10.0.0.1/8", "example.com", "10.0.0.0/33", "*"])
def test_what_is_no_network_is_named(text: str) -> None:
    with pytest.raises(ValueError, match=r"10\.0\.0\.0/8"):
        parse_networks([text])
