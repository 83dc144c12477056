"""A training keeps within its time, can be stopped and taken up, and what it made can be shipped."""

import json
from pathlib import Path

import numpy as np
import pytest
import torch

from gpu_tasks.models.super_resolution.network import LumaNetwork, Shape
from gpu_tasks.models.super_resolution.weights_file import read_network, write_network
from gpu_tasks.weights.catalogue import read_catalogue
from gpu_tasks.weights.store import sha256_of
from scripts.train_super_resolution.dataset import Pairs, make_pairs
from scripts.train_super_resolution.pictures import picture
from scripts.train_super_resolution.ship import CAUTION, ship
from scripts.train_super_resolution.train import Settings, Training, gain_db, rate_share

pytestmark = pytest.mark.slow

SHAPE = Shape(2, features=8, depth=1)


@pytest.fixture(scope="module")
def pairs() -> Pairs:
    return make_pairs(np.stack([picture(seed) for seed in range(4)]), 2, "clean", seed=0)


LUMA = torch.rand(1, 1, 8, 8, generator=torch.Generator().manual_seed(1))


def settings(minutes: float) -> Settings:
    return Settings(SHAPE, "clean", minutes, rate=5e-3, batch=4, patch_px=16)


@pytest.mark.slow
def test_some_steps_of_training_beat_bicubic_interpolation(pairs: Pairs, tmp_path: Path) -> None:
    training, checks, rng = Training(settings(60), tmp_path), pairs.whole(96), np.random.default_rng(1)
    for _ in range(250):
        training.advance(*pairs.batch(rng, 4, 16))
    assert gain_db(training.network, *checks) > 0.1


def test_a_training_ends_when_its_time_is_spent(pairs: Pairs, tmp_path: Path) -> None:
    training = Training(settings(0.01), tmp_path)
    training.run(pairs, pairs.whole(96))
    assert training.spent_s >= 0.01 * 60
    assert training.step > 0


def test_a_stopped_training_goes_on_where_it_was(pairs: Pairs, tmp_path: Path) -> None:
    first = Training(settings(0.005), tmp_path)
    assert not first.resume()
    first.run(pairs, pairs.whole(96))
    second = Training(settings(0.005), tmp_path)
    assert second.resume()
    assert (second.step, second.spent_s) == (first.step, first.spent_s)
    for name, value in first.network.state_dict().items():
        assert torch.equal(second.network.state_dict()[name], value)
    second.run(pairs, pairs.whole(96))
    assert second.step == first.step


def test_another_training_starts_from_given_weights(pairs: Pairs, tmp_path: Path) -> None:
    first = Training(settings(0.002), tmp_path)
    first.run(pairs, pairs.whole(96))
    second = Training(Settings(SHAPE, "robust", 1), tmp_path / "other")
    second.start_from(first.weights_file)
    luma = torch.rand(1, 1, 8, 8)
    assert torch.allclose(second.network(luma), read_network(first.weights_file)(luma), atol=1e-6)


def test_the_learning_rate_warms_up_and_falls_to_almost_nothing() -> None:
    assert rate_share(0, 0.0) < 0.01
    assert rate_share(1000, 0.0) == pytest.approx(1)
    assert rate_share(1000, 0.5) == pytest.approx(0.5, abs=0.01)
    assert 0 < rate_share(1000, 1.0) == rate_share(1000, 3.0) < 0.01


def test_a_robust_network_is_shipped_more_cautious_than_it_was_trained(tmp_path: Path) -> None:
    trained = LumaNetwork(SHAPE)
    write_network(tmp_path / "x2-robust.safetensors", trained.state_dict(), SHAPE, {})
    (tmp_path / "catalogue.json").write_text("[]")
    ship(tmp_path / "x2-robust.safetensors", tmp_path, tmp_path / "catalogue.json")
    shipped = read_network(tmp_path / "framelane-x2-robust.safetensors")
    assert torch.allclose(shipped.details(LUMA), CAUTION["robust"] * trained.details(LUMA), atol=1e-6)


def test_shipping_enters_the_weights_into_the_catalogue_once(pairs: Pairs, tmp_path: Path) -> None:
    training = Training(settings(0.002), tmp_path / "training")
    training.run(pairs, pairs.whole(96))
    catalogue, folder = tmp_path / "catalogue.json", tmp_path / "files"
    folder.mkdir()
    catalogue.write_text(json.dumps([]))
    for _ in range(2):
        ship(training.weights_file, folder, catalogue)
    (entry,) = read_catalogue(catalogue)
    assert (entry.name, entry.scale, entry.variant, entry.packaged) == ("framelane-x2-clean", 2, "clean", True)
    assert entry.overlap_px == read_network(folder / entry.file).reach_px
    assert torch.equal(read_network(folder / entry.file)(LUMA), read_network(training.weights_file)(LUMA))
    assert entry.sha256 == sha256_of(folder / entry.file)
