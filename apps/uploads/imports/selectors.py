"""Reads of a workspace's imports."""

from django.db.models import QuerySet

from apps.uploads.models import Import, ImportStatus
from apps.uploads.selectors import key_of_source
from apps.workspaces.models import Workspace
from framelane.lib import ids


def fetching_import(workspace: Workspace, url: str) -> Import | None:
    """The workspace's import that `url` names, while its file is still to come."""
    key = key_of_source(workspace, url)
    fetching = Import.objects.filter(workspace=workspace, key=key, status=ImportStatus.FETCHING)
    return fetching.first() if key else None


def imports_of(workspace: Workspace) -> QuerySet[Import]:
    """What clients of the workspace have imported, without the copies that were made for jobs."""
    return Import.objects.filter(workspace=workspace, requested=True).select_related("asset")


def find_import(workspace: Workspace, import_id: str) -> Import | None:
    """None for what does not exist and for what belongs to somebody else alike."""
    return imports_of(workspace).filter(id=import_id).first() if ids.is_id(import_id, "import") else None


def is_held(import_id: str, attempt: int) -> bool:
    """Whether a worker holds this attempt at an import."""
    held = Import.objects.filter(id=import_id, attempts=attempt, status=ImportStatus.FETCHING)
    return held.exists() if ids.is_id(import_id, "import") else False
