"""Staff can look a sign-up up; what a code is checked by is not shown."""

import pytest
from django.contrib.auth.models import User
from django.test import Client

from apps.signup.models import Signup
from tests.signup.conftest import EMAIL, sign_up

pytestmark = pytest.mark.django_db


@pytest.fixture
def staff() -> Client:
    client = Client()
    client.force_login(User.objects.create_superuser("charlie", "charlie@example.org", "a password"))
    return client


def test_sign_ups_are_listed_and_shown_without_their_codes(staff: Client) -> None:
    sign_up()
    row = Signup.objects.get()
    assert EMAIL in staff.get(f"/admin/signup/signup/?q={EMAIL}").content.decode()
    page = staff.get(f"/admin/signup/signup/{row.id}/change/").content.decode()
    assert row.key_prefix in page
    assert row.code_seal not in page
    assert row.code_salt not in page


def test_sign_ups_are_not_changed_here(staff: Client) -> None:
    sign_up()
    row = Signup.objects.get()
    for action in ("change", "delete"):
        assert staff.post(f"/admin/signup/signup/{row.id}/{action}/", {"tries": 0}).status_code == 403
    assert staff.get("/admin/signup/signup/add/").status_code == 403
