"""Signing up: a workspace with its first key, and the proof of its address.

No answer tells whether an address is known. Whoever signs up with one that is in use gets a workspace all the same,
which waits for a code that is never sent.
"""

from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from django.conf import settings
from django.db import transaction
from django.db.models import F

from apps.api_keys.models import ApiKey
from apps.api_keys.services import create_key
from apps.mail.services import queue_mail
from apps.signup import allowances, codes
from apps.signup.addresses import comparable
from apps.signup.models import Signup
from apps.workspaces import verification
from apps.workspaces.models import Workspace
from apps.workspaces.services import create_workspace
from framelane.lib import clock

FIRST_KEY_NAME: Final = "First key"
RESENDS_AN_HOUR: Final = 3
UNVERIFIED_KEPT: Final = timedelta(days=7)
BATCH_SIZE: Final = 200


@dataclass(frozen=True, slots=True)
class SignedUp:
    """A new workspace, unproven, and its key with its text."""

    workspace: Workspace
    key: ApiKey
    secret: str


class _AddressInUse(Exception):
    """The address has a proven workspace, and keeps leading there."""


def sign_up(*, name: str, email: str, client: str) -> SignedUp:
    """A workspace that waits for its address to be proven, and the mail with the code.

    `email` is normalised, `client` names where the request came from. An earlier workspace of the address that is not
    proven is replaced. Raises ApiError 429.
    """
    allowances.take("sign-ups", client, settings.FRAMELANE_SIGNUPS_PER_CLIENT)
    allowances.take("sign-ups of an address", comparable(email), settings.FRAMELANE_SIGNUPS_PER_ADDRESS)
    with transaction.atomic():
        code = codes.generate()
        made, is_new = _made(name, email, code)
        if is_new:
            _mail_code(to=email, code=code, key_prefix=made.key.key_prefix, workspace=made.workspace)
        else:
            queue_mail(to=email, template="address_in_use", context={})
    return made


@transaction.atomic
def await_proof(*, made: SignedUp) -> None:
    """Mail a code, as signing up does, to the address of a workspace that was made otherwise. Raises ApiError 429.

    An address that has a proven workspace already stays with that one; its owner learns of the attempt.
    """
    email, code = made.workspace.email, codes.generate()
    allowances.take("sign-ups of an address", comparable(email), settings.FRAMELANE_SIGNUPS_PER_ADDRESS)
    try:
        with transaction.atomic():
            _hold_address(made, code)
    except _AddressInUse:
        queue_mail(to=email, template="address_in_use", context={})
        return
    _mail_code(to=email, code=code, key_prefix=made.key.key_prefix, workspace=made.workspace)


def _made(name: str, email: str, code: str) -> tuple[SignedUp, bool]:
    """What was made, and whether the code will prove it."""
    workspace = create_workspace(name=name, email=email)
    key, secret = create_key(workspace=workspace, name=FIRST_KEY_NAME)
    made = SignedUp(workspace, key, secret)
    if not verification.has_verified_workspace(email=comparable(email)):
        # It may be proven at this very moment, which only the lock on its row shows.
        with suppress(_AddressInUse), transaction.atomic():
            _hold_address(made, code)
            return made, True
    _hold_address(made, code, is_decoy=True)
    return made, False


def _hold_address(made: SignedUp, code: str, *, is_decoy: bool = False) -> None:
    """Let the address lead to the new workspace, or its decoy to a stranger's. Raises _AddressInUse."""
    address = comparable(made.workspace.email)
    values = {"workspace": made.workspace, "key_prefix": made.key.key_prefix, "created_at": clock.now()}
    values |= _code_values(code, address)
    rows = Signup.objects.select_for_update()
    row, is_first = rows.get_or_create(address=address, is_decoy=is_decoy, defaults=values)
    if not is_first:
        Signup.objects.filter(id=row.id).update(**values)
    if verification.has_verified_workspace(email=address) and not is_decoy:
        raise _AddressInUse
    if not is_first:
        verification.discard_unverified(workspace_id=row.workspace_id)


def _code_values(code: str, address: str) -> dict[str, Any]:
    """What a row holds of a code that is fresh."""
    salt = codes.new_salt()
    seal = codes.sealed(code, address=address, salt=salt)
    return {"code_salt": salt, "code_seal": seal, "code_expires_at": clock.now() + codes.LIFETIME, "tries": 0}


def _mail_code(*, to: str, code: str, key_prefix: str, workspace: Workspace | None) -> None:
    minutes = int(codes.LIFETIME.total_seconds() // 60)
    queue_mail(
        to=to,
        template="verification_code",
        context={"code": code, "minutes": minutes, "key_prefix": key_prefix},
        workspace=workspace,
        useless_after=clock.now() + codes.LIFETIME,
    )


@transaction.atomic
def verify(*, email: str, code: str) -> Workspace | None:
    """Prove an address by its code, which then is spent. None whatever is wrong, and one of its tries is gone."""
    address, now = comparable(email), clock.now()
    rows = Signup.objects.filter(address=address, is_decoy=False)
    open_ = rows.filter(tries__lt=codes.MAX_TRIES, code_expires_at__gt=now)
    counted = open_.exclude(code_seal="").update(tries=F("tries") + 1)
    row = rows.first() or _nobody()
    if not codes.opens(code, row.code_seal, address=address, salt=row.code_salt) or not counted:
        return None
    Signup.objects.filter(id=row.id).update(code_seal="")
    return verification.mark_verified(workspace_id=row.workspace_id)


def _nobody() -> Signup:
    """Takes the place of a row where there is none: its code is like any other, and nobody knows it."""
    return Signup(code_salt=codes.new_salt(), code_seal=codes.new_salt())


def resend_code(*, email: str) -> None:
    """Mail a new code, which replaces the former, to an address that waits to be proven. Raises ApiError 429."""
    allowances.take("codes of an address", comparable(email), RESENDS_AN_HOUR)
    address, code = comparable(email), codes.generate()
    with transaction.atomic():
        rows = Signup.objects.select_for_update(of=("self",)).select_related("workspace")
        row = rows.filter(address=address, is_decoy=False, workspace__verified_at=None).first()
        Signup.objects.filter(id=row.id if row else 0).update(**_code_values(code, address))
        to, workspace = (row.workspace.email, row.workspace) if row else (email, None)
        _mail_code(to=to, code=code, key_prefix=row.key_prefix if row else "", workspace=workspace)
        transaction.set_rollback(row is None)


def discard_stale() -> int:
    """Delete workspaces that nobody proved in time; returns how many."""
    before = clock.now() - UNVERIFIED_KEPT
    stale = Signup.objects.filter(workspace__verified_at=None, created_at__lt=before)
    return sum(_discard(row_id, before) for row_id in list(stale.values_list("id", flat=True)[:BATCH_SIZE]))


@transaction.atomic
def _discard(row_id: int, before: datetime) -> bool:
    """The address is locked before its workspace, as everywhere: it may just now be leading to another one."""
    row = Signup.objects.select_for_update().filter(id=row_id).first()
    if row is None or row.created_at >= before:
        return False
    return verification.discard_unverified(workspace_id=row.workspace_id)
