"""What a key or a member may do: `<area>:read` or `<area>:write`."""

from collections.abc import Iterable
from typing import Any, Final

from django.core.exceptions import ValidationError

from apps.workspaces.models import Role
from framelane.api.schema import DescribedEnum

AREAS: Final = ("renders", "tasks", "uploads", "webhooks", "workspace", "billing")
ALL: Final = tuple(f"{area}:{right}" for area in AREAS for right in ("read", "write"))
_OWNERS_ALONE: Final = ("workspace:write", "billing:write")


class ApiKeyScope(DescribedEnum):
    """What a key may do."""

    RENDERS_READ = "renders:read", "Read renders and download films."
    RENDERS_WRITE = "renders:write", "Submit and cancel renders."
    TASKS_READ = "tasks:read", "Read tasks and download their results."
    TASKS_WRITE = "tasks:write", "Submit and cancel tasks."
    UPLOADS_READ = "uploads:read", "Read imports and assets."
    UPLOADS_WRITE = "uploads:write", "Upload, import and delete files."
    WEBHOOKS_READ = "webhooks:read", "Read webhooks and their deliveries."
    WEBHOOKS_WRITE = "webhooks:write", "Make, change and delete webhooks."
    WORKSPACE_READ = "workspace:read", "Read the workspace, its usage and its keys."
    WORKSPACE_WRITE = "workspace:write", "Change or delete the workspace; make and revoke keys."
    BILLING_READ = "billing:read", "Read the subscription."
    BILLING_WRITE = "billing:write", "Change the subscription."


def all_scopes() -> list[str]:
    """The scopes of a key that was not restricted."""
    return list(ALL)


def of_role(role: str) -> frozenset[str]:
    """What a person with a role in a workspace may do there: members all but to change the workspace and its bills."""
    return frozenset(ALL) if role == Role.OWNER else frozenset(ALL) - frozenset(_OWNERS_ALONE)


def in_order(chosen: Iterable[str]) -> list[str]:
    """Each of the chosen scopes once, in the order of ALL."""
    wanted = {str(scope) for scope in chosen}
    return [scope for scope in ALL if scope in wanted]


def needed(area: str, method: str) -> str:
    """The scope that an HTTP method on an area asks for."""
    return f"{area}:{'read' if method in ('GET', 'HEAD') else 'write'}"


def validate(value: Any) -> None:
    """Raises Django's ValidationError unless `value` is a list of known scopes."""
    if not isinstance(value, list) or any(scope not in ALL for scope in value):
        raise ValidationError(f"{value!r} is not a list of scopes; accepted are {', '.join(ALL)}.")
