"""The staff of an installation sees what is sent, and no secret."""

from django.contrib.auth.models import User
from django.test import Client

from apps.webhooks.models import Secret
from tests.people import Person
from tests.webhooks.conftest import attempts, listening, send_all, tell
from tests.webhooks.receivers import Receiver, answers


def test_webhooks_and_attempts_are_shown_without_secrets(alice: Person, receiver: Receiver) -> None:
    endpoint, secret = listening(alice, receiver.url)
    receiver.behaviour = answers(500, b"broken")
    tell(alice, "render.failed")
    send_all()
    staff = Client()
    staff.force_login(User.objects.create_superuser("staff", "staff@example.org", "password"))
    made = attempts()[0]
    for path in ("endpoint", f"endpoint/{endpoint.id}/change", "attempt", f"attempt/{made.id}/change"):
        page = staff.get(f"/admin/webhooks/{path}/")
        assert page.status_code == 200
        text = page.content.decode()
        assert receiver.url in text or made.delivery_id in text
        assert secret not in text
        assert Secret.objects.get().sealed not in text
