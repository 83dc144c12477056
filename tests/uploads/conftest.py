"""A store of its own for every test."""

from pathlib import Path

import pytest
from pytest_django import Settings

from framelane.lib.storage import Store, get_store


@pytest.fixture(autouse=True)
def store(tmp_path: Path, settings: Settings) -> Store:
    """The installation's store, empty, in a folder of this test."""
    settings.STORAGE_URL = (tmp_path / "store").as_uri()
    return get_store()
