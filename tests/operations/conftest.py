"""Jobs at every point of their lives, without a broker."""

from collections.abc import Callable

import pytest
from celery import current_app

from apps.jobs.models import Job
from apps.jobs.services.submit import create_render
from tests.people import Person

SCENE = {"duration": 2, "elements": [{"type": "text", "text": "Hello", "duration": 2}]}


@pytest.fixture(autouse=True)
def no_broker(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hints go nowhere."""
    monkeypatch.setattr(current_app, "send_task", lambda *_, **__: None)


@pytest.fixture
def render(alice: Person) -> Callable[[], Job]:
    """Queues a render of Alice's."""
    return lambda: create_render(workspace=alice.workspace, payload=SCENE)
