"""Reads of the usage ledger."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db.models import Count, Q, Sum

from apps.billing.models import UsageRecord

RENDER = "render"


@dataclass(frozen=True, slots=True)
class Usage:
    """Sums over a period. `output_s` counts the seconds of renders and tasks together."""

    output_s: Decimal
    render_output_s: Decimal
    renders_count: int
    task_count: int


def usage(*, workspace_id: str, start: datetime, end: datetime) -> Usage:
    """What a workspace used from `start` (inclusive) to `end` (exclusive)."""
    is_render = Q(kind=RENDER)
    sums = UsageRecord.objects.filter(workspace_id=workspace_id, created_at__gte=start, created_at__lt=end).aggregate(
        total_s=Sum("output_s"),
        render_s=Sum("output_s", filter=is_render),
        renders=Count("id", filter=is_render),
        tasks=Count("id", filter=~is_render),
    )
    return Usage(
        output_s=sums["total_s"] or Decimal(0),
        render_output_s=sums["render_s"] or Decimal(0),
        renders_count=sums["renders"],
        task_count=sums["tasks"],
    )
