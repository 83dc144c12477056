"""Reads of counters."""

import json
from collections import defaultdict

from django.db.models import Sum

from apps.tallies.models import Tally

Sums = dict[str, dict[tuple[str, ...], int]]
"""For each counter what it stands at, by the values of its labels."""


def sums() -> Sums:
    """Every counter, in one statement: it sees a merge of rows as a whole or not at all."""
    found: Sums = defaultdict(dict)
    for name, labels, value in Tally.objects.values_list("name", "labels").annotate(value=Sum("value")):
        found[name][tuple(json.loads(labels))] = int(value)
    return found
