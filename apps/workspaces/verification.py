"""The proof that somebody reads the mail of a workspace."""

from django.db import transaction

from apps.workspaces.models import Workspace
from apps.workspaces.selectors import workspaces_of
from framelane.lib import clock


def has_verified_workspace(*, email: str) -> bool:
    """Whether an address, in whatever case, is the proven one of a workspace that is not being erased."""
    proven = workspaces_of(email).filter(verified_at__isnull=False, erasure_requested_at=None)
    # Counting takes as long whether there is one or not.
    return proven.count() > 0


@transaction.atomic
def mark_verified(*, workspace_id: str) -> Workspace | None:
    """The workspace, now with a proven address; None when it was proven before, or is gone or going."""
    unproven = Workspace.objects.filter(id=workspace_id, verified_at=None, erasure_requested_at=None)
    return Workspace.objects.get(id=workspace_id) if unproven.update(verified_at=clock.now()) else None


@transaction.atomic
def discard_unverified(*, workspace_id: str) -> bool:
    """Delete a workspace whose address was never proven, so that nothing can have been made in it; False for others."""
    workspace = Workspace.objects.select_for_update().filter(id=workspace_id, verified_at=None).first()
    if workspace is None:
        return False
    workspace.delete()
    return True
