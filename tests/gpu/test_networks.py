"""Networks in half precision on a card give the pictures that they give in single precision on the CPU."""

from pathlib import Path

import pytest
import torch

from gpu_tasks.models.devices import Device
from gpu_tasks.weights.descriptor import Descriptor
from tests.gpu.networks import LEAST_DB, OWN, enlargement_db, recurrent_db

CARD = Device(torch.device("cuda"), torch.float16)
SIZE = (640, 360)


@pytest.mark.parametrize("entry", OWN, ids=lambda entry: entry.name)
def test_enlargements_agree(entry: Descriptor) -> None:
    assert enlargement_db(entry, CARD, SIZE) >= LEAST_DB


def test_recurrent_mattes_agree(tmp_path: Path) -> None:
    assert recurrent_db(tmp_path, CARD, SIZE) >= LEAST_DB
