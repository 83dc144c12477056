"""Ending the sessions of a person, and whether they may begin new ones."""

from django.contrib.auth import SESSION_KEY
from django.contrib.auth.models import User
from django.contrib.sessions.models import Session
from django.db import transaction

from framelane.lib import clock

BATCH_SIZE = 1000


@transaction.atomic
def sign_out(*, user: User) -> None:
    """End every session of a person, on every device.

    Sessions hang on the hash of the password. Who has none gets another hash that nothing matches, which ends them all
    at once; the staff, who have one, are signed out session by session.
    """
    held = User.objects.select_for_update().get(id=user.id)
    if held.has_usable_password():
        _delete_sessions(held)
        return
    held.set_unusable_password()
    held.save(update_fields=["password"])


def _delete_sessions(user: User) -> None:
    living = Session.objects.filter(expire_date__gt=clock.now())
    for session in living.iterator(chunk_size=BATCH_SIZE):
        if session.get_decoded().get(SESSION_KEY) == str(user.pk):
            session.delete()


@transaction.atomic
def deactivate(*, user: User) -> bool:
    """Shut a person out, in the console and with tokens of an issuer; False for who was shut out before."""
    changed = bool(User.objects.filter(id=user.id, is_active=True).update(is_active=False))
    sign_out(user=user)
    return changed


def activate(*, user: User) -> bool:
    """Let a person in again; False for who may come in already."""
    return bool(User.objects.filter(id=user.id, is_active=False).update(is_active=True))
