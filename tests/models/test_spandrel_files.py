"""Checkpoints of known projects give what spandrel alone makes of them."""

import importlib.util
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch
from torch import Tensor, nn

from gpu_tasks.models.devices import Device
from gpu_tasks.models.spandrel_files import ForeignNetwork, measured_bytes_per_pixel, read_checkpoint, recognise
from gpu_tasks.models.tiling import TiledNetwork
from gpu_tasks.weights.store import ModelDamaged

CPU = Device(torch.device("cpu"), torch.float32)
pytestmark = pytest.mark.slow


Shapes = dict[str, tuple[int, ...]]


def _layer(name: str, out_channels: int, in_channels: int) -> Shapes:
    return {f"{name}.weight": (out_channels, in_channels, 3, 3), f"{name}.bias": (out_channels,)}


def _compact(features: int = 16, depth: int = 4, scale: int = 4) -> Shapes:
    """Real-ESRGAN's compact network: convolutions with PReLU between them, then pixel shuffling."""
    shapes = _layer("body.0", features, 3) | {"body.1.weight": (features,)}
    for place in range(2, 2 * depth + 2, 2):
        shapes |= _layer(f"body.{place}", features, features) | {f"body.{place + 1}.weight": (features,)}
    return shapes | _layer(f"body.{2 * depth + 2}", 3 * scale**2, features)


def _residual_dense(features: int = 16, blocks: int = 2, growth: int = 32) -> Shapes:
    """RRDBNet: blocks of three dense blocks of five convolutions, then two doublings."""
    shapes = _layer("conv_first", features, 3)
    for block in range(blocks):
        for dense in (1, 2, 3):
            for layer in range(5):
                out_channels = features if layer == 4 else growth
                name = f"body.{block}.rdb{dense}.conv{layer + 1}"
                shapes |= _layer(name, out_channels, features + layer * growth)
    for name in ("conv_body", "conv_up1", "conv_up2", "conv_hr"):
        shapes |= _layer(name, features, features)
    return shapes | _layer("conv_last", 3, features)


NETWORKS: dict[str, Callable[[], Shapes]] = {"compact": _compact, "residual dense": _residual_dense}


@pytest.fixture(autouse=True, scope="module")
def spandrel() -> Any:
    """Imported as the project does it, without torchvision."""
    with pytest.raises(ModelDamaged):
        recognise({"a": torch.ones(1)}, "nothing", CPU)
    return importlib.import_module("spandrel")


def random_weights(shapes: Shapes) -> dict[str, Tensor]:
    generator = torch.Generator().manual_seed(3)
    return {name: torch.randn(shape, generator=generator) * 0.1 for name, shape in shapes.items()}


@pytest.fixture(params=NETWORKS)
def checkpoint(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    weights = random_weights(NETWORKS[request.param]())
    torch.save(
        {"params": {name: 0 * value for name, value in weights.items()}, "params_ema": weights}, tmp_path / "a.pth"
    )
    return tmp_path / "a.pth"


def picture(height: int = 37, width: int = 50) -> Tensor:
    return torch.rand((1, 3, height, width), generator=torch.Generator().manual_seed(5))


def test_a_checkpoint_gives_what_spandrel_gives(checkpoint: Path, spandrel: Any) -> None:
    ours = read_checkpoint(checkpoint, CPU)
    theirs = spandrel.ModelLoader().load_from_file(checkpoint).eval()
    assert (ours.scale, ours.channels, ours.architecture) == (4, 3, theirs.architecture.name)
    with torch.inference_mode():
        assert torch.equal(ours.network(picture()), theirs(picture()))
        assert float(ours.network(picture()).std()) > 0, "the moving average was read, not the zeros beside it"


def test_several_pictures_are_as_many_single_ones(checkpoint: Path) -> None:
    ours = read_checkpoint(checkpoint, CPU)
    with torch.inference_mode():
        two = torch.cat([picture(), picture().flip(3)])
        assert torch.equal(ours.network(two)[1:], ours.network(picture().flip(3)))


def test_tiles_show_no_seams(checkpoint: Path) -> None:
    ours = read_checkpoint(checkpoint, CPU)
    given = picture(150, 170)
    whole = ours.network(given)
    tiled = TiledNetwork(ours.network, ours.tiling(tile_px=128), CPU)(given)
    assert float((tiled - whole).abs().max()) < 1e-3
    assert float(whole.std()) > 1e-2


def test_memory_is_measured_by_the_largest_layer() -> None:
    layer = nn.Sequential(nn.Conv2d(3, 12, 3, padding=1), nn.PixelShuffle(2))
    # The shuffle takes 12 numbers a pixel and gives as many: 24 of 4 bytes, and half as much in reserve.
    assert measured_bytes_per_pixel(layer, layer, 3, CPU.torch_device, CPU.dtype) == 144


def test_what_may_not_be_cut_is_not(checkpoint: Path) -> None:
    facts = {name: getattr(read_checkpoint(checkpoint, CPU), name) for name in ForeignNetwork.__slots__}
    seen: list[int] = []

    def network(tile: Tensor) -> Tensor:
        seen.append(tile.shape[3])
        return tile.repeat_interleave(4, 2).repeat_interleave(4, 3)

    whole = ForeignNetwork(**(facts | {"tiled": False, "network": network}))
    TiledNetwork(whole.network, whole.tiling(tile_px=128), CPU)(picture(150, 170))
    assert seen == [170]


def _without_a_tensor(weights: dict[str, Tensor]) -> dict[str, Tensor]:
    return {name: value for name, value in weights.items() if not name.startswith(("body.2.w", "conv_hr"))}


def _misshapen(weights: dict[str, Tensor]) -> dict[str, Tensor]:
    return {name: value.flatten() for name, value in weights.items()}


def _renamed(weights: dict[str, Tensor]) -> dict[str, Tensor]:
    return {f"x.{name}": value for name, value in weights.items()}


@pytest.mark.parametrize("spoil", [_without_a_tensor, _misshapen, _renamed])
@pytest.mark.parametrize("kind", NETWORKS)
def test_weights_of_no_known_network_are_refused(kind: str, spoil: Callable[[Any], Any]) -> None:
    with pytest.raises(ModelDamaged, match=r"odd\.pth holds no network of a known kind"):
        recognise(spoil(random_weights(NETWORKS[kind]())), "odd.pth", CPU)


def test_torchvision_is_only_pretended_while_spandrel_loads() -> None:
    program = (
        "import sys, torch\n"
        "from gpu_tasks.models.devices import Device\n"
        "from gpu_tasks.models.spandrel_files import recognise\n"
        "from gpu_tasks.weights.store import ModelDamaged\n"
        "try:\n"
        "    recognise({'a': torch.ones(1)}, 'nothing', Device(torch.device('cpu'), torch.float32))\n"
        "except ModelDamaged:\n"
        "    print([name for name in sys.modules if name.startswith('torchvision')], 'spandrel' in sys.modules)\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout == "[] True\n"
