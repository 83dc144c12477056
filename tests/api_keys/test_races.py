"""Orders of keys that come at the same instant."""

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from typing import Any

import pytest
from django.db import connection

from apps.api_keys import services
from apps.api_keys.models import ApiKey
from tests.people import Person


def at_once(count: int, call: Callable[[int], Any]) -> list[Any]:
    barrier = Barrier(count)

    def run(number: int) -> Any:
        try:
            connection.ensure_connection()
            barrier.wait(timeout=30)
            return call(number)
        finally:
            connection.close()

    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(run, range(count)))


@pytest.mark.django_db(transaction=True)
def test_orders_at_the_same_instant_do_not_pass_the_limit(transactional_db: None, alice: Person) -> None:
    for number in range(services.MAX_KEYS - 3):
        services.create_key(workspace=alice.workspace, name=f"key {number}")

    def order(number: int) -> bool:
        try:
            services.issue_key(workspace=alice.workspace, name="new", scopes=["renders:read"], expires_at=None)
            return True
        except services.TooManyKeys:
            return False

    assert Counter(at_once(8, order)) == {True: 2, False: 6}


@pytest.mark.django_db(transaction=True)
def test_rotations_at_the_same_instant_make_one_successor(transactional_db: None, alice: Person) -> None:
    def order(number: int) -> bool:
        try:
            services.rotate_key(key=alice.key, overlap=timedelta(hours=1))
            return True
        except services.NotRotatable:
            return False

    assert Counter(at_once(6, order)) == {True: 1, False: 5}
    assert ApiKey.objects.count() == 2
