"""Endpoints that the platform gives up, and how their owner learns of it."""

from apps.mail.services import queue_mail
from apps.mail.texts import moment
from apps.tallies.services import Count, count
from apps.webhooks import schedule
from apps.webhooks.models import DisabledReason, Endpoint, Status
from apps.webhooks.targets import Target
from framelane.lib import clock


def has_failed_for_too_long(endpoint: Endpoint) -> bool:
    """Whether nothing has succeeded for five days in which several calls were made."""
    since = endpoint.failing_since
    if since is None or endpoint.failures < schedule.MIN_FAILURES:
        return False
    return clock.now() >= since + schedule.FAILING_FOR


def disable(endpoint: Endpoint, reason: DisabledReason) -> bool:
    """Switch an endpoint off in the caller's transaction and tell the owner. False when it was off already."""
    if not Endpoint.objects.filter(id=endpoint.id, enabled=True).update(enabled=False, disabled_reason=reason):
        return False
    abandon_pending(endpoint)
    queue_mail(
        to=endpoint.workspace.email,
        template="webhook_disabled",
        context={
            "workspace_name": endpoint.workspace.name,
            "webhook_id": endpoint.id,
            "url": endpoint.url,
            "failing_since": moment(endpoint.failing_since or clock.now()),
        },
        workspace=endpoint.workspace,
    )
    return True


def abandon_pending(endpoint: Endpoint) -> int:
    """Give up what waits for an endpoint that is off; how many. What is being sent, or was asked for, goes on."""
    waiting = Target.of(endpoint).pending().filter(by_hand=False, lease_until=None)
    abandoned = waiting.update(status=Status.DEAD, error="The webhook was disabled before this could be sent.")
    count(Count("webhook_attempts", ("abandoned",), abandoned))
    return abandoned
