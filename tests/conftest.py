"""Fixtures of every test, and the marking of those that depend on the back end."""

import pytest
from rest_framework.test import APIClient

from tests.people import Person, client_with, make_person

BACKEND_FIXTURES = {"db", "transactional_db", "live_server", "django_db_setup"}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Whatever touches the database, broker or store runs on both back ends: mark it `stack`, unless once is enough."""
    for item in items:
        if item.get_closest_marker("once") is not None:
            continue
        fixtures = set(getattr(item, "fixturenames", ()))
        if fixtures & BACKEND_FIXTURES or item.get_closest_marker("django_db"):
            item.add_marker(pytest.mark.stack)


@pytest.fixture
def alice(db: None) -> Person:
    return make_person("Alice")


@pytest.fixture
def bob(db: None) -> Person:
    return make_person("Bob")


@pytest.fixture
def anonymous() -> APIClient:
    """A client without a key."""
    return client_with(None)
