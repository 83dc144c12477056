"""Without a GPU nothing here is a test, unless `make gpu-check` asks for failures."""

import os
from pathlib import Path

import pytest
import torch

from tests.gpu.reference import make_sources

collect_ignore_glob = [] if torch.cuda.is_available() or "FAIL_WITHOUT_CUDA" in os.environ else ["test_*.py"]


@pytest.fixture(scope="session")
def sources(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    return make_sources(tmp_path_factory.mktemp("sources"), 1280, 720)
