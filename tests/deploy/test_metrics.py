"""The pages on operation name metrics that there are."""

import re
from pathlib import Path

import pytest
from prometheus_client.metrics_core import Metric

from apps.operations.metrics.collector import InstallationCollector
from apps.operations.metrics.requests import DURATION, REQUESTS
from tests.deploy.files import OPERATIONS

SUFFIXES = {"counter": ("_total",), "histogram": ("", "_bucket", "_sum", "_count"), "gauge": ("",), "info": ("_info",)}


@pytest.mark.django_db
@pytest.mark.parametrize("page", sorted(OPERATIONS.glob("*.md")), ids=lambda page: page.name)
def test_metrics_that_are_named_exist(page: Path) -> None:
    families: list[Metric] = [*InstallationCollector().collect(), *REQUESTS.collect(), *DURATION.collect()]
    known = {f"{family.name}{suffix}" for family in families for suffix in SUFFIXES.get(family.type, ("",))}
    named = set(re.findall(r"\bframelane_[a-z_]+[a-z]\b", page.read_text("utf-8"))) - {"framelane_2"}
    assert sorted(named - known) == []
