"""Pages may send a file from the origin that asked for the upload, and from no other."""

from typing import Any

import pytest

from tests.people import Person
from tests.uploads.files import Upload, mp4_like

pytestmark = pytest.mark.django_db

PAGE = "https://app.example.com"
STRANGER = "https://evil.example.net"
CONTENT = mp4_like(100)


@pytest.fixture
def upload(alice: Person) -> Upload:
    return Upload(alice, headers={"Origin": PAGE})


def preflight(upload: Upload, origin: str) -> Any:
    headers = {"Origin": origin, "Access-Control-Request-Method": "PUT"}
    return upload.client.options(upload.path, headers=headers)


def test_the_preflight_admits_what_the_protocol_needs(upload: Upload) -> None:
    answer = preflight(upload, PAGE)
    assert answer.status_code == 204
    assert answer.headers["Access-Control-Allow-Origin"] == PAGE
    assert "PUT" in answer.headers["Access-Control-Allow-Methods"]
    assert {"Content-Type", "Content-Range"} <= set(answer.headers["Access-Control-Allow-Headers"].split(", "))


def test_answers_can_be_read_by_the_page(upload: Upload) -> None:
    answers = [
        upload.put(CONTENT[:10], "bytes 0-9/100", Origin=PAGE),
        upload.put(b"", "nonsense", Origin=PAGE),
        upload.put(CONTENT[10:], "bytes 10-99/100", Origin=PAGE),
    ]
    assert [answer.status_code for answer in answers] == [308, 400, 200]
    for answer in answers:
        assert answer.headers["Access-Control-Allow-Origin"] == PAGE
        assert "Range" in answer.headers["Access-Control-Expose-Headers"]
        assert answer.headers["Vary"] == "Origin"


@pytest.mark.parametrize("origin", [STRANGER, "null", "", PAGE + ".evil.example", "*"])
def test_other_pages_are_told_nothing(upload: Upload, origin: str) -> None:
    answers = [preflight(upload, origin), upload.put(CONTENT[:10], "bytes 0-9/100", Origin=origin)]
    for answer in answers:
        assert not [name for name in answer.headers if name.startswith("Access-Control-")]


def test_an_upload_that_no_page_asked_for_admits_none(alice: Person) -> None:
    assert "Access-Control-Allow-Origin" not in preflight(Upload(alice), PAGE).headers
    assert "Access-Control-Allow-Origin" not in preflight(Upload(alice), "").headers
