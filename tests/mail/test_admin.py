"""Staff can see whether a mail went out, and never what it says."""

import pytest
from django.contrib.auth.models import User
from django.test import Client

from apps.mail.services import queue_mail

pytestmark = pytest.mark.django_db


def test_mails_are_listed_and_shown_without_their_secrets() -> None:
    client = Client()
    client.force_login(User.objects.create_superuser("charlie", "charlie@example.org", "a password"))
    context = {"code": "731942", "minutes": 10, "key_prefix": "fl_live_AbCd"}
    mail = queue_mail(to="ada@example.org", template="verification_code", context=context)
    pages = [f"/admin/mail/mail/?q={mail.to}", f"/admin/mail/mail/{mail.id}/change/"]
    for page in (client.get(path).content.decode() for path in pages):
        assert "ada@example.org" in page
        assert "731942" not in page
    assert client.post(pages[1], {"to": "bob@example.org"}).status_code == 403
    assert client.get("/admin/mail/mail/add/").status_code == 403
