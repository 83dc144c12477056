"""Means of every test of the console."""

from datetime import timedelta
from typing import Any

import pytest

from framelane.lib import clock


@pytest.fixture
def pass_time(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Moves the clock on."""
    now, passed = clock.now, timedelta()

    def move(by: timedelta) -> None:
        nonlocal passed
        passed += by
        monkeypatch.setattr(clock, "now", lambda: now() + passed)

    return move
