"""What only the bucket store does: URLs that the service itself checks, and uploads that go straight to it."""

from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from google.oauth2 import service_account

from framelane.lib.storage import StorageError
from framelane.lib.storage.gcs import CHUNK_BYTES, GcsStore
from tests.storage_emulator import emulator as emulator

KEY = "ws_01J8QR2K5VKDGN2T4FBM3CZYX7/uploads/clip.mp4"


@pytest.fixture
def address(emulator: str, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setenv("STORAGE_EMULATOR_HOST", emulator)
    httpx.get(f"{emulator}/wipe?keep-buckets=1").raise_for_status()
    return emulator


@pytest.fixture(scope="module")
def credentials() -> service_account.Credentials:
    """A service account with a key of its own."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    pem = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    info = {
        "client_email": "films@project.iam.gserviceaccount.com",
        "token_uri": "https://oauth2.example/token",
        "private_key": pem.decode(),
        "type": "service_account",
    }
    return service_account.Credentials.from_service_account_info(info)  # type: ignore[no-untyped-call, no-any-return]


def put(store: GcsStore, folder: Path, content: bytes) -> None:
    (folder / "source").write_bytes(content)
    store.put_file(KEY, folder / "source", "video/mp4")


def test_links_are_signed_by_the_fourth_version(
    address: str, credentials: service_account.Credentials, tmp_path: Path
) -> None:
    put(GcsStore("films", "media/"), tmp_path, b"moving pictures")
    url = GcsStore("films", "media/", credentials).signed_url(KEY, 600, "Film ü.mp4")
    query = {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}
    assert query["X-Goog-Algorithm"] == "GOOG4-RSA-SHA256"
    assert query["X-Goog-Expires"] == "600"
    assert query["X-Goog-Credential"].startswith("films@project.iam.gserviceaccount.com/")
    assert query["response-content-disposition"] == "attachment; filename*=utf-8''Film%20%C3%BC.mp4"
    assert len(bytes.fromhex(query["X-Goog-Signature"])) == 256
    assert httpx.get(url).content == b"moving pictures"


def test_links_of_an_emulator_need_no_credentials(address: str, tmp_path: Path) -> None:
    store = GcsStore("films", "media/")
    put(store, tmp_path, b"moving pictures")
    assert httpx.get(store.signed_url(KEY, 600)).content == b"moving pictures"


def test_a_session_is_a_url_that_anybody_can_send_to(address: str) -> None:
    store = GcsStore("films")
    session = store.start_upload(KEY, "video/mp4", "https://app.example.com")
    assert httpx.put(session.handle, content=b"moving pictures").status_code == 200
    assert store.size(KEY) == 15
    assert store.stat(KEY).content_type == "video/mp4"


def test_large_objects_come_and_go_in_chunks(address: str, tmp_path: Path) -> None:
    store, content = GcsStore("films"), bytes(range(256)) * (CHUNK_BYTES // 256) + b"and a bit"
    session = store.start_upload(KEY, "video/mp4")
    blocks = [content[start : start + 100_000] for start in range(0, len(content), 100_000)]
    assert store.append(session, 0, blocks, len(content)) == len(content)
    assert store.finish_upload(session, len(content)).size_bytes == len(content)
    assert b"".join(store.read(KEY)) == content


def test_an_unreachable_service_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STORAGE_EMULATOR_HOST", "http://127.0.0.1:9")
    store = GcsStore("films")
    monkeypatch.setattr("google.cloud.storage.retry.DEFAULT_RETRY._timeout", 0.1)
    with pytest.raises(StorageError):
        store.exists(KEY)
