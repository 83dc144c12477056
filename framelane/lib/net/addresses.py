"""Which addresses may be reached for a stranger's URL: those that anybody on the Internet could reach as well.

The table is our own because the standard library's predicates answer other questions: `is_private` lets shared (CGNAT)
and multicast space pass, `is_global` lets tunnels pass whose far end is a private address. Sources: the IANA registries
of special-purpose IPv4 and IPv6 addresses, and the metadata services of the large clouds.
"""

import ipaddress
from collections.abc import Iterable, Iterator
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

REFUSED_V4 = tuple(
    map(
        IPv4Network,
        (
            "0.0.0.0/8",  # this host on this network
            "10.0.0.0/8",  # private
            "100.64.0.0/10",  # shared by carriers (CGNAT); 100.100.100.200 is a metadata service
            "127.0.0.0/8",  # loopback
            "168.63.129.16/32",  # a cloud's internal services, on a public-looking address
            "169.254.0.0/16",  # link-local; 169.254.169.254 is the usual metadata service
            "172.16.0.0/12",  # private
            "192.0.0.0/24",  # protocol assignments; 192.0.0.192 is a metadata service
            "192.0.2.0/24",  # documentation
            "192.31.196.0/24",  # AS112 name servers
            "192.52.193.0/24",  # automatic multicast tunnelling
            "192.88.99.0/24",  # 6to4 relays
            "192.168.0.0/16",  # private
            "192.175.48.0/24",  # AS112 name servers
            "198.18.0.0/15",  # benchmarks
            "198.51.100.0/24",  # documentation
            "203.0.113.0/24",  # documentation
            "224.0.0.0/4",  # multicast
            "240.0.0.0/4",  # reserved, and the broadcast address
        ),
    )
)

GLOBAL_V6 = IPv6Network("2000::/3")
"""The only part of IPv6 that is given out to the public; loopback, local and multicast addresses lie outside."""

REFUSED_V6 = tuple(
    map(
        IPv6Network,
        (
            "2001::/23",  # protocol assignments: Teredo, benchmarks, ORCHID
            "2001:db8::/32",  # documentation
            "2002::/16",  # 6to4: reaches the IPv4 address inside it through somebody's relay
            "2620:4f:8000::/48",  # AS112 name servers
            "3ffe::/16",  # the former 6bone
            "3fff::/20",  # documentation
        ),
    )
)

_NAT64 = IPv6Network("64:ff9b::/96")
_MAPPED = IPv6Network("::ffff:0:0/96")
_TEREDO = IPv6Network("2001::/32")
_ISATAP_MARKS = (0x00005EFE, 0x02005EFE)


def parse_networks(texts: Iterable[str | Network]) -> tuple[Network, ...]:
    """Networks from CIDR texts; blank ones are left out. Raises ValueError that names the text."""
    networks: list[Network] = []
    for text in texts:
        try:
            networks += [ipaddress.ip_network(str(text).strip())] if str(text).strip() else []
        except ValueError as error:
            raise ValueError(f"{text!r} is not a network like 10.0.0.0/8: {error}") from None
    return tuple(networks)


def is_public(address: Address) -> bool:
    """Whether the address, and every IPv4 address embedded in it, belongs to the public Internet."""
    if isinstance(address, IPv4Address):
        return not any(address in network for network in REFUSED_V4)
    if not all(map(is_public, _embedded(address))):
        return False
    if address in _NAT64 or address in _MAPPED:
        return True
    return address in GLOBAL_V6 and not any(address in network for network in REFUSED_V6)


def is_in(address: Address, networks: Iterable[Network]) -> bool:
    """Whether the address lies in one of the networks. One that merely spells an IPv4 address counts as that."""
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    plain = mapped or address
    return any(plain.version == network.version and plain in network for network in networks)


def _embedded(address: IPv6Address) -> Iterator[IPv4Address]:
    """IPv4 addresses that packets to this address may end up at."""
    low = IPv4Address(int(address) & 0xFFFFFFFF)
    is_isatap = (int(address) >> 32) & 0xFFFFFFFF in _ISATAP_MARKS
    if address in _MAPPED or address in _NAT64 or is_isatap:
        yield low
    if address.sixtofour is not None:
        yield address.sixtofour
    if address in _TEREDO and address.teredo is not None:
        yield from address.teredo
