"""Uploads from the console: opened for the script, or whole files out of a form."""

from typing import Any
from urllib.parse import urlsplit

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from pytest_django import Settings

from apps.console.assets import uploading
from apps.uploads import services
from apps.uploads.models import Asset
from framelane.lib.storage import StorageError, Store
from framelane.lib.storage.local import LocalStore
from tests.console.people import signed_in, user_of
from tests.people import Person
from tests.uploads.conftest import store as store
from tests.uploads.files import mp4_like

pytestmark = pytest.mark.django_db

START = "/console/assets/uploads"
FORM = "/console/assets/files"
PAGE = "https://console.example.org"
CONTENT = mp4_like(1000)


@pytest.fixture
def owner(alice: Person) -> Client:
    return signed_in(alice)


def start(client: Client, **fields: Any) -> Any:
    body = {"filename": "clip.mp4", "content_type": "video/mp4", "size_bytes": 1000, **fields}
    return client.post(START, body, content_type="application/json", headers={"Origin": PAGE})


def file(content: bytes = CONTENT, name: str = "clip.mp4", content_type: str = "video/mp4") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, content_type)


# --- For the script -------------------------------------------------------------------------------------------------


def test_an_upload_is_opened_for_the_origin_of_the_page(owner: Client, alice: Person, store: Store) -> None:
    answer = start(owner)
    assert answer.status_code == 201
    told, asset = answer.json(), Asset.objects.get(workspace=alice.workspace)
    assert (told["id"], told["status"], asset.origin) == (asset.id, "pending", PAGE)
    path = urlsplit(told["upload_url"]).path
    sent = Client().generic("PUT", path, CONTENT, headers={"Content-Range": "bytes 0-999/1000", "Origin": PAGE})
    assert sent.status_code == 200
    assert sent.headers["Access-Control-Allow-Origin"] == PAGE
    assert owner.get(told["status_url"]).json()["status"] == "processing"
    assert b"".join(store.read(asset.key)) == CONTENT


@pytest.mark.parametrize(
    ("filename", "claimed", "accepted"),
    [
        ("a.mkv", "", "video/x-matroska"),
        ("a.m4a", "audio/x-m4a", "audio/mp4"),
        ("a.ttf", "application/x-font-ttf", "font/ttf"),
        ("noextension", "video/mp4", "video/mp4"),
        ("a.MOV", "application/octet-stream", "video/quicktime"),
    ],
)
def test_types_follow_from_names(owner: Client, filename: str, claimed: str, accepted: str) -> None:
    assert start(owner, filename=filename, content_type=claimed).status_code == 201
    assert Asset.objects.get().content_type == accepted


@pytest.mark.parametrize(
    ("fields", "status", "code"),
    [
        ({"filename": "a.exe", "content_type": "application/x-msdownload"}, 422, "unsupported_content_type"),
        ({"filename": "a.srt", "content_type": ""}, 422, "unsupported_content_type"),
        ({"size_bytes": 0}, 422, "validation_error"),
        ({"size_bytes": "many"}, 422, "validation_error"),
        ({"size_bytes": 6 * 1024**3}, 413, "payload_too_large"),
        ({"filename": "x" * 70_000}, 413, "payload_too_large"),
        ({"duration": -1}, 422, "validation_error"),
    ],
)
def test_what_cannot_be_uploaded_is_refused(owner: Client, fields: dict[str, Any], status: int, code: str) -> None:
    answer = start(owner, **fields)
    assert (answer.status_code, answer.json()["error"]["code"]) == (status, code)
    assert not Asset.objects.exists()


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"\xff", b"null", b'"text"', b"[" * 60_000])
def test_broken_bodies_are_refused(owner: Client, body: bytes) -> None:
    answer = owner.generic("POST", START, body, content_type="application/json")
    assert answer.status_code in (400, 422)
    assert "error" in answer.json()


@pytest.mark.usefixtures("still_minute")
def test_the_limits_are_those_of_the_api(owner: Client, alice: Person, settings: Settings) -> None:
    settings.FRAMELANE_RATE_LIMIT_PRO = 2
    assert alice.get("/v1/workspace/assets").status_code == 200
    assert start(owner).status_code == 201
    refused = start(owner)
    assert (refused.status_code, refused.json()["error"]["code"]) == (429, "rate_limited")
    assert int(refused.headers["Retry-After"]) > 0


