"""Staff can find an asset, and neither change it nor write to it."""

import pytest
from django.contrib.auth.models import User
from django.test import Client

from tests.people import Person
from tests.uploads.files import Upload, mp4_like

pytestmark = pytest.mark.django_db


@pytest.fixture
def staff() -> Client:
    client = Client()
    client.force_login(User.objects.create_superuser("charlie", "charlie@example.org", "a password"))
    return client


def test_assets_are_listed_and_shown(alice: Person, staff: Client) -> None:
    upload = Upload(alice, filename="holiday.mp4")
    upload.piece(mp4_like(100), 0, 50)
    listed = "/admin/uploads/asset/"
    of_workspace = {"workspace__id__exact": alice.workspace.id, "q": "oliday"}
    for query in ({"q": upload.asset.id}, {"q": upload.asset.key}, {"q": "alice"}, of_workspace):
        assert "holiday.mp4" in staff.get(listed, query).content.decode()
    for query in ({"q": "oliday"}, {**of_workspace, "q": "christmas"}):
        assert "holiday.mp4" not in staff.get(listed, query).content.decode()
    page = staff.get(f"/admin/uploads/asset/{upload.asset.id}/change/").content.decode()
    assert upload.asset.key in page
    assert upload.asset.handle not in page


def test_assets_are_not_changed_here(alice: Person, staff: Client) -> None:
    upload = Upload(alice)
    for action in ("change", "delete"):
        assert staff.post(f"/admin/uploads/asset/{upload.asset.id}/{action}/", {"status": "ready"}).status_code == 403
    assert upload.reload().status == "pending"
