"""One live stand for the suites of both SDKs, and the SDKs themselves."""

from collections.abc import Iterator

import pytest

from scripts import sdks
from tests.sdks.stand import Stand, running_stand


@pytest.fixture(scope="session")
def prepared_sdks() -> None:
    """Both SDKs with what they are tested with, as `make sdks` leaves them."""
    sdks.prepare()


@pytest.fixture(scope="session")
def stand(prepared_sdks: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stand]:
    """A platform behind the proxy that makes faults."""
    with running_stand(tmp_path_factory.mktemp("stand")) as running:
        yield running