def test_no_more_uploads_are_open_than_through_the_api(
    owner: Client, alice: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(services, "MAX_OPEN_UPLOADS", 1)
    assert start(owner).status_code == 201
    assert start(owner).status_code == 409


def test_unverified_and_unpaid_workspaces_upload_nothing(owner: Client, alice: Person) -> None:
    alice.workspace.plan_status = "cancelled"
    alice.workspace.save()
    assert start(owner).status_code == 402
    assert owner.post(FORM, {"files": file()}).status_code == 402
    alice.workspace.verified_at = None
    alice.workspace.save()
    assert start(owner).status_code == 403
    assert owner.post(FORM, {"files": file()}).status_code == 403
    assert not Asset.objects.exists()


def test_scripts_of_other_pages_open_nothing(alice: Person) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(user_of(alice), backend="django.contrib.auth.backends.ModelBackend")
    assert start(client).status_code == 403
    assert client.post(FORM, {"files": file()}).status_code == 403
    assert not Asset.objects.exists()


# --- Out of a form --------------------------------------------------------------------------------------------------


def test_a_form_brings_files_in(owner: Client, alice: Person, store: Store) -> None:
    answer = owner.post(FORM, {"files": [file(), file(mp4_like(5000), "second.mov", "")]}, follow=True)
    assert "Received clip.mp4, second.mov." in answer.content.decode()
    found = {asset.filename: asset for asset in Asset.objects.filter(workspace=alice.workspace)}
    assert found["clip.mp4"].status == "processing"
    assert b"".join(store.read(found["clip.mp4"].key)) == CONTENT
    assert found["second.mov"].content_type == "video/quicktime"
    assert found["second.mov"].size_bytes == 5000


def test_a_form_needs_its_token(alice: Person) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(user_of(alice), backend="django.contrib.auth.backends.ModelBackend")
    page = client.get("/console/assets").content.decode()
    token = page.partition('name="csrfmiddlewaretoken" value="')[2].partition('"')[0]
    answer = client.post(FORM, {"files": file(), "csrfmiddlewaretoken": token})
    assert answer.status_code == 302
    assert Asset.objects.count() == 1


@pytest.mark.parametrize(
    ("files", "status", "why"),
    [
        ([], 422, "Choose 1 to 20 files."),
        ([file(b"", "empty.mp4")], 400, "empty.mp4 is empty."),
        ([file(name="a.exe", content_type="application/x-msdownload")], 422, "are not accepted"),
    ],
)
def test_forms_without_a_usable_file_are_drawn_again(
    owner: Client, files: list[SimpleUploadedFile], status: int, why: str
) -> None:
    answer = owner.post(FORM, {"files": files})
    assert answer.status_code == status
    assert why in answer.content.decode()
    assert not Asset.objects.exists()


def test_a_form_that_is_too_large_is_not_read(owner: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uploading, "MAX_FORM_BYTES", 100)
    monkeypatch.setattr(uploading, "_MULTIPART_SPARE_BYTES", 100)
    monkeypatch.setattr(uploading, "_receive_form", None)
    assert owner.post(FORM, {"files": file()}).status_code == 413
    assert not Asset.objects.exists()


def test_strangers_send_nothing() -> None:
    assert Client().post(FORM, {"files": file()}).status_code == 302
    assert Client().post(START, {}, content_type="application/json").status_code == 302
    assert not Asset.objects.exists()


def test_a_file_that_is_none_fails_and_says_why(owner: Client, store: Store) -> None:
    assert owner.post(FORM, {"files": file(b"no film at all" * 10)}).status_code == 302
    asset = Asset.objects.get()
    assert (asset.status, asset.error["code"]) == ("failed", "invalid_source")


def test_a_store_that_fails_is_a_sentence(owner: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: Any) -> None:
        raise StorageError("away")

    monkeypatch.setattr(LocalStore, "finish_upload", fail)
    answer = owner.post(FORM, {"files": file()})
    assert answer.status_code == 503
    assert "The store is not available right now" in answer.content.decode()
    assert Asset.objects.get().status == "failed"
