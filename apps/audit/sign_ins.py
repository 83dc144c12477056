"""Sign-ins of the staff, and what was tried: Django tells of them by signals alone."""

from typing import Any

from django.contrib.auth.models import User
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.http import HttpRequest
from django.urls import reverse

from apps.audit.services import add, record_attempt


def watch() -> None:
    """Connect to Django. Doing it again changes nothing."""
    user_logged_in.connect(_signed_in, dispatch_uid="audit.signed_in")
    user_logged_out.connect(_signed_out, dispatch_uid="audit.signed_out")
    user_login_failed.connect(_failed, dispatch_uid="audit.sign_in_failed")


def _signed_in(sender: Any, request: HttpRequest | None, user: User, **more: Any) -> None:
    _note("staff.sign_in", request, user)


def _signed_out(sender: Any, request: HttpRequest | None, user: User | None, **more: Any) -> None:
    _note("staff.sign_out", request, user)


def _note(action: str, request: HttpRequest | None, user: User | None) -> None:
    """Customers come and go unseen: only the staff is watched."""
    if request is None or user is None or not user.is_staff:
        return
    kind = user._meta.label_lower
    add(request=request, actor=user, action=action, object_type=kind, object_id=str(user.pk))


def _failed(sender: Any, credentials: dict[str, Any], request: HttpRequest | None = None, **more: Any) -> None:
    """At the staff's own door: elsewhere there are no passwords to be guessed."""
    if request is None or not request.path.startswith(reverse("admin:index")):
        return
    record_attempt(request=request, action="staff.sign_in_failed", name=str(credentials.get("username") or ""))
