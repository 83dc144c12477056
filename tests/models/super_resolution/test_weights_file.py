"""Files of weights say what they hold, and lies are found out."""

from pathlib import Path

import pytest
import torch
from safetensors.torch import save_file

from gpu_tasks.models.super_resolution.network import Shape
from gpu_tasks.models.super_resolution.weights_file import ARCHITECTURE, read_network, write_network
from gpu_tasks.weights.store import ModelDamaged
from tests.models.super_resolution.pictures import random_network

HONEST = {"architecture": ARCHITECTURE, "scale": "2", "features": "4", "depth": "2"}


def test_what_was_written_is_read(tmp_path: Path) -> None:
    network = random_network(4)
    write_network(tmp_path / "own.safetensors", network.state_dict(), network.shape, {"variant": "clean"})
    found = read_network(tmp_path / "own.safetensors")
    luma = torch.rand(1, 1, 9, 11, generator=torch.Generator().manual_seed(1))
    assert found.shape == Shape(4, 4, 2)
    assert torch.equal(found(luma), network(luma))


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"architecture": "other"}, "architecture 'other'"),
        ({"scale": "many"}, "does not say"),
        ({"scale": "1"}, "at most"),
        ({"scale": "64"}, "at most"),
        ({"features": "100000000"}, "at most"),
        ({"depth": "0"}, "at most"),
        ({"depth": "9000000"}, "at most"),
        ({"features": "8"}, "promises"),
        ({"scale": "4"}, "promises"),
    ],
)
def test_a_file_that_says_something_else_than_it_holds_is_refused(
    tmp_path: Path, change: dict[str, str], message: str
) -> None:
    path = tmp_path / "own.safetensors"
    save_file(random_network(2).state_dict(), path, HONEST | change)
    with pytest.raises(ModelDamaged, match=message):
        read_network(path)


@pytest.mark.parametrize("content", [b"", b"\xff" * 100, b"\x08\x00\x00\x00\x00\x00\x00\x00{}      "])
def test_a_broken_file_is_told(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "own.safetensors").write_bytes(content)
    with pytest.raises(ModelDamaged, match=r"own\.safetensors"):
        read_network(tmp_path / "own.safetensors")


def test_a_missing_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(ModelDamaged, match=r"own\.safetensors"):
        read_network(tmp_path / "own.safetensors")
