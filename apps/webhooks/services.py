"""Writes to webhooks, on a client's behalf."""

from typing import Any, TypeVar

from django.conf import settings
from django.db import transaction
from django.db.models import Model, QuerySet

from apps.webhooks import intake, schedule, secrets
from apps.webhooks.disabling import abandon_pending
from apps.webhooks.messages import test_message
from apps.webhooks.models import Attempt, Endpoint, Message, Status
from apps.webhooks.selectors import endpoints_of
from apps.webhooks.targets import Target
from apps.workspaces.models import Workspace
from apps.workspaces.services import lock_workspace
from framelane.lib import clock
from framelane.lib.net import Refused, refuse_early

M = TypeVar("M", bound=Model)

MAX_ENDPOINTS = 20
PURGE_BATCH_SIZE = 2000
PURGE_BATCHES = 500
"""Of one run: a million attempts, which an hour is enough for."""

_FRESH: dict[str, Any] = {"failing_since": None, "failures": 0}
"""An endpoint that was switched on, or leads elsewhere, has not failed yet."""


class RefusedUrl(ValueError):
    """A URL that can receive nothing; the message says why."""


class TooManyEndpoints(Exception):
    """The workspace has as many endpoints as it may; the message says how many."""


@transaction.atomic
def create_endpoint(*, workspace: Workspace, url: str, events: list[str], enabled: bool = True) -> tuple[Endpoint, str]:
    """A new endpoint and its secret. Raises RefusedUrl, TooManyEndpoints."""
    check_url(url)
    # Two requests at once must not both be the last one that fits.
    lock_workspace(workspace_id=workspace.id)
    if endpoints_of(workspace).count() >= MAX_ENDPOINTS:
        raise TooManyEndpoints(f"This workspace has {MAX_ENDPOINTS} webhooks, and may not have more. Delete one first.")
    endpoint = Endpoint.objects.create(workspace=workspace, url=url, events=events, enabled=enabled)
    return endpoint, secrets.create_secret(workspace_id=workspace.id, endpoint=endpoint)


@transaction.atomic
def update_endpoint(
    *, endpoint: Endpoint, url: str | None = None, events: list[str] | None = None, enabled: bool | None = None
) -> Endpoint:
    """The endpoint with what is given; None leaves a field as it is.

    Raises RefusedUrl, and Endpoint.DoesNotExist when it was deleted meanwhile.
    """
    changes: dict[str, Any] = {}
    if url is not None:
        check_url(url)
        changes |= {"url": url, **(_FRESH if url != endpoint.url else {})}
    if events is not None:
        changes["events"] = events
    if enabled is not None:
        changes |= _switched(enabled)
    if changes:
        Endpoint.objects.filter(id=endpoint.id).update(**changes)
    if enabled is False:
        abandon_pending(endpoint)
    endpoint.refresh_from_db()
    return endpoint


def _switched(enabled: bool) -> dict[str, Any]:
    return {"enabled": enabled, "disabled_reason": "", **(_FRESH if enabled else {})}


@transaction.atomic
def delete_endpoint(*, endpoint: Endpoint) -> None:
    """With its secrets and its log."""
    # Before anything of it goes, wait for those who are adding to it, and make others wait.
    Endpoint.objects.select_for_update().filter(id=endpoint.id).first()
    Endpoint.objects.filter(id=endpoint.id).delete()


@transaction.atomic
def send_test(*, endpoint: Endpoint, event_type: str) -> Attempt:
    """Plan the delivery of a made-up event, whatever the endpoint listens to. It is tried once.

    Raises Endpoint.DoesNotExist when it was deleted meanwhile.
    """
    target = Target.of(endpoint)
    target.lock()
    message = test_message(endpoint.workspace, event_type)
    return intake.plan(target, message, max_attempts=schedule.TEST_MAX_ATTEMPTS, by_hand=True)


@transaction.atomic
def redeliver(*, attempt: Attempt) -> Attempt:
    """Plan a new delivery of what the attempt sent: the same event with the same bytes.

    Raises Endpoint.DoesNotExist when the endpoint was deleted meanwhile.
    """
    target = Target(attempt.workspace_id, attempt.endpoint_id)
    target.lock()
    return intake.plan(target, attempt.message, url=attempt.url, max_attempts=attempt.max_attempts, by_hand=True)


def check_url(url: str) -> None:
    """Raises RefusedUrl for an address that cannot be a receiver, as far as that can be told without asking it."""
    if "#" in url:
        raise RefusedUrl(f"{url[:100]!r} has a fragment, which is never sent; leave it out.")
    if settings.IS_PRODUCTION and not url.lower().startswith("https://"):
        raise RefusedUrl(f"{url[:100]!r} is not an https URL; events are sent encrypted only.")
    try:
        refuse_early(url, allow=settings.FRAMELANE_NET_ALLOW)
    except Refused as refused:
        raise RefusedUrl(refused.message) from None


def purge_log() -> int:
    """Delete attempts and messages past their retention; how many attempts. What is still to be sent stays."""
    horizon = clock.now() - schedule.RETENTION
    old = Attempt.objects.filter(created_at__lt=horizon).exclude(status=Status.PENDING)
    deleted = _delete_in_batches(old)
    _delete_in_batches(Message.objects.filter(created_at__lt=horizon, attempts=None))
    return deleted


def _delete_in_batches(rows: QuerySet[M]) -> int:
    """Short transactions: others want to write too."""
    total = 0
    for _ in range(PURGE_BATCHES):
        chosen = list(rows.values_list("pk", flat=True)[:PURGE_BATCH_SIZE])
        total += rows.model._default_manager.filter(pk__in=chosen).delete()[0]
        if len(chosen) < PURGE_BATCH_SIZE:
            break
    return total
