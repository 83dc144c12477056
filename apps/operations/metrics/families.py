"""Families of metrics as prometheus-client has them, and how those are made of counters in the database."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily, Metric

from apps.tallies.selectors import Sums
from apps.tallies.services import INFINITY

Samples = Mapping[Any, float]
"""Values by tuples of labels, as texts, in the order of the family's labels."""


def gauge(name: str, text: str, labels: Sequence[str], samples: Samples) -> Metric:
    """A value that may go up and down; without labels its only sample is that of `()`."""
    family = GaugeMetricFamily(name, text, labels=labels)
    for values, value in sorted(samples.items()):
        family.add_metric(values, value)
    return family


def counter(name: str, text: str, labels: Sequence[str], samples: Samples, *, scale: float = 1) -> Metric:
    """A sum that only grows. `scale` turns what was counted into the unit of the name."""
    family = CounterMetricFamily(name, text, labels=labels)
    for values, value in sorted(samples.items()):
        family.add_metric(values, value * scale)
    return family


def histogram(name: str, text: str, labels: Sequence[str], tally: str, sums: Sums, bounds: Iterable[float]) -> Metric:
    """What `apps.tallies.services.observed` has counted under the name `tally`, in cumulative buckets."""
    family = HistogramMetricFamily(name, text, labels=labels)
    narrow, totals = sums.get(f"{tally}_bucket", {}), sums.get(f"{tally}_sum", {})
    for values, total in sorted(totals.items()):
        buckets, seen = [], 0
        for bound in [*(f"{bound:g}" for bound in bounds), INFINITY]:
            seen += narrow.get((*values, bound), 0)
            buckets.append((bound, seen))
        family.add_metric(values, buckets=buckets, sum_value=total / 1000)
    return family
