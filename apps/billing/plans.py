"""What the plans of the catalogue say."""

from decimal import Decimal
from typing import Any

from gpu_tasks.timeline.catalogue import catalogue


def plan_facts() -> dict[str, dict[str, Any]]:
    """The catalogue's entry of each plan, smallest first. Read-only."""
    facts: dict[str, dict[str, Any]] = catalogue()["plans"]
    return facts


def overage_usd_per_minute(plan: str) -> Decimal | None:
    """What a minute above the included ones costs; None where none is sold. Raises KeyError for an unknown plan."""
    price = plan_facts()[plan].get("overage_usd_per_minute")
    return None if price is None else Decimal(str(price))
