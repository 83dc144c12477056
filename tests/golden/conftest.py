"""The painted sources, made once for all tests of this folder."""

from pathlib import Path

import pytest

from tests.golden.sources import make_sources


@pytest.fixture(scope="package")
def paths(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    return make_sources(tmp_path_factory.mktemp("golden"))
