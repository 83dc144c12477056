"""One platform for all pages."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from scripts.sdks import prepare
from tests.docs.stage import Receiver, Stage, open_stage
from tests.e2e.conftest import own_services

HERE = Path(__file__).parent
WORKSPACES = 200


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if item.path.is_relative_to(HERE) and "stage" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.slow)
            item.add_marker(pytest.mark.once)
            if item.get_closest_marker("timeout") is None:
                # The first of them waits for the platform, and for all the workspaces to be made.
                item.add_marker(pytest.mark.timeout(900))


@pytest.fixture(scope="session")
def sdks() -> None:
    """Both SDKs as they lie there, installed and built."""
    prepare()


@pytest.fixture(scope="session")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    home = tmp_path_factory.mktemp("platform")
    with own_services(first_redis_database=14) as settings, open_stage(home, settings, WORKSPACES) as opened:
        yield opened


@pytest.fixture(scope="session")
def receiver() -> Iterator[Receiver]:
    with Receiver() as running:
        yield running
