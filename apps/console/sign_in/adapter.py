"""How django-allauth, which carries a sign-in from its beginning to its end, fits into this installation."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.contrib.auth.models import User
from django.http import HttpRequest

from apps.mail.services import queue_mail
from framelane.lib import ids


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Names people as the rest of the platform does, and sends its mails through the outbox."""

    def populate_username(self, request: HttpRequest, user: User) -> None:
        """No name that a person chose, and none that is made of their address."""
        user.username = user.username or ids.new_id("user")

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Queue the mail that is called as the last part of the template. Raises ValueError where we have none."""
        queue_mail(to=email, template=template_prefix.rpartition("/")[2], context=context)

    def add_message(self, request: HttpRequest, *args: Any, **options: Any) -> None:
        """Our pages say themselves what has happened."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Allauth's own sign-up makes people before their address is proven."""
        return False
