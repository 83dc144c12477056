"""Events that were handed on long ago are forgotten, and no others."""

from datetime import timedelta

import pytest

from apps.events import services, tasks
from apps.events.models import Event
from framelane.lib import clock
from tests.people import Person


def made(person: Person, relayed_days_ago: float | None) -> Event:
    then = None if relayed_days_ago is None else clock.now() - timedelta(days=relayed_days_ago)
    event = Event.objects.create(workspace=person.workspace, type="asset.ready", relayed_at=then)
    Event.objects.filter(id=event.id).update(created_at=clock.now() - timedelta(days=400))
    return event


def test_what_was_handed_on_a_month_ago_goes(alice: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(services, "PURGE_BATCH_SIZE", 2)
    kept = [made(alice, 29.9), made(alice, None)]
    for _ in range(5):
        made(alice, 30.1)
    assert services.purge() == 5
    tasks.purge()
    assert set(Event.objects.all()) == set(kept)
