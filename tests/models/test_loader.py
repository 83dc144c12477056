"""Weights are read from the layouts in use, and from nothing else."""

import os
import pickle
import struct
import zipfile
from collections import OrderedDict
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors.torch import save_file
from torch import nn

from gpu_tasks.models import loader
from gpu_tasks.models.loader import fill, load_weights, read_script, read_weights
from gpu_tasks.weights import store
from gpu_tasks.weights.catalogue import descriptors
from gpu_tasks.weights.descriptor import Descriptor
from gpu_tasks.weights.store import ModelDamaged, ModelMissing, sha256_of

pytestmark = pytest.mark.slow

CPU = torch.device("cpu")


def weights() -> dict[str, torch.Tensor]:
    return {"body.weight": torch.arange(6.0).reshape(2, 3), "body.bias": torch.ones(2)}


class Wrecker:
    """Unpickles to a call that makes a file."""

    def __init__(self, mark: Path) -> None:
        self._mark = mark

    def __reduce__(self) -> tuple[Any, ...]:
        return os.mkdir, (str(self._mark),)


LAYOUTS: dict[str, Callable[[], Any]] = {
    "bare": weights,
    "ordered": lambda: OrderedDict(weights()),
    "params": lambda: {"params": weights()},
    "params_ema before params": lambda: {"params": {"other": torch.zeros(1)}, "params_ema": weights()},
    "state_dict": lambda: {"state_dict": weights(), "epoch": 7, "best": 0.5},
    "data parallel": lambda: {"params": {f"module.{name}": value for name, value in weights().items()}},
    "one in another": lambda: {"state_dict": {"params_ema": weights()}},
}


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("suffix", [".pth", ".pt", ".ckpt"])
def test_checkpoints_of_every_usual_layout_are_read(layout: str, suffix: str, tmp_path: Path) -> None:
    path = tmp_path / f"network{suffix}"
    torch.save(LAYOUTS[layout](), path)
    _check(read_weights(path))


def test_checkpoints_of_the_old_format_are_read(tmp_path: Path) -> None:
    torch.save({"params": weights()}, tmp_path / "old.pth", _use_new_zipfile_serialization=False)
    _check(read_weights(tmp_path / "old.pth"))


def test_safetensors_are_read(tmp_path: Path) -> None:
    save_file(weights(), tmp_path / "network.safetensors")
    _check(read_weights(tmp_path / "network.safetensors"))


def _check(found: dict[str, torch.Tensor]) -> None:
    assert found.keys() == weights().keys()
    assert all(torch.equal(found[name], value) for name, value in weights().items())


@pytest.mark.parametrize("is_zip", [True, False])
def test_code_in_a_checkpoint_is_not_run(is_zip: bool, tmp_path: Path) -> None:
    mark, path = tmp_path / "mark", tmp_path / "wrecker.pth"
    torch.save({"params": {"a": Wrecker(mark)}}, path, _use_new_zipfile_serialization=is_zip)
    with pytest.raises(ModelDamaged, match=r"wrecker\.pth cannot be read as a checkpoint"):
        read_weights(path)
    assert not mark.exists()


def test_the_wrecker_works_where_nothing_stops_it(tmp_path: Path) -> None:
    pickle.loads(pickle.dumps(Wrecker(tmp_path / "mark")))
    assert (tmp_path / "mark").exists()


def _plain_pickle(path: Path) -> None:
    path.write_bytes(pickle.dumps({"a": 1}))


def _cut(path: Path) -> None:
    torch.save(weights(), path)
    path.write_bytes(path.read_bytes()[:-200])


def _damaged_inside(path: Path) -> None:
    torch.save(weights(), path)
    data = bytearray(path.read_bytes())
    start = data.index(b"data.pkl") + 60
    data[start : start + 40] = bytes(range(40))
    path.write_bytes(data)


def _packed(path: Path) -> None:
    torch.save(weights(), path)
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("archive/data/9", bytes(64 * 1024**2))


def _one_number_shown_often(path: Path) -> None:
    torch.save({"a": torch.zeros(1).expand(50_000, 50_000)}, path)


def _old_format_that_claims_much(path: Path) -> None:
    torch.save(weights(), path, _use_new_zipfile_serialization=False)
    data = path.read_bytes()
    path.write_bytes(data.replace(struct.pack("<q", 6), struct.pack("<q", 2**40)))


SPOILT: dict[str, Callable[[Path], object]] = {
    "empty": lambda path: path.write_bytes(b""),
    "noise": lambda path: path.write_bytes(bytes(range(256)) * 40),
    "text": lambda path: path.write_text("a checkpoint, honestly"),
    "plain pickle": _plain_pickle,
    "cut off": _cut,
    "damaged inside": _damaged_inside,
    "packed": _packed,
    "one number shown often": _one_number_shown_often,
    "too large a claim": _old_format_that_claims_much,
    "a list": lambda path: torch.save([torch.ones(2)], path),
    "nothing": lambda path: torch.save({}, path),
    "numbers": lambda path: torch.save({"a": 1.5}, path),
    "numbered": lambda path: torch.save({1: torch.ones(2)}, path),
    "sparse": lambda path: torch.save({"a": torch.eye(3).to_sparse()}, path),
    "complex": lambda path: torch.save({"a": torch.ones(2, dtype=torch.complex64)}, path),
}


