"""Signing secrets: made, replaced, read for signing, and sealed anew when the installation's key has changed."""

from datetime import datetime

from django.db import transaction
from django.db.models import Q, QuerySet

from apps.webhooks import sealing
from apps.webhooks.models import Endpoint, Secret
from apps.webhooks.schedule import SECRET_OVERLAP
from apps.webhooks.signatures import new_secret
from apps.workspaces.models import Workspace
from apps.workspaces.services import lock_workspace
from framelane.lib import clock

MAX_FORMER = 9
"""Former secrets that may sign beside the current one; of more, the oldest go at once."""

BATCH_SIZE = 500


def of_endpoint(endpoint: Endpoint) -> QuerySet[Secret]:
    return Secret.objects.filter(endpoint=endpoint)


def of_workspace(workspace_id: str) -> QuerySet[Secret]:
    """Those that sign calls to the URLs of jobs."""
    return Secret.objects.filter(workspace_id=workspace_id, endpoint=None)


def create_secret(*, workspace_id: str, endpoint: Endpoint | None) -> str:
    """The text of a new current secret; there must be none yet."""
    text = new_secret()
    Secret.objects.create(workspace_id=workspace_id, endpoint=endpoint, sealed=sealing.seal(text))
    return text


def ensure_workspace_secret(*, workspace_id: str) -> None:
    """Make the workspace's own secret if it has none. Safe to call at any moment, by anybody at once."""
    Secret.objects.get_or_create(
        workspace_id=workspace_id,
        endpoint=None,
        valid_until=None,
        defaults={"sealed": sealing.seal(new_secret())},
    )


@transaction.atomic
def rotate_endpoint_secret(*, endpoint: Endpoint, revoke_now: bool = False) -> tuple[str, datetime | None]:
    """The text of a new secret, and until when the former one signs beside it; None when it ended at once."""
    Endpoint.objects.select_for_update(no_key=True).get(id=endpoint.id)
    until = _retire(of_endpoint(endpoint), revoke_now)
    return create_secret(workspace_id=endpoint.workspace_id, endpoint=endpoint), until


@transaction.atomic
def rotate_workspace_secret(*, workspace: Workspace, revoke_now: bool = False) -> tuple[str, datetime | None]:
    """As `rotate_endpoint_secret`, for calls to the URLs of jobs. The first one replaces nothing."""
    lock_workspace(workspace_id=workspace.id)
    until = _retire(of_workspace(workspace.id), revoke_now)
    return create_secret(workspace_id=workspace.id, endpoint=None), until


def _retire(secrets: QuerySet[Secret], revoke_now: bool) -> datetime | None:
    if revoke_now:
        secrets.delete()
        return None
    until = clock.now() + SECRET_OVERLAP
    if not secrets.filter(valid_until=None).update(valid_until=until):
        return None
    kept = secrets.order_by("-valid_until").values_list("id", flat=True)[:MAX_FORMER]
    secrets.exclude(id__in=list(kept)).delete()
    return until


def signing_secrets(secrets: QuerySet[Secret]) -> list[str]:
    """Texts of all that are valid now, the current one first. Raises CannotOpen when none can be read."""
    valid = secrets.filter(Q(valid_until=None) | Q(valid_until__gt=clock.now()))
    current = list(valid.filter(valid_until=None))
    former = list(valid.exclude(valid_until=None).order_by("-valid_until"))
    if not current:
        raise sealing.CannotOpen("there is no current secret")
    return [sealing.open_sealed(secret.sealed) for secret in current + former]


def forget_ended() -> int:
    """Delete secrets whose time is over; how many."""
    return Secret.objects.filter(valid_until__lte=clock.now()).delete()[0]


def reseal() -> int:
    """Seal with the current key what a former one has sealed, so that it can leave the fallbacks; how many."""
    outdated = Secret.objects.exclude(sealed__startswith=sealing.current_mark())[:BATCH_SIZE]
    return sum(_reseal(secret) for secret in outdated)


def _reseal(secret: Secret) -> int:
    try:
        text = sealing.open_sealed(secret.sealed)
    except sealing.CannotOpen:
        return 0
    return Secret.objects.filter(id=secret.id, sealed=secret.sealed).update(sealed=sealing.seal(text))
