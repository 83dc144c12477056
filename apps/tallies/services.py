"""Counting, in the transaction of what is counted."""

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction

from apps.tallies.models import Tally

MERGED_AT_ONCE = 20_000
"""Rows that one compaction reads at most; the next one takes the rest."""
WORTH_MERGING = 200
INFINITY = "+Inf"


@dataclass(frozen=True, slots=True)
class Count:
    """Add `value`, from 0, to the counter `name` with these values of its labels."""

    name: str
    labels: tuple[str, ...] = ()
    value: int = 1


def observed(name: str, labels: tuple[str, ...], value: float, bounds: Sequence[float]) -> list[Count]:
    """An observation of a histogram: one in the narrowest bucket that holds it, and its thousandths in the sum."""
    bound = next((f"{bound:g}" for bound in bounds if value <= bound), INFINITY)
    return [Count(f"{name}_bucket", (*labels, bound)), Count(f"{name}_sum", labels, round(1000 * value))]


def count(*counts: Count) -> None:
    """Add these in the caller's transaction. Raises django.db.IntegrityError for a negative value."""
    Tally.objects.bulk_create(
        Tally(name=one.name, labels=json.dumps(one.labels, separators=(",", ":")), value=one.value) for one in counts
    )


@transaction.atomic
def compact() -> int:
    """Merge the rows of each counter into one; how many rows that saved. Whoever reads meanwhile sees the same sums."""
    rows = list(Tally.objects.select_for_update().order_by("id")[:MERGED_AT_ONCE])
    if len(rows) < WORTH_MERGING:
        return 0
    sums: Counter[tuple[str, str]] = Counter()
    for row in rows:
        sums[row.name, row.labels] += row.value
    # The rows that were read, and none that has been added since.
    Tally.objects.filter(id__in=[row.id for row in rows]).delete()
    Tally.objects.bulk_create(Tally(name=name, labels=labels, value=value) for (name, labels), value in sums.items())
    return len(rows) - len(sums)
