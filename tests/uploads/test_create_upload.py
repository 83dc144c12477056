"""POST /v1/uploads: a place to send a file to."""

from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

import pytest
from rest_framework.test import APIClient

from apps.uploads import services
from apps.uploads.media_types import kinds_by_type
from apps.uploads.models import Asset
from tests.people import Person

pytestmark = pytest.mark.django_db


def test_it_answers_with_both_addresses_and_an_hour(alice: Person) -> None:
    before = datetime.now(UTC)
    answer = alice.post("/v1/uploads", {"content_type": "video/mp4", "filename": "my-clip.mp4"})
    assert answer.status_code == 201
    body = answer.json()
    assert set(body) == {"upload_url", "source_url", "expires_at"}
    assert body["source_url"].startswith(f"http://localhost:8000/media/{alice.workspace.id}/uploads/")
    assert body["source_url"].endswith(".mp4")
    assert urlsplit(body["upload_url"]).path.startswith("/uploads/")
    lifetime = datetime.fromisoformat(body["expires_at"]) - before
    assert timedelta(minutes=59) < lifetime < timedelta(minutes=61)


@pytest.mark.parametrize("content_type", sorted(kinds_by_type()))
def test_every_type_of_the_catalogue_is_accepted(alice: Person, content_type: str) -> None:
    assert alice.post("/v1/uploads", {"content_type": content_type}).status_code == 201
    assert Asset.objects.get().kind == kinds_by_type()[content_type]


@pytest.mark.parametrize("content_type", ["VIDEO/MP4", "video/mp4; codecs=avc1", " video/mp4 "])
def test_parameters_and_case_do_not_matter(alice: Person, content_type: str) -> None:
    assert alice.post("/v1/uploads", {"content_type": content_type}).status_code == 201
    assert Asset.objects.get().content_type == "video/mp4"


@pytest.mark.parametrize(
    "content_type",
    ["", "text/html", "image/svg+xml", "application/vnd.apple.mpegurl", "video/", "video/mp4x", "a" * 9999],
)
def test_other_types_are_refused(alice: Person, content_type: str) -> None:
    answer = alice.post("/v1/uploads", {"content_type": content_type})
    assert answer.status_code == 422
    error = answer.json()["error"]
    assert error["code"] == "unsupported_content_type"
    assert error["details"]["fields"][0]["path"] == "/content_type"
    assert "video/mp4" in error["message"]
    assert not Asset.objects.exists()


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"content_type": None},
        {"content_type": 7},
        {"content_type": "video/mp4", "filename": 7},
        {"content_type": "video/mp4", "duration": -1},
        {"content_type": "video/mp4", "width": 0},
        {"content_type": "video/mp4", "height": "tall"},
        {"content_type": "video/mp4", "height": 1e9},
    ],
)
def test_bodies_that_make_no_sense_are_refused(alice: Person, body: dict[str, object]) -> None:
    answer = alice.post("/v1/uploads", body)
    assert answer.status_code == 422
    assert answer.json()["error"]["code"] == "validation_error"


@pytest.mark.parametrize(
    ("filename", "kept", "extension"),
    [
        ("holiday.MOV", "holiday.MOV", "mov"),
        ("../../etc/passwd", "passwd", "mov"),
        ("C:\\films\\a.qt", "a.qt", "qt"),
        ("page.html", "page.html", "mov"),
        ("line\r\nbreak\x7f.mov", "linebreak.mov", "mov"),
        ("x" * 5000 + ".mov", "x" * 251 + ".mov", "mov"),
        (None, "", "mov"),
    ],
)
def test_the_filename_chooses_no_more_than_the_extension(
    alice: Person, filename: str | None, kept: str, extension: str
) -> None:
    answer = alice.post("/v1/uploads", {"content_type": "video/quicktime", "filename": filename})
    assert answer.json()["source_url"].endswith(f".{extension}")
    assert Asset.objects.get().filename == kept


def test_two_uploads_never_share_an_address(alice: Person) -> None:
    answers = [alice.post("/v1/uploads", {"content_type": "video/mp4"}).json() for _ in range(3)]
    assert len({answer["source_url"] for answer in answers}) == 3
    assert len({answer["upload_url"] for answer in answers}) == 3


def test_a_key_is_needed(anonymous: APIClient) -> None:
    assert anonymous.post("/v1/uploads", {"content_type": "video/mp4"}, format="json").status_code == 401


def test_a_workspace_opens_no_more_uploads_than_can_be_looked_after(
    alice: Person, bob: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(services, "MAX_OPEN_UPLOADS", 2)
    wanted = {"content_type": "video/mp4"}
    codes = [alice.post("/v1/uploads", wanted).status_code for _ in range(3)]
    assert codes == [201, 201, 409]
    assert bob.post("/v1/uploads", wanted).status_code == 201
    asset = Asset.objects.filter(workspace=alice.workspace).first()
    assert asset is not None
    alice.delete(f"/v1/workspace/assets/{asset.id}")
    assert alice.post("/v1/uploads", wanted).status_code == 201
