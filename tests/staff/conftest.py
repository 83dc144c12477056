"""People of the staff: one who may everything, one who may only look."""

from collections.abc import Callable

import pytest
from django.contrib.auth.models import Permission, User
from django.test import Client

Staff = Callable[..., Client]


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def staff(db: None) -> Client:
    return client_of(User.objects.create_superuser("charlie", "charlie@example.org", "a password"))


@pytest.fixture
def looker(db: None) -> Client:
    """Somebody who may see everything and do nothing."""
    user = User.objects.create_user("dora", "dora@example.org", "a password", is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename__startswith="view_"))
    return client_of(user)
