"""Orders of keys that come at the same instant."""

from collections import Counter
from datetime import timedelta
from functools import partial

import pytest

from apps.api_keys import services
from apps.api_keys.models import ApiKey
from tests.people import Person
from tests.threads import at_once


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

    assert Counter(at_once(*(partial(order, number) for number in range(8)))) == {True: 2, False: 6}


@pytest.mark.django_db(transaction=True)
def test_rotations_at_the_same_instant_make_one_successor(transactional_db: None, alice: Person) -> None:
    def order(number: int) -> bool:
        try:
            services.rotate_key(key=alice.key, overlap=timedelta(hours=1))
            return True
        except services.NotRotatable:
            return False

    assert Counter(at_once(*(partial(order, number) for number in range(6)))) == {True: 1, False: 5}
    assert ApiKey.objects.count() == 2
