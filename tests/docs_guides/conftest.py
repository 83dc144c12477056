"""The environments in which the programs of the guides run."""

import pytest

from scripts.sdks import prepare


@pytest.fixture(scope="session")
def sdks() -> None:
    """Both SDKs installed and built, with what the programs import beside them."""
    prepare()
