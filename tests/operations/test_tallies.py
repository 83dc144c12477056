"""Counters in the database: they grow, they are merged, and they never go down."""

import pytest
from django.db import IntegrityError, transaction

from apps.tallies.models import Tally
from apps.tallies.selectors import sums
from apps.tallies.services import WORTH_MERGING, Count, compact, count, observed
from tests.threads import at_once


@pytest.mark.django_db
def test_merging_keeps_every_sum() -> None:
    for number in range(WORTH_MERGING):
        count(Count("ends", (f"kind-{number % 3}", "")), Count("seconds", ("render",), number))
    before = sums()
    saved = compact()
    assert (saved, Tally.objects.count()) == (2 * WORTH_MERGING - 4, 4)
    assert sums() == before
    assert before["seconds"]["render",] == sum(range(WORTH_MERGING))
    assert before["ends"]["kind-0", ""] == -(-WORTH_MERGING // 3)


@pytest.mark.django_db
def test_a_few_rows_are_left_alone() -> None:
    count(*(Count("ends") for _ in range(WORTH_MERGING - 1)))
    assert compact() == 0
    assert sums()["ends"][()] == WORTH_MERGING - 1


@pytest.mark.django_db
def test_what_is_undone_is_not_counted() -> None:
    with transaction.atomic():
        count(Count("ends"))
        transaction.set_rollback(True)
    assert sums() == {}


@pytest.mark.django_db
def test_nothing_counts_down() -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        count(Count("ends", (), -1))


@pytest.mark.parametrize(("seconds", "bucket"), [(0, "1"), (1, "1"), (1.01, "5"), (5, "5"), (6, "+Inf")])
def test_an_observation_falls_into_the_narrowest_bucket(seconds: float, bucket: str) -> None:
    assert observed("wait", ("render",), seconds, (1, 5)) == [
        Count("wait_bucket", ("render", bucket)),
        Count("wait_sum", ("render",), round(1000 * seconds)),
    ]


@pytest.mark.django_db(transaction=True)
def test_merging_and_counting_at_once_lose_nothing() -> None:
    count(*(Count("ends") for _ in range(3 * WORTH_MERGING)))

    def add() -> int:
        for _ in range(20):
            count(Count("ends"))
        return 0

    def merge() -> int:
        return sum(compact() for _ in range(3))

    at_once(add, merge, add, merge)
    assert sums()["ends"][()] == 3 * WORTH_MERGING + 40
