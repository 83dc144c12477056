"""Whatever address is imported, directly, by a redirect or by a name: nothing connects to what is not public."""

import socket
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from pytest_django import Settings

from apps.uploads.imports.fetching import fetch_import
from apps.uploads.models import Import
from tests.people import Person
from tests.uploads.files import mp4_like
from tests.web_site import Site

pytestmark = pytest.mark.django_db

PRIVATE = [
    *("0.0.0.0", "10.0.0.1", "100.64.0.1", "100.100.100.200", "127.0.0.1", "127.255.255.254", "168.63.129.16"),
    *("169.254.169.254", "169.254.170.2", "172.16.0.1", "172.31.255.255", "192.0.0.192", "192.0.2.1", "192.88.99.1"),
    *("192.168.0.1", "198.18.0.1", "198.51.100.1", "203.0.113.1", "224.0.0.1", "240.0.0.1", "255.255.255.255"),
    *("[::]", "[::1]", "[fc00::1]", "[fd00:ec2::254]", "[fe80::1]", "[fec0::1]", "[ff02::1]", "[100::1]"),
    *("[2001:db8::1]", "[2001::1]", "[2002:7f00:1::]", "[3ffe::1]", "[3fff::1]"),
    *("[::ffff:10.0.0.1]", "[::ffff:169.254.169.254]", "[::ffff:7f00:1]", "[::127.0.0.1]"),
    *("[64:ff9b::a9fe:a9fe]", "[64:ff9b::10.0.0.1]", "[2001:0:7f00:1::1]", "[2606:4700::5efe:10.0.0.1]"),
]
SPELLINGS = [
    *("2130706433", "0x7f000001", "017700000001", "127.1", "0x7f.1", "0177.0.0.1", "127.0.0.1."),
    *("2852039166", "0xa9fea9fe", "0251.0376.0251.0376", "0xa9.0xfe.0xa9.0xfe", "169.254.43518"),
    *("167772161", "10.1", "0"),
    *("localhost", "LOCALHOST", "localhost."),
    *("①②⑦.⓪.⓪.①", "127。0。0。1"),
]


@pytest.fixture(autouse=True)
def connected(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """Where a connection was tried; none of them gets farther than a closed door."""
    tried: list[Any] = []

    def create_connection(address: Any, *arguments: Any, **options: Any) -> Any:
        tried.append(address)
        raise ConnectionRefusedError("closed")

    monkeypatch.setattr(socket, "create_connection", create_connection)
    return tried


Names = Callable[..., list[str]]


@pytest.fixture
def names(monkeypatch: pytest.MonkeyPatch) -> Names:
    """Have the system's resolver answer a name with these addresses, one look-up after the other."""

    def set_up(host: str, *answers: list[str]) -> list[str]:
        waiting, asked = list(answers), []
        resolve = socket.getaddrinfo

        def getaddrinfo(name: Any, port: Any, *arguments: Any, **options: Any) -> Any:
            if name != host:
                return resolve(name, port, *arguments, **options)
            asked.append(name)
            found = waiting.pop(0)
            return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port)) for address in found]

        monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
        return asked

    return set_up


def imported(person: Person, url: str) -> dict[str, Any]:
    """What became of an import of `url` after one attempt; a refusal at once counts as well."""
    answer = person.post("/v1/imports", {"url": url})
    if answer.status_code == 422:
        return {"status": "failed", "error": {"code": "invalid_source"}}
    assert answer.status_code == 202, answer.content
    import_id = answer.json()["id"]
    fetch_import(import_id=import_id)
    shown: dict[str, Any] = person.get(f"/v1/imports/{import_id}").json()
    return shown


@pytest.mark.parametrize("host", PRIVATE)
@pytest.mark.parametrize("scheme", ["http", "https"])
def test_private_addresses_are_refused(alice: Person, connected: list[Any], scheme: str, host: str) -> None:
    after = imported(alice, f"{scheme}://{host}/latest/meta-data/clip.mp4")
    assert (after["status"], after["error"]["code"]) == ("failed", "invalid_source")
    assert connected == []


@pytest.mark.parametrize("host", SPELLINGS)
def test_no_spelling_helps(alice: Person, connected: list[Any], host: str) -> None:
    after = imported(alice, f"http://{host}/clip.mp4")
    assert after["status"] == "failed"
    assert after["error"]["code"] in ("invalid_source", "source_not_found")
    assert connected == []


