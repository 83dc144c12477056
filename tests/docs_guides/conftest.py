"""The environments in which the programs of the guides run."""

from pathlib import Path

import pytest

from scripts.sdks import prepare

HERE = Path(__file__).parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if item.path.is_relative_to(HERE):
            # The first of them waits for both SDKs and for the platform.
            item.add_marker(pytest.mark.timeout(900))


@pytest.fixture(scope="session")
def sdks() -> None:
    """Both SDKs installed and built, with what the programs import beside them."""
    prepare()
