"""Checkpoints of networks that other projects trained, recognised by spandrel from the names and shapes in them."""

import importlib
import importlib.util
import sys
import types
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import torch
from torch import Tensor, nn

from gpu_tasks.models.devices import Device
from gpu_tasks.models.loader import read_weights
from gpu_tasks.models.tiling import Network, Tiling
from gpu_tasks.weights.store import ModelDamaged

_PROBE_PX = 64
# What cannot be told from a file: networks that look at a whole neighbourhood at once reach far, and fade best.
_OVERLAP_PX, _FEATHER_PX = 32, 16
_MOST_SCALE = 8
# What a network's output and the next one's input take beside the largest layer.
_RESERVE = 1.5
_RECOGNISING_ERRORS = (
    LookupError,
    ValueError,
    TypeError,
    AttributeError,
    AssertionError,
    ArithmeticError,
    RuntimeError,
    NotImplementedError,
)


@dataclass(frozen=True, slots=True)
class ForeignNetwork:
    """A network that somebody else trained: N × `channels` × H × W, 0–1, to the same `scale` times larger.

    `halves` says whether it computes well in half precision; `tiled` whether it may be given parts of a picture.
    """

    module: nn.Module
    network: Network
    architecture: str
    scale: int
    channels: int
    halves: bool
    tiled: bool
    bytes_per_pixel: int

    def tiling(self, tile_px: int = 0) -> Tiling:
        """How it wants its tiles, at most `tile_px` large."""
        size = tile_px if self.tiled else 0
        return Tiling(
            scale=self.scale,
            overlap_px=_OVERLAP_PX,
            feather_px=_FEATHER_PX,
            tile_px=size,
            min_tile_px=128 if self.tiled else sys.maxsize,
            bytes_per_pixel=self.bytes_per_pixel if self.tiled else 0,
        )


def read_checkpoint(path: Path, device: Device) -> ForeignNetwork:
    """The network in a checkpoint, on a device, in its precision where it may. Raises ModelDamaged."""
    return recognise(read_weights(path), path.name, device)


def recognise(weights: Mapping[str, Tensor], name: str, device: Device) -> ForeignNetwork:
    """The network from picture to picture that has these weights. Raises ModelDamaged where there is none."""
    found = _recognised(dict(weights), name)
    dtype = device.dtype if found.supports_half or device.dtype != torch.float16 else torch.float32
    found.to(device.torch_device, dtype).eval()
    network = cast(Network, found)
    return ForeignNetwork(
        found.model,
        _in_precision(network, dtype),
        found.architecture.name,
        found.scale,
        found.input_channels,
        found.supports_half,
        found.tiling.name != "DISCOURAGED",
        measured_bytes_per_pixel(found.model, network, found.input_channels, device.torch_device, dtype),
    )


def _recognised(weights: dict[str, Tensor], name: str) -> Any:
    with _without_torchvision():
        spandrel = importlib.import_module("spandrel")
    try:
        found = spandrel.ModelLoader().load_from_state_dict(weights)
    except (spandrel.UnsupportedModelError, *_RECOGNISING_ERRORS) as error:
        cause = (str(error).strip().splitlines() or [type(error).__name__])[0][:200]
        raise ModelDamaged(f"{name} holds no network of a known kind: {cause}") from None
    if not isinstance(found, spandrel.ImageModelDescriptor):
        raise ModelDamaged(f"{name} holds a network for {found.purpose}; one from picture to picture is accepted")
    if found.input_channels != found.output_channels or not 1 <= found.scale <= _MOST_SCALE:
        channels = f"{found.input_channels} to {found.output_channels} channels at scale {found.scale}"
        raise ModelDamaged(
            f"{name} holds a network of {channels}; as many out as in, and 1 to {_MOST_SCALE}, are accepted"
        )
    return found


def _in_precision(network: Network, dtype: torch.dtype) -> Network:
    def run(pictures: Tensor) -> Tensor:
        # Spandrel takes one picture at a time.
        return torch.cat([network(picture[None].to(dtype)) for picture in pictures])

    return run


@torch.inference_mode()
def measured_bytes_per_pixel(
    module: nn.Module, network: Network, channels: int, device: torch.device, dtype: torch.dtype
) -> int:
    """The memory that one input pixel takes in single precision: what the largest layer takes in and gives out."""
    largest = 0

    def see(_layer: nn.Module, given: tuple[Any, ...], made: Any) -> None:
        nonlocal largest
        numbers = sum(value.numel() for value in (*given, made) if isinstance(value, Tensor))
        largest = max(largest, numbers)

    leaves = [layer for layer in module.modules() if not list(layer.children())]
    hooks = [layer.register_forward_hook(see) for layer in leaves]
    try:
        network(torch.zeros((1, channels, _PROBE_PX, _PROBE_PX), device=device, dtype=dtype))
    finally:
        for hook in hooks:
            hook.remove()
    return max(1, int(_RESERVE * 4 * largest / _PROBE_PX**2))


@contextmanager
def _without_torchvision() -> Iterator[None]:
    """Lets spandrel be imported where torchvision is missing: two of its networks need three names from there."""
    if "spandrel" in sys.modules or importlib.util.find_spec("torchvision") is not None:
        yield
        return
    stand_ins = _torchvision_stand_ins()
    sys.modules.update(stand_ins)
    try:
        yield
    finally:
        for name in stand_ins:
            sys.modules.pop(name, None)


def _torchvision_stand_ins() -> dict[str, types.ModuleType]:
    names = ("torchvision", "torchvision.transforms", "torchvision.transforms.functional")
    modules = {name: types.ModuleType(name) for name in names}
    functional: Any = modules[names[-1]]
    functional.InterpolationMode = types.SimpleNamespace(BILINEAR="bilinear", NEAREST="nearest", BICUBIC="bicubic")
    functional.rotate = _missing
    functional.normalize = _normalised
    return modules


def _normalised(picture: Tensor, mean: list[float], std: list[float], inplace: bool = False) -> Tensor:
    """(picture − mean) / std for each channel."""
    shape = (-1, 1, 1)
    values = (picture - picture.new_tensor(mean).view(shape)) / picture.new_tensor(std).view(shape)
    return picture.copy_(values) if inplace else values


def _missing(*_: Any, **__: Any) -> Tensor:
    raise RuntimeError("this network turns pictures, which needs torchvision")
