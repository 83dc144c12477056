"""Usage in the console: the chart says what the ledger says."""

import re
from datetime import timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import DjangoAssertNumQueries

from apps.billing.models import UsageRecord
from apps.console.chart import BOTTOM, HEIGHT, TOP, bar_chart, nice_top
from framelane.lib import clock
from tests.console.people import signed_in
from tests.people import Person


def use(person: Person, seconds: int, days_ago: int, kind: str = "render", count: int = 1) -> None:
    at = clock.now() - timedelta(days=days_ago)
    UsageRecord.objects.bulk_create(
        UsageRecord(
            job_id=f"{person.key.id[4:]}{kind[:4]}{days_ago}-{number}",
            workspace=person.workspace,
            kind=kind,
            output_s=Decimal(seconds),
            created_at=at,
        )
        for number in range(count)
    )


@pytest.mark.parametrize(("period", "minutes", "renders", "days"), [("7d", "1.50", 1, 7), ("30d", "4.50", 2, 30)])
def test_sums_and_bars_are_those_of_the_period(
    alice: Person, bob: Person, period: str, minutes: str, renders: int, days: int
) -> None:
    use(alice, 60, 0)
    use(alice, 30, 6, "transcribe")
    use(alice, 180, 20)
    use(bob, 6000, 0)
    page = signed_in(alice).get(f"/console/usage?period={period}").content.decode()
    assert f"<dt>Minutes</dt><dd>{minutes}</dd>" in page
    assert f"<dt>Renders</dt><dd>{renders}</dd>" in page
    assert page.count('<rect class="bar"') == days


def test_an_unknown_period_is_refused(alice: Person) -> None:
    assert signed_in(alice).get("/console/usage?period=<script>").status_code == 400


def test_ten_thousand_jobs_take_few_queries(
    alice: Person, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for day in range(10):
        use(alice, 6, day, count=1000)
    client = signed_in(alice)
    with django_assert_max_num_queries(10):
        page = client.get("/console/usage?period=90d").content.decode()
    assert "<dd>10,000</dd>" in page


@given(st.lists(st.integers(0, 10**7), min_size=1, max_size=60))
def test_bars_stay_within_the_picture_and_in_proportion(values: list[int]) -> None:
    chart = bar_chart(values, [""] * len(values), [""] * len(values))
    room = HEIGHT - TOP - BOTTOM
    for bar, value in zip(chart.bars, values, strict=True):
        assert 0 <= bar.height <= room + 0.01
        assert abs(bar.height - room * value / nice_top(max(values))) <= 0.01
        assert abs(bar.y + bar.height - chart.base) <= 0.02


def test_axes_end_at_round_numbers() -> None:
    assert [nice_top(value) for value in (0, 0.3, 1, 1.1, 42, 99, 2600)] == [1, 0.5, 1, 2, 50, 100, 5000]
    assert re.fullmatch(r"[0-9.]+", bar_chart([42], [""], [""]).lines[1].label)
