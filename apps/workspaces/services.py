"""Writes to workspaces."""

from django.core.exceptions import ValidationError
from django.db import transaction

from apps.workspaces.models import Workspace
from framelane.lib import clock


@transaction.atomic
def create_workspace(*, name: str, email: str, plan: str = "free", verified: bool = False) -> Workspace:
    """A new workspace. Raises Django's ValidationError that names the field and what is wrong with it."""
    workspace = Workspace(name=name.strip(), email=email.strip(), plan=plan)
    workspace.verified_at = clock.now() if verified else None
    if not workspace.name.isprintable():
        raise ValidationError({"name": "A name may hold printable characters only."})
    workspace.full_clean()
    workspace.save(force_insert=True)
    return workspace
