"""From a session token to a workspace."""

from dataclasses import dataclass

from django.contrib.auth.models import User
from django.db import transaction

from apps.api_keys.models import ApiKey
from apps.api_keys.services import create_key
from apps.signup.addresses import normalised
from apps.signup.services import FIRST_KEY_NAME, SignedUp, await_proof
from apps.workspaces import people
from apps.workspaces.members import add_member
from apps.workspaces.models import Role, Workspace
from apps.workspaces.selectors import memberships_of
from apps.workspaces.services import create_workspace
from framelane.lib.oidc import Claims


class AddressMissing(Exception):
    """The token names no address that mail could be sent to. The text says which claim is missing or wrong."""


class Disabled(Exception):
    """The operator has locked this person out."""


@dataclass(frozen=True, slots=True)
class Synced:
    """The workspace of a session; with its first key and the key's text when it was made just now."""

    workspace: Workspace
    key: ApiKey | None = None
    secret: str | None = None

    @property
    def is_new(self) -> bool:
        return self.key is not None


@transaction.atomic
def sync(*, claims: Claims) -> Synced:
    """The person's workspace, made when they have none. Raises AddressMissing, Disabled; ApiError 429.

    Syncs of one person wait for each other at the lock on their row, so that they make one workspace.
    """
    user = people.recognise(claims=claims)
    if not user.is_active:
        raise Disabled("This account is disabled.")
    if claims.is_email_proven:
        people.note_proven_address(user=user, email=claims.email)
    if (workspace := _first_workspace(user)) is not None:
        return Synced(workspace)
    address = _address(claims)
    if claims.is_email_proven:
        people.adopt_workspaces(user=user, email=address)
    if (workspace := _first_workspace(user)) is not None:
        return Synced(workspace)
    return _set_up(user, claims, address)


def _first_workspace(user: User) -> Workspace | None:
    membership = memberships_of(user).first()
    return membership.workspace if membership is not None else None


def _address(claims: Claims) -> str:
    if not claims.email:
        raise AddressMissing("The token has no claim email (or primary_email_address). Add it to the session's claims.")
    try:
        return normalised(claims.email)
    except ValueError as reason:
        raise AddressMissing(f"The token's claim email cannot be used: {reason}.") from None


def _set_up(user: User, claims: Claims, address: str) -> Synced:
    whose = claims.name or address.partition("@")[0]
    workspace = create_workspace(name=f"{whose}'s workspace", email=address, verified=claims.is_email_proven)
    add_member(workspace=workspace, user=user, role=Role.OWNER)
    key, secret = create_key(workspace=workspace, name=FIRST_KEY_NAME)
    if not claims.is_email_proven:
        await_proof(made=SignedUp(workspace, key, secret))
    return Synced(workspace, key, secret)
