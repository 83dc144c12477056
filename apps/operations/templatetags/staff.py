"""What the frame and the first page of the administration show of the installation."""

from typing import Any

from django import template
from django.conf import settings
from django.contrib.auth.models import User

from apps.audit.models import AuditEntry
from apps.operations.nodes import nodes
from apps.operations.page import figures
from apps.operations.page.view import PERMISSION
from framelane.api import staff_cells

register = template.Library()
RECENT = 8


@register.simple_tag
def installation() -> dict[str, Any]:
    """Which one somebody is looking at: what is done to one in earnest is done to customers."""
    return {
        "environment": settings.FRAMELANE_ENV,
        "version": settings.FRAMELANE_VERSION,
        "is_production": settings.IS_PRODUCTION,
    }


@register.inclusion_tag("admin/operations_strip.html")
def operations_strip(user: User) -> dict[str, Any]:
    """How it is doing, in a line; nothing for those who may not see it."""
    if not user.has_perm(PERMISSION):
        return {}
    queues = figures.queues(nodes())
    oldest = max(queues, key=lambda queue: queue.oldest_s)
    return {
        "running": sum(queue.running for queue in queues),
        "ready": sum(queue.ready for queue in queues),
        "failed": figures.outcomes().failed[list(figures.WINDOWS).index("24 h")],
        "oldest": oldest if oldest.oldest else None,
    }


@register.simple_tag
def recent_acts(user: User) -> list[AuditEntry]:
    """The last things that somebody did here."""
    return list(AuditEntry.objects.filter(actor=user).exclude(action__startswith="staff.sign")[:RECENT])


@register.filter
def length(seconds: Any) -> str:
    return staff_cells.length(seconds)


@register.filter
def megabytes(size_bytes: int | None) -> str:
    return staff_cells.megabytes(size_bytes)
