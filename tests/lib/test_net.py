"""The guarded client against real servers on loopback, let in by an allow-list where the test needs that."""

import datetime
import hashlib
import socket
import ssl
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest

from framelane.lib.net import FetchFailed, NotFound, Policy, Refused, TimedOut, TooLarge, download, request, shown
from tests import loopback
from tests.loopback import Behaviour, QuietHandler

LOOPBACK = ("127.0.0.0/8",)


@contextmanager
def serving(behaviour: Behaviour, context: ssl.SSLContext | None = None) -> Iterator[int]:
    """A server on loopback that treats every request with `behaviour`; its port."""

    class Handler(QuietHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            self.close_connection = True
            behaviour(self)

        def do_POST(self) -> None:
            self.do_GET()

    server = loopback.http_server(Handler)
    if context is not None:
        server.socket = context.wrap_socket(server.socket, server_side=True)
    with loopback.serving(server):
        yield server.server_port


def sends(content: bytes, status: int = 200, headers: dict[str, str] | None = None) -> Behaviour:
    return lambda handler: loopback.send(handler, content, status, headers)


def redirects(location: str, status: int = 302) -> Behaviour:
    return sends(b"", status, {"Location": location})


def resolving(table: dict[str, Sequence[str]]) -> Callable[[str, int], Sequence[str]]:
    def resolve(host: str, port: int) -> Sequence[str]:
        if host not in table:
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
        return table[host]

    return resolve


def fetch(url: str, path: Path, max_bytes: int = 1000, timeout_s: float = 20, **policy: object) -> bytes:
    options = {"allow": LOOPBACK, **policy}
    download(url, path, max_bytes, timeout_s, policy=Policy(**options))  # type: ignore[arg-type]
    return path.read_bytes()


@pytest.fixture
def target(tmp_path: Path) -> Iterator[Path]:
    yield tmp_path / "source.mp4"
    assert not (tmp_path / "source.mp4.part").exists()


def test_a_file_is_fetched(target: Path) -> None:
    steps: list[tuple[int, int | None]] = []
    with serving(sends(b"moving pictures", headers={"Content-Type": "video/mp4"})) as port:
        result = download(
            f"http://127.0.0.1:{port}/a.mp4", target, 100, 20, allow=LOOPBACK, on_bytes=lambda *s: steps.append(s)
        )
    assert target.read_bytes() == b"moving pictures"
    assert (result.size_bytes, result.headers["content-type"]) == (15, "video/mp4")
    assert result.sha256 == hashlib.sha256(b"moving pictures").hexdigest()
    assert steps[-1] == (15, 15)


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "localhost", "2130706433", "0x7f.1", "0177.0.0.1", "127.1", "[::ffff:127.0.0.1]", "0.0.0.0"]
)
def test_loopback_is_refused_however_it_is_spelt(target: Path, host: str) -> None:
    touched = threading.Event()
    with serving(lambda handler: touched.set()) as port, pytest.raises(Refused) as caught:
        fetch(f"http://{host}:{port}/", target, allow=())
    assert caught.value.code == "invalid_source"
    assert not touched.is_set()
    assert not target.exists()


