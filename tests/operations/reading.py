"""Reads what /metrics tells."""

from typing import Any

from prometheus_client.parser import text_string_to_metric_families

Samples = dict[tuple[str, tuple[tuple[str, str], ...]], float]


def parsed(text: str) -> Samples:
    """Every sample by its name and labels. A sample that is told twice is an error."""
    found: Samples = {}
    for family in text_string_to_metric_families(text):
        for sample in family.samples:
            key = (sample.name, tuple(sorted(sample.labels.items())))
            assert key not in found, key
            found[key] = sample.value
    return found


def value(samples: Samples, name: str, /, **labels: str) -> float:
    """One sample. Raises KeyError when there is none."""
    return samples[name, tuple(sorted(labels.items()))]


def scrape(client: Any) -> Samples:
    """What a client of this machine reads."""
    response = client.get("/metrics")
    assert response.status_code == 200, response.content
    return parsed(response.content.decode())
