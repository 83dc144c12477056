"""The SDKs' own tests, against one live platform behind a proxy that makes faults."""

import re
from pathlib import Path

import pytest

from scripts import sdks
from tests.sdks.commands import output_of
from tests.sdks.stand import Stand

pytestmark = [pytest.mark.once, pytest.mark.slow, pytest.mark.timeout(3000)]

TIMEOUT_S = 2800


def test_the_python_sdk(stand: Stand) -> None:
    command: list[str | Path] = [sdks.PYTHON, "-m", "pytest", "-q", "-p", "no:cacheprovider"]
    said = output_of(command, sdks.PYTHON_SDK, stand.variables, TIMEOUT_S)
    assert int(found(r"(\d+) passed", said)) > 0
    assert not re.search(r"\d+ skipped", said), said


def test_the_typescript_sdk(stand: Stand) -> None:
    said = output_of(["npm", "test", "--silent"], sdks.TYPESCRIPT_SDK, stand.variables, TIMEOUT_S)
    assert int(found(r"^\S+ pass (\d+)$", said)) > 0
    assert int(found(r"^\S+ skipped (\d+)$", said)) == 0


def found(pattern: str, said: str) -> str:
    match = re.search(pattern, said, re.MULTILINE)
    assert match, f"{pattern} is not in:\n{said[-2000:]}"
    return match[1]
