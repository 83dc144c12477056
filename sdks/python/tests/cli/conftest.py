"""Fixtures of the command line's tests."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Callable

import pytest
from shell import Command


@pytest.fixture
def run(tmp_path: Path) -> Command:
    return Command(tmp_path)


@pytest.fixture
def nowhere(run: Command) -> Command:
    """A command that knows no server and no key."""
    run.env.pop("FRAMELANE_API_KEY", None)
    run.env["FRAMELANE_BASE_URL"] = "http://127.0.0.1:9"
    return run


@pytest.fixture
def started(run: Command) -> Iterator[Callable[..., Any]]:
    """Starts commands, and ends those that still run."""
    begun: list[subprocess.Popen[str]] = []

    def start(*arguments: str) -> subprocess.Popen[str]:
        begun.append(run.start(*arguments))
        return begun[-1]

    yield start
    for child in begun:
        child.kill()
        child.communicate()
