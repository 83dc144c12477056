"""Half precision is precise enough for every network of ours: what a card is held to, on the CPU's own half floats."""

from pathlib import Path

import pytest
import torch

from gpu_tasks.models.devices import Device
from gpu_tasks.weights.descriptor import Descriptor
from tests.gpu.networks import LEAST_DB, OWN, enlargement_db, recurrent_db

HALF = Device(torch.device("cpu"), torch.float16)
SIZE = (96, 64)


@pytest.mark.parametrize("entry", OWN, ids=lambda entry: entry.name)
def test_enlargements_survive_half_precision(entry: Descriptor) -> None:
    assert enlargement_db(entry, HALF, SIZE) >= LEAST_DB


def test_recurrent_mattes_survive_half_precision(tmp_path: Path) -> None:
    assert recurrent_db(tmp_path, HALF, SIZE) >= LEAST_DB
