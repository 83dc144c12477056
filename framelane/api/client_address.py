"""Who is calling, as far as the network tells."""

from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address

from django.conf import settings
from django.http import HttpRequest

UNKNOWN = "unknown"
_IPV6_SITE_BITS = 64


def client_address(request: HttpRequest) -> IPv4Address | IPv6Address | None:
    """The address that the outermost trusted proxy was called from; None when there is none that can be read.

    Each proxy appends to `X-Forwarded-For` whom it was called by, so with n trusted proxies the n-th entry from the
    right is the last that a client cannot choose. Without proxies the header says nothing.
    """
    return _address(_told(request, settings.FRAMELANE_TRUSTED_PROXIES)) or _address(_peer(request))


def client_site(request: HttpRequest) -> str:
    """What counts as one client: an IPv4 address, or the /64 that one IPv6 customer has at the least (RFC 6177)."""
    address = client_address(request)
    if isinstance(address, IPv6Address):
        return str(IPv6Network((address, _IPV6_SITE_BITS), strict=False))
    return UNKNOWN if address is None else str(address)


def _peer(request: HttpRequest) -> str:
    return str(request.META.get("REMOTE_ADDR", ""))


def _told(request: HttpRequest, proxies: int) -> str:
    if proxies <= 0:
        return ""
    entries = request.headers.get("X-Forwarded-For", "").rsplit(",", proxies)
    return entries[-proxies:][0]


def _address(text: str) -> IPv4Address | IPv6Address | None:
    """Reads `192.0.2.1`, `192.0.2.1:1234`, `2001:db8::1` and `[2001:db8::1]:1234`."""
    host = text.strip()
    if host.startswith("["):
        host = host[1:].partition("]")[0]
    elif host.count(":") == 1:
        host = host.partition(":")[0]
    try:
        address = ip_address(host.partition("%")[0])
    except ValueError:
        return None
    return (address.ipv4_mapped if isinstance(address, IPv6Address) else None) or address
