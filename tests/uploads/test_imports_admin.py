"""Staff can find an import, without what may be secret of its address, and change nothing."""

import pytest
from django.contrib.auth.models import User
from django.test import Client

from apps.uploads.imports.lifecycle import begin
from tests.people import Person

pytestmark = pytest.mark.django_db


@pytest.fixture
def staff() -> Client:
    client = Client()
    client.force_login(User.objects.create_superuser("charlie", "charlie@example.org", "a password"))
    return client


def test_imports_are_listed_and_shown(alice: Person, staff: Client) -> None:
    row = begin(workspace=alice.workspace, url="https://films.example/clip.mp4?token=secret", requested=True)
    for path in (f"/admin/uploads/import/?q={row.id}", f"/admin/uploads/import/{row.id}/change/"):
        page = staff.get(path).content.decode()
        assert "https://films.example/clip.mp4" in page
        assert "secret" not in page


def test_imports_are_not_changed_here(alice: Person, staff: Client) -> None:
    row = begin(workspace=alice.workspace, url="https://films.example/clip.mp4", requested=True)
    for action in ("change", "delete"):
        assert staff.post(f"/admin/uploads/import/{row.id}/{action}/", {"status": "failed"}).status_code == 403
    row.refresh_from_db()
    assert row.status == "fetching"