def test_the_environment_names_the_allowed_networks(target: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FRAMELANE_NET_ALLOW", "10.0.0.0/8, 127.0.0.0/8")
    with serving(sends(b"x")) as port:
        assert fetch(f"http://127.0.0.1:{port}/", target, allow=None) == b"x"
        monkeypatch.setenv("FRAMELANE_NET_ALLOW", "10.0.0.0/8")
        with pytest.raises(Refused):
            fetch(f"http://127.0.0.1:{port}/", target, allow=None)


@pytest.mark.parametrize("address", ["10.1.2.3", "169.254.169.254", "::1", "fe80::1%eth0", "64:ff9b::7f00:1"])
def test_a_name_of_a_private_address_is_refused(target: Path, address: str) -> None:
    resolve = resolving({"films.example": [address]})
    with pytest.raises(Refused, match="public Internet"):
        fetch("http://films.example/a.mp4", target, resolve=resolve)


def test_one_private_address_among_public_ones_is_enough(target: Path) -> None:
    resolve = resolving({"films.example": ["8.8.8.8", "10.0.0.1"]})
    with pytest.raises(Refused):
        fetch("http://films.example/a.mp4", target, resolve=resolve)


@pytest.mark.parametrize("port", [22, 25, 8080, 6379, 1])
def test_other_ports_of_public_hosts_are_refused(target: Path, port: int) -> None:
    with pytest.raises(Refused, match="80 and 443"):
        fetch(f"http://films.example:{port}/", target, resolve=resolving({"films.example": ["8.8.8.8"]}))


def test_a_name_is_looked_up_once_and_the_connection_goes_there(target: Path) -> None:
    """Rebinding: whatever the name server says the second time, nobody asks."""
    answers = [["127.0.0.1"], ["127.0.0.2"]]
    with serving(sends(b"the first")) as port:
        content = fetch(f"http://films.example:{port}/", target, resolve=lambda host, port: answers.pop(0))
    assert content == b"the first"
    assert answers == [["127.0.0.2"]]


def test_rebinding_between_hops_is_refused(target: Path) -> None:
    answers = [["127.0.0.1"], ["169.254.169.254"]]
    with serving(redirects("/again")) as port, pytest.raises(Refused):
        fetch(f"http://films.example:{port}/", target, resolve=lambda host, port: answers.pop(0))
    assert answers == []


def test_the_host_header_keeps_the_name(target: Path) -> None:
    seen: list[str] = []

    def behave(handler: BaseHTTPRequestHandler) -> None:
        seen.append(handler.headers["Host"])
        sends(b"x")(handler)

    with serving(behave) as port:
        fetch(f"http://films.example:{port}/", target, resolve=resolving({"films.example": ["127.0.0.1"]}))
    assert seen == [f"films.example:{port}"]


@pytest.mark.parametrize(
    "location",
    [
        "http://169.254.169.254/latest/meta-data/",
        "http://10.0.0.1/",
        "http://[::1]/",
        "//192.168.0.1/x",
        "file:///etc/passwd",
        "gopher://127.0.0.1/",
        "ftp://127.0.0.1/",
        "javascript:alert(1)",
        "http://user:secret@127.0.0.1/",
        "http://",
        "http://[::1",
    ],
)
@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_is_checked_like_the_first_address(target: Path, status: int, location: str) -> None:
    with serving(redirects(location, status)) as port, pytest.raises(Refused):
        fetch(f"http://127.0.0.1:{port}/", target)


def test_five_redirects_are_followed_and_no_more(target: Path) -> None:
    def behave(handler: BaseHTTPRequestHandler) -> None:
        hops = int(handler.path.strip("/"))
        (redirects(f"{hops - 1}") if hops else sends(b"arrived"))(handler)

    with serving(behave) as port:
        assert fetch(f"http://127.0.0.1:{port}/5", target) == b"arrived"
        with pytest.raises(Refused, match="more than 5"):
            fetch(f"http://127.0.0.1:{port}/6", target)


@pytest.mark.parametrize(
    "url",
    [
        "",
        "films.example/a.mp4",
        "ftp://films.example/a.mp4",
        "file:///etc/passwd",
        "data:video/mp4;base64,AAAA",
        "http:///a.mp4",
        "http://",
        "http://user@films.example/",
        "http://films.example\\@127.0.0.1/",
        "http://films.example/a\r\nHost: other",
        "http://films.example/ a",
        "http://films.example:99999/",
        "http://[::1",
        "http://" + "a" * 9000,
    ],
)
def test_what_is_no_plain_address_is_refused(target: Path, url: str) -> None:
    with pytest.raises(Refused):
        fetch(url, target)


@pytest.mark.parametrize("url", ["http://nowhere.example/a.mp4", "http://" + "a" * 64 + ".example/", "http://a..b/"])
def test_an_unknown_host_is_not_found(target: Path, url: str) -> None:
    with pytest.raises(FetchFailed) as caught:
        fetch(url, target, resolve=resolving({}))
    assert caught.value.code in ("source_not_found", "invalid_source")


@pytest.mark.parametrize(("status", "retryable"), [(204, False), (401, False), (403, False), (404, False), (503, True)])
def test_an_answer_without_a_file_is_not_found(target: Path, status: int, retryable: bool) -> None:
    behaviour = sends(b"" if status == 204 else b"no", status)
    with serving(behaviour) as port, pytest.raises(NotFound, match=str(status)) as caught:
        fetch(f"http://127.0.0.1:{port}/a.mp4?token=secret", target)
    assert (caught.value.code, caught.value.retryable) == ("source_not_found", retryable)
    assert "secret" not in caught.value.message


def test_a_closed_port_is_not_found(target: Path) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        # Nobody listens at it, and while it is bound nobody else can.
        with pytest.raises(NotFound) as caught:
            fetch(f"http://127.0.0.1:{unused.getsockname()[1]}/", target)
    assert caught.value.retryable


@pytest.mark.parametrize("announced", [True, False])
def test_a_file_above_the_cap_is_not_kept(target: Path, announced: bool) -> None:
    def behave(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        if announced:
            handler.send_header("Content-Length", "1001")
        handler.end_headers()
        handler.wfile.write(b"x" * 1001)

    with serving(behave) as port, pytest.raises(TooLarge) as caught:
        fetch(f"http://127.0.0.1:{port}/", target, max_bytes=1000)
    assert caught.value.code == "source_too_large"
    assert not target.exists()


def test_a_file_at_the_cap_is_kept(target: Path) -> None:
    with serving(sends(b"x" * 1000)) as port:
        assert len(fetch(f"http://127.0.0.1:{port}/", target, max_bytes=1000)) == 1000


def test_half_a_file_is_not_kept(target: Path) -> None:
    with serving(sends(b"x" * 10, headers={"Content-Length": "100"})) as port, pytest.raises(NotFound, match="broke"):
        fetch(f"http://127.0.0.1:{port}/", target)
    assert not target.exists()


def test_an_empty_file_is_refused(target: Path) -> None:
    with serving(sends(b"")) as port, pytest.raises(Refused, match="empty"):
        fetch(f"http://127.0.0.1:{port}/", target)


def test_a_compressed_answer_is_refused(target: Path) -> None:
    with serving(sends(b"x", headers={"Content-Encoding": "gzip"})) as port, pytest.raises(Refused, match="compressed"):
        fetch(f"http://127.0.0.1:{port}/", target)


@pytest.mark.parametrize("where", ["before the status", "in the headers", "in the body"])
def test_a_server_that_drips_is_left_when_the_time_is_up(target: Path, where: str) -> None:
    """Every byte comes in time, the whole never: the limit is on the whole."""
    stop = threading.Event()

    def behave(handler: BaseHTTPRequestHandler) -> None:
        if where != "before the status":
            handler.wfile.write(b"HTTP/1.1 200 OK\r\n")
        if where == "in the body":
            handler.wfile.write(b"Content-Length: 900\r\n\r\n")
        piece = b"x" if where == "in the body" else b"X-Y: z\r\n"
        while where != "before the status" and not stop.wait(0.02):
            try:
                handler.wfile.write(piece)
            except OSError:
                return
        stop.wait(30)

    with serving(behave) as port:
        with pytest.raises((TimedOut, NotFound)) as caught:
            fetch(f"http://127.0.0.1:{port}/", target, timeout_s=0.5)
        stop.set()
    assert isinstance(caught.value, TimedOut)
    assert not target.exists()


def test_a_name_server_that_hangs_is_left_when_the_time_is_up(target: Path) -> None:
    release = threading.Event()

    def hang(host: str, port: int) -> Sequence[str]:
        release.wait(30)
        return ["127.0.0.1"]

    with pytest.raises(TimedOut):
        fetch("http://films.example/", target, timeout_s=0.2, resolve=hang)
    release.set()


def test_proxies_of_the_environment_are_ignored(target: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    with serving(sends(b"direct")) as port:
        assert fetch(f"http://127.0.0.1:{port}/", target) == b"direct"


def test_the_caller_can_stop_a_download(target: Path) -> None:
    class Stopped(Exception):
        pass

    def stop(received: int, total: int | None) -> None:
        raise Stopped

    with serving(sends(b"x" * 100)) as port, pytest.raises(Stopped):
        download(f"http://127.0.0.1:{port}/", target, 1000, 20, allow=LOOPBACK, on_bytes=stop)
    assert not target.exists()


def certificate(folder: Path, name: str) -> Path:
    """A key and a certificate for `name`, signed by itself."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.x509.oid import NameOID

    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = datetime.datetime.now(datetime.UTC)
    built = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path = folder / f"{name}.pem"
    path.write_bytes(private + built.public_bytes(serialization.Encoding.PEM))
    return path


def test_tls_is_held_to_the_name_although_the_connection_goes_to_an_address(target: Path, tmp_path: Path) -> None:
    path = certificate(tmp_path, "films.example")
    server_side = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server_side.load_cert_chain(path)
    trusting = ssl.create_default_context(cafile=path)
    names: list[str | None] = []
    server_side.sni_callback = lambda connection, name, context: names.append(name)
    resolve = resolving({"films.example": ["127.0.0.1"], "other.example": ["127.0.0.1"]})
    with serving(sends(b"secret"), server_side) as port:
        url = f"https://films.example:{port}/"
        assert fetch(url, target, resolve=resolve, ssl_context=trusting) == b"secret"
        assert names == ["films.example"]
        with pytest.raises(NotFound):
            fetch(f"https://other.example:{port}/", target, resolve=resolve, ssl_context=trusting)
        with pytest.raises(NotFound):
            fetch(url, target, resolve=resolve)


def test_a_request_returns_any_answer_and_follows_nothing() -> None:
    seen: list[tuple[str, bytes]] = []

    def behave(handler: BaseHTTPRequestHandler) -> None:
        length = int(handler.headers["Content-Length"])
        seen.append((handler.headers["X-Sign"], handler.rfile.read(length)))
        redirects("http://10.0.0.1/")(handler)

    policy = Policy(allow=LOOPBACK)
    with serving(behave) as port:
        answer = request("POST", f"http://127.0.0.1:{port}/hook", headers={"X-Sign": "s"}, body=b"{}", policy=policy)
    assert answer.status == 302
    assert seen == [("s", b"{}")]


def test_a_request_keeps_no_more_of_the_answer_than_asked_for() -> None:
    with serving(sends(b"x" * 5000)) as port:
        answer = request("GET", f"http://127.0.0.1:{port}/", max_answer_bytes=100, policy=Policy(allow=LOOPBACK))
    assert answer.body == b"x" * 100


def test_messages_show_no_secrets() -> None:
    assert shown("https://user:pw@films.example/a.mp4?token=secret#x") == "https://films.example/a.mp4"


def test_it_loads_without_django() -> None:
    code = "import sys, framelane.lib.net; sys.exit('django' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False, timeout=280).returncode == 0


def test_a_host_without_addresses_is_not_found(target: Path) -> None:
    with pytest.raises(NotFound):
        fetch("http://films.example/", target, resolve=resolving({"films.example": []}))