@pytest.mark.parametrize("kind", SPOILT)
def test_what_is_no_checkpoint_is_refused(kind: str, tmp_path: Path) -> None:
    path = tmp_path / "spoilt.pth"
    SPOILT[kind](path)
    with pytest.raises(ModelDamaged, match=r"spoilt\.pth"):
        read_weights(path)


@pytest.mark.parametrize("head", [b"", b"\xff" * 8, struct.pack("<Q", 2**60), struct.pack("<Q", 9) + b"{broken}}"])
def test_what_is_no_safetensors_is_refused(head: bytes, tmp_path: Path) -> None:
    path = tmp_path / "spoilt.safetensors"
    path.write_bytes(head + bytes(100 if head else 0))
    with pytest.raises(ModelDamaged, match=r"spoilt\.safetensors"):
        read_weights(path)


def test_a_cut_safetensors_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "spoilt.safetensors"
    save_file(weights(), path)
    path.write_bytes(path.read_bytes()[:-4])
    with pytest.raises(ModelDamaged, match="cannot be read as safetensors"):
        read_weights(path)


@pytest.mark.parametrize("name", ["network.onnx", "network.pkl", "network"])
def test_other_files_are_refused_by_their_names(name: str, tmp_path: Path) -> None:
    torch.save(weights(), tmp_path / name)
    with pytest.raises(ModelDamaged, match=r"accepted are \.safetensors, \.pth, \.pt, \.ckpt"):
        read_weights(tmp_path / name)


def test_a_file_above_the_limit_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loader, "MAX_MODEL_BYTES", 500)
    torch.save(weights(), tmp_path / "large.pth")
    with pytest.raises(ModelDamaged, match="accepted are 1 to 500"):
        read_weights(tmp_path / "large.pth")


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(ModelDamaged, match=r"gone\.pth cannot be read"):
        read_weights(tmp_path / "gone.pth")


@pytest.mark.parametrize(
    ("module", "complaint"),
    [
        (lambda: nn.Sequential(OrderedDict(body=nn.Linear(4, 2))), "size mismatch"),
        (lambda: nn.Sequential(OrderedDict(body=nn.Linear(3, 2), tail=nn.Linear(2, 2))), "Missing key"),
        (lambda: nn.Sequential(OrderedDict(body=nn.Linear(3, 2, bias=False))), "Unexpected key"),
    ],
)
def test_weights_of_another_network_are_refused(module: Callable[[], nn.Module], complaint: str) -> None:
    with pytest.raises(ModelDamaged, match=f"(?s)the weights of mine are those of another network.*{complaint}"):
        fill(module(), weights(), "mine")


def test_weights_of_the_network_fill_it() -> None:
    module = nn.Sequential(OrderedDict(body=nn.Linear(3, 2)))
    assert not fill(module, weights(), "mine").training
    assert module(torch.tensor([1.0, 0, 0])).tolist() == [1, 4]


def test_torchscript_runs(tmp_path: Path) -> None:
    path = tmp_path / "double.torchscript"
    torch.jit.trace(nn.Upsample(scale_factor=2), torch.zeros(1, 1, 4, 4)).save(str(path))  # type: ignore[no-untyped-call]
    module = read_script(path, CPU)
    assert module(torch.ones(1, 1, 5, 3)).shape == (1, 1, 10, 6)


@pytest.mark.parametrize("kind", [kind for kind in SPOILT if kind != "one number shown often"])
def test_what_is_no_torchscript_is_refused(kind: str, tmp_path: Path) -> None:
    path = tmp_path / "spoilt.torchscript"
    SPOILT[kind](path)
    with pytest.raises(ModelDamaged, match=r"spoilt\.torchscript"):
        read_script(path, CPU)


@pytest.fixture
def entry(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Descriptor:
    """An installed network of the catalogue, its SHA-256 pinned by the operator."""
    monkeypatch.setenv(store.FOLDER_SETTING, str(tmp_path / "models"))
    unpinned = next(entry for entry in descriptors() if entry.sha256 is None and not entry.packaged)
    monkeypatch.setattr(store, "descriptor", lambda _name: _renamed(unpinned))
    file = tmp_path / "given.pth"
    torch.save({"params_ema": weights()}, file)
    store.install(unpinned.name, file, sha256_of(file))
    return unpinned


def _renamed(entry: Descriptor) -> Descriptor:
    facts = {name: getattr(entry, name) for name in entry.__slots__}
    return Descriptor(**(facts | {"file": "network.pth"}))


def test_an_installed_network_is_read_by_its_name(entry: Descriptor) -> None:
    _check(load_weights(entry.name))


def test_a_file_that_changed_since_is_not_even_opened(entry: Descriptor, monkeypatch: pytest.MonkeyPatch) -> None:
    path = store.path_of(entry.name)
    torch.save({"params_ema": {"body.weight": torch.zeros(2, 3)}}, path)
    monkeypatch.setattr(torch, "load", None)
    with pytest.raises(ModelDamaged, match="it should be"):
        load_weights(entry.name)


def test_a_missing_network_says_how_to_get_it(entry: Descriptor) -> None:
    store.path_of(entry.name).unlink()
    with pytest.raises(ModelMissing, match=f"models install {entry.name}"):
        load_weights(entry.name)
