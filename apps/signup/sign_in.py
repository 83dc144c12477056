"""Signing in to the console: a code that comes by mail proves an address, and the address says who somebody is.

No answer tells whether an address is known; the mail does. Persons are made only once their address is proven: nobody
can set something up in the name of somebody who comes later.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.conf import settings
from django.contrib.auth.models import User
from django.db import transaction

from apps.api_keys.services import create_key
from apps.mail.services import queue_mail
from apps.signup import allowances, codes
from apps.signup.addresses import comparable
from apps.signup.services import FIRST_KEY_NAME, SignedUp
from apps.workspaces import people
from apps.workspaces.members import add_member
from apps.workspaces.models import Role
from apps.workspaces.selectors import knows_address, memberships_of
from apps.workspaces.services import create_workspace
from framelane.api.errors import ApiError
from framelane.lib import clock

LIFETIME: Final = codes.LIFETIME
MAX_TRIES: Final = codes.MAX_TRIES
SIGN_INS_AN_HOUR: Final = 60


class AddressMissing(Exception):
    """The person has no e-mail address, and a workspace needs one."""


@dataclass(frozen=True, slots=True)
class SentCode:
    """What is kept of a code that was mailed. Of an address that is not known it is a seal that nothing opens."""

    salt: str
    seal: str
    expires_at: datetime


def send_code(*, email: str, client: str, may_be_new: bool) -> SentCode:
    """Mail a code to a normalised address; to one that nobody knows only if it `may_be_new`, else a mail that says so.

    `client` names where the request came from. Raises ApiError 429.
    """
    allowances.take("sign-in mails", client, settings.FRAMELANE_SIGNUPS_PER_CLIENT)
    allowances.take("sign-in mails of an address", comparable(email), settings.FRAMELANE_SIGNUPS_PER_ADDRESS)
    is_known = knows_address(email)
    code, salt, expires_at = codes.generate(), codes.new_salt(), clock.now() + LIFETIME
    if not is_known and not may_be_new:
        queue_mail(to=email, template="unknown_address", context={}, useless_after=expires_at)
        return SentCode(salt, codes.sealed(codes.new_salt(), address=comparable(email), salt=salt), expires_at)
    context = {"code": code, "minutes": LIFETIME // timedelta(minutes=1)}
    template = "sign_in_code" if is_known else "sign_up_code"
    queue_mail(to=email, template=template, context=context, useless_after=expires_at)
    return SentCode(salt, codes.sealed(code, address=comparable(email), salt=salt), expires_at)


def opens(sent: SentCode, code: str, *, email: str) -> bool:
    """Whether this is the code that was mailed. Each call is one of its tries, however many come at once."""
    if sent.expires_at <= clock.now() or not _take_try(sent):
        return False
    return codes.opens(code, sent.seal, address=comparable(email), salt=sent.salt)


def _take_try(sent: SentCode) -> bool:
    """The person's session counts too, but two requests that read it at once would count as one."""
    try:
        allowances.take("tries of a code", sent.salt, MAX_TRIES)
    except ApiError:
        return False
    return True


@transaction.atomic
def enter(*, email: str) -> User:
    """The person who has just proven a normalised address, now the owner of what was set up under it by keys alone.

    They may have been locked out: see `is_active`. Raises ApiError 429.
    """
    # Its row is locked until the transaction ends: two sign-ins of a new address must not make two persons.
    allowances.take("sign-ins of an address", comparable(email), SIGN_INS_AN_HOUR)
    user = people.person_of_address(email=email)
    if user.is_active:
        people.note_proven_address(user=user, email=email)
        people.adopt_workspaces(user=user, email=email)
    return user


@transaction.atomic
def found_workspace(*, user: User, name: str) -> SignedUp | None:
    """The first workspace of a person with a proven address, and its key; None for somebody who has one already.

    Raises AddressMissing; Django's ValidationError for a name that cannot be.
    """
    held = User.objects.select_for_update().get(id=user.id)
    if memberships_of(held).exists():
        return None
    if not held.email:
        raise AddressMissing("A workspace needs an e-mail address, and your account has none.")
    workspace = create_workspace(name=name, email=held.email, verified=True)
    add_member(workspace=workspace, user=held, role=Role.OWNER)
    key, secret = create_key(workspace=workspace, name=FIRST_KEY_NAME)
    return SignedUp(workspace, key, secret)
