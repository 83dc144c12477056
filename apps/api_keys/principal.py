"""Who a request acts for."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.contrib.auth.models import User

from apps.api_keys import scopes
from apps.api_keys.models import ApiKey
from apps.workspaces.models import Membership, Workspace


@dataclass(frozen=True, slots=True)
class Principal:
    """A key, or a person with a role, in one workspace. Exactly one of `key` and `user` is set."""

    workspace: Workspace
    scopes: frozenset[str]
    key: ApiKey | None = None
    user: User | None = None

    @classmethod
    def of_key(cls, key: ApiKey) -> "Principal":
        return cls(key.workspace, frozenset(key.scopes), key=key)

    @classmethod
    def of_member(cls, membership: Membership) -> "Principal":
        return cls(membership.workspace, scopes.of_role(membership.role), user=membership.user)

    @property
    def noun(self) -> str:
        """What it is called in messages."""
        return "API key" if self.key is not None else "role in this workspace"

    def lacks(self, wanted: Iterable[str]) -> list[str]:
        """Those of the scopes that it has not."""
        return [scope for scope in wanted if scope not in self.scopes]
