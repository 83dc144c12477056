"""What can be told about an address without asking anybody: nothing is looked up and nothing is opened.

This only spares a customer the wait for an error that is certain; what protects is the check at the socket.
"""

import socket
from collections.abc import Sequence
from ipaddress import IPv4Address, IPv6Address, ip_address

from framelane.lib.net.addresses import Address, Network, is_in, is_public, parse_networks
from framelane.lib.net.client import parse_url
from framelane.lib.net.errors import Refused
from framelane.lib.net.guard import PORTS

_LOCAL_SUFFIXES = ("localhost", "local", "internal")


def refuse_early(url: str, *, allow: Sequence[str | Network] = ()) -> None:
    """Raises Refused for a URL that could never be reached: no plain http or https address, private, or its port.

    `allow` are networks that may be reached besides the public Internet. Names are not looked up: with any network
    allowed, a name may stand for an address in it.
    """
    target = parse_url(url)
    host, port, networks = target.host, target.port, parse_networks(allow)
    address = _literal(host)
    if address is not None and is_in(address, networks):
        return
    if address is not None and not is_public(address):
        raise Refused(f"The host {host!r} does not lie on the public Internet.")
    if address is None and networks:
        return
    if address is None and host.rstrip(".").rpartition(".")[2].lower() in _LOCAL_SUFFIXES:
        raise Refused(f"The host {host!r} does not lie on the public Internet.")
    if port is not None and port not in PORTS:
        raise Refused(f"Port {port} may not be used; 80 and 443 may.")


def _literal(host: str) -> Address | None:
    """The address that a host spells, in any spelling that a resolver reads as one: `127.1`, `0x7f000001`."""
    try:
        parsed: IPv4Address | IPv6Address = ip_address(host.strip("[]").partition("%")[0])
    except ValueError:
        pass
    else:
        return parsed
    try:
        return IPv4Address(socket.inet_aton(host)) if host[:1].isdigit() else None
    except OSError:
        return None