@pytest.mark.parametrize("host", ["10.0.0.1", "169.254.169.254", "[::ffff:10.0.0.1]", "2130706433", "localhost"])
def test_copies_for_jobs_are_held_to_the_same(
    alice: Person, connected: list[Any], settings: Settings, host: str
) -> None:
    settings.FRAMELANE_INGEST_EXTERNAL = True
    answer = alice.post("/v1/tasks/super-resolution", {"source_url": f"http://{host}/clip.mp4"})
    if answer.status_code == 202:
        row = Import.objects.get()
        fetch_import(import_id=row.id)
        row.refresh_from_db()
        assert (row.status, row.error["code"]) == ("failed", "invalid_source")
    else:
        assert answer.status_code == 422
    assert connected == []


def test_a_name_of_a_private_address_is_refused(alice: Person, connected: list[Any], names: Names) -> None:
    asked = names("films.example", ["10.0.0.1"])
    assert imported(alice, "http://films.example/clip.mp4")["error"]["code"] == "invalid_source"
    assert (asked, connected) == (["films.example"], [])


def test_one_private_address_among_public_ones_is_enough(alice: Person, connected: list[Any], names: Names) -> None:
    names("films.example", ["8.8.8.8", "169.254.169.254"])
    assert imported(alice, "http://films.example/clip.mp4")["error"]["code"] == "invalid_source"
    assert connected == []


def test_a_name_that_is_bound_anew_is_not_looked_up_again(alice: Person, connected: list[Any], names: Names) -> None:
    """The connection goes to the address that was checked, whatever the name means a moment later."""
    asked = names("films.example", ["93.184.216.34"], ["127.0.0.1"])
    imported(alice, "http://films.example/clip.mp4")
    assert asked == ["films.example"]
    assert connected == [("93.184.216.34", 80)]


@pytest.mark.parametrize("port", [22, 25, 6379, 8080])
def test_other_ports_of_public_hosts_are_refused(alice: Person, connected: list[Any], port: int) -> None:
    assert imported(alice, f"http://93.184.216.34:{port}/clip.mp4")["error"]["code"] == "invalid_source"
    assert connected == []


class TestBehindAPublicSite:
    """The site stands for one that anybody may reach; only what it leads to is out of bounds."""

    @pytest.fixture(autouse=True)
    def open_to_the_site(
        self, connected: list[Any], site: Site, settings: Settings, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        settings.FRAMELANE_NET_ALLOW = ["127.0.0.1/32"]
        port = int(site.url.rpartition(":")[2])

        def create_connection(address: Any, *arguments: Any, **options: Any) -> Any:
            connected.append(address)
            connection = socket.socket()
            connection.connect(("127.0.0.1", port))
            return connection

        monkeypatch.setattr(socket, "create_connection", create_connection)

    @pytest.mark.parametrize(
        "location",
        [
            "http://169.254.169.254/latest/meta-data/",
            "http://10.0.0.1/clip.mp4",
            "http://127.0.0.2/clip.mp4",
            "http://[::1]/clip.mp4",
            "//192.168.0.1/clip.mp4",
            "http://0x0a000001/clip.mp4",
            "file:///etc/passwd",
            "ftp://127.0.0.1/clip.mp4",
            "http://user:secret@127.0.0.1/clip.mp4",
        ],
    )
    def test_a_redirect_is_checked_like_the_first_address(
        self, alice: Person, site: Site, connected: list[Any], location: str
    ) -> None:
        after = imported(alice, site.redirect("/clip.mp4", location))
        assert (after["status"], after["error"]["code"]) == ("failed", "invalid_source")
        assert connected == [("127.0.0.1", int(site.url.rpartition(":")[2]))]

    def test_a_name_that_is_bound_anew_between_hops_is_refused(
        self, alice: Person, site: Site, connected: list[Any], names: Names
    ) -> None:
        names("films.example", ["127.0.0.1"], ["169.254.169.254"])
        site.redirect("/clip.mp4", "/again.mp4")
        url = f"{site.url.replace('127.0.0.1', 'films.example')}/clip.mp4"
        assert imported(alice, url)["error"]["code"] == "invalid_source"
        assert (len(connected), site.asked) == (1, ["/clip.mp4"])

    def test_a_redirect_within_bounds_is_followed(self, alice: Person, site: Site, examined: list[Path]) -> None:
        site.put("/real.mp4", mp4_like(500))
        assert imported(alice, site.redirect("/clip.mp4", "/real.mp4"))["status"] == "ready"
