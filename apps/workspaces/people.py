"""Writes to persons and to how issuers of tokens know them.

`User.email` of a person who signs in by a token is set only once the issuer has proven the address: who merely claims
one must not be found by it later, when its real owner comes.
"""

from django.contrib.auth.models import User
from django.db import IntegrityError, transaction

from apps.workspaces.members import add_member
from apps.workspaces.models import Identity, Role, Workspace
from apps.workspaces.selectors import find_user, workspaces_of
from apps.workspaces.services import lock_workspace
from framelane.lib import clock, ids
from framelane.lib.oidc import Claims


@transaction.atomic
def recognise(*, claims: Claims) -> User:
    """The person whom a verified token names, made when they are new. Their row is locked until the transaction ends.

    Somebody who is known by their proven address, from elsewhere than this issuer, stays the same person.
    """
    user = find_user(claims) or _introduce(claims)
    held = User.objects.select_for_update().get(id=user.id)
    if claims.is_email_proven and not held.email:
        held.email = claims.email
        held.save(update_fields=["email"])
    return held


def person_of_address(*, email: str) -> User:
    """The person whose proven address this is, made when there is none; the caller keeps others of it away meanwhile.

    Of several the one who may sign in, then the one from the staff, whose address the operator vouches for. Nobody is
    made while the only one there is has been locked out: that would let them in again.
    """
    known = User.objects.filter(email__iexact=email).order_by("-is_active", "-is_staff", "id").first()
    return known or _add_user(email=email)


@transaction.atomic
def adopt_workspaces(*, user: User, email: str) -> None:
    """Make a person the owner of what was set up by keys alone under their proven address, and belongs to nobody yet.

    Only workspaces whose own address is proven too: anybody can sign up under a foreign address and keep the key.
    """
    found = workspaces_of(email).filter(erasure_requested_at=None, memberships=None)
    for workspace in found.exclude(verified_at=None).order_by("created_at", "id"):
        lock_workspace(workspace_id=workspace.id)
        if not workspace.memberships.exists():
            add_member(workspace=workspace, user=user, role=Role.OWNER)


@transaction.atomic
def note_proven_address(*, user: User, email: str) -> int:
    """The person's own workspaces of this address count as verified from now on; returns how many are new."""
    owned = workspaces_of(email).filter(memberships__user=user, memberships__role=Role.OWNER)
    unproven = Workspace.objects.filter(id__in=owned.values("id"), verified_at=None)
    return unproven.update(verified_at=clock.now())


def _introduce(claims: Claims) -> User:
    try:
        with transaction.atomic():
            user = _known_by_address(claims) or _new_user(claims)
            Identity.objects.create(issuer=claims.issuer, subject=claims.subject, user=user)
            return user
    except IntegrityError:
        # Another request of the same person was faster; what it made is committed by now.
        return Identity.objects.select_related("user").get(issuer=claims.issuer, subject=claims.subject).user


def _known_by_address(claims: Claims) -> User | None:
    """Nobody from the staff: no issuer may hand out their rights. Nobody whom the issuer knows as somebody else."""
    if not claims.is_email_proven:
        return None
    known = User.objects.filter(email__iexact=claims.email, is_staff=False, is_superuser=False)
    return known.exclude(identities__issuer=claims.issuer).order_by("id").first()


def _new_user(claims: Claims) -> User:
    return _add_user(email=claims.email if claims.is_email_proven else "", name=claims.name)


def _add_user(*, email: str, name: str = "") -> User:
    user = User(username=ids.new_id("user"), first_name=name, email=email)
    user.set_unusable_password()
    user.save(force_insert=True)
    return user
