"""What can be refused without asking anybody, and what cannot."""

import socket
from typing import NoReturn

import pytest

from framelane.lib.net import Refused, refuse_early


@pytest.fixture(autouse=True)
def offline(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is looked up."""

    def refuse(*_: object) -> NoReturn:
        raise AssertionError("a name was looked up")

    monkeypatch.setattr(socket, "getaddrinfo", refuse)


@pytest.mark.parametrize(
    "url",
    [
        "https://example.com",
        "http://example.com:80/hook?a=b",
        "https://example.com:443/",
        "https://8.8.8.8/hook",
        "https://[2606:4700::1111]/hook",
        "https://bücher.example/",
        "https://localhost.example.com/",
        "https://10.0.0.1.example.com/",
    ],
)
def test_what_may_be_public_passes(url: str) -> None:
    refuse_early(url)


@pytest.mark.parametrize(
    "url",
    [
        "",
        "hook",
        "/hook",
        "ftp://example.com/",
        "https://",
        "https://user@example.com/",
        "https://example.com:8080/",
        "https://example.com:0/",
        "https://localhost/",
        "https://LOCALHOST./",
        "https://db.internal/",
        "https://printer.local/",
        "https://a.localhost/",
        "http://127.0.0.1/",
        "http://127.1/",
        "http://2130706433/",
        "http://0x7f.1/",
        "http://0177.0.0.1/",
        "http://0.0.0.0/",
        "http://10.1.2.3/",
        "http://169.254.169.254/latest/meta-data/",
        "http://100.64.0.1/",
        "http://[::1]/",
        "http://[::ffff:10.0.0.1]/",
        "http://[64:ff9b::a00:1]/",
        "http://[fe80::1]/",
        "https://exam\nple.com/",
    ],
)
def test_what_can_never_be_reached_is_refused(url: str) -> None:
    with pytest.raises(Refused):
        refuse_early(url)


def test_allowed_networks_pass_on_any_port() -> None:
    refuse_early("http://127.0.0.1:9000/hook", allow=["127.0.0.0/8"])
    with pytest.raises(Refused):
        refuse_early("http://10.0.0.1:9000/hook", allow=["127.0.0.0/8"])


def test_with_an_allowed_network_a_name_may_stand_for_an_address_in_it() -> None:
    refuse_early("http://localhost:9000/hook", allow=["127.0.0.0/8"])
    refuse_early("http://receiver.internal:9000/hook", allow=["10.0.0.0/8"])
