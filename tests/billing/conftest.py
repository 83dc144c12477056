"""An installation that takes payments, and somebody on the free plan."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.billing.payments import Shop, open_shop
from tests.people import Person, make_person


@pytest.fixture
def shop(db: None, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Shop]:
    with open_shop(settings, monkeypatch) as opened:
        yield opened


@pytest.fixture
def freya(db: None) -> Person:
    return make_person("Freya", plan="free")


@pytest.fixture
def pro(shop: Shop, freya: Person) -> dict[str, Any]:
    """Freya's subscription at Stripe, which has just begun."""
    return shop.subscribe(freya)
