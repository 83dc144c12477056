"""The networks that enlarge, ready to run: our own by scale and variant, others by name."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import cast

from gpu_tasks.models.cache import DEFAULT_MAX_BYTES, ModelCache, module_bytes, networks
from gpu_tasks.models.devices import Device
from gpu_tasks.models.spandrel_files import ForeignNetwork, read_checkpoint
from gpu_tasks.models.super_resolution.choose import Variant
from gpu_tasks.models.super_resolution.colour import OnRgb, on_rgb
from gpu_tasks.models.super_resolution.network import channels_last
from gpu_tasks.models.super_resolution.precision import details_dtype
from gpu_tasks.models.super_resolution.sizes import network_scale
from gpu_tasks.models.super_resolution.weights_file import read_network
from gpu_tasks.models.tiling import TiledNetwork, Tiling
from gpu_tasks.weights.catalogue import UnknownModel, descriptor, of_purpose
from gpu_tasks.weights.descriptor import Descriptor
from gpu_tasks.weights.store import ModelMissing, user_folder, verify

CHECKPOINT_SUFFIXES = (".pth", ".safetensors", ".pt", ".ckpt")
_FOREIGN_TILE_PX = 256

_foreign: ModelCache[ForeignNetwork] = ModelCache(DEFAULT_MAX_BYTES, lambda network: module_bytes(network.module))


@dataclass(frozen=True, slots=True)
class Enlargement:
    """A network that is ready: its name, its whole scale, and itself from N × 3 × H × W to `scale` times that."""

    name: str
    scale: int
    network: TiledNetwork


def own(scale: float, variant: Variant, device: Device) -> Enlargement:
    """Our network of a variant for a scale from 1 to 4. Raises ModelMissing, ModelDamaged."""
    offered = {entry.scale: entry for entry in of_purpose("super_resolution") if _is_own(entry, variant)}
    return from_entry(offered[network_scale(scale, offered)], device)


def from_entry(entry: Descriptor, device: Device) -> Enlargement:
    """A network of ours. Raises ModelMissing, ModelDamaged."""
    model = cast(OnRgb, networks.get(("super_resolution", entry.name, device), lambda: _own_model(entry, device)))
    tiling = Tiling(
        scale=entry.scale,
        overlap_px=model.network.reach_px,
        tile_px=entry.tile_px,
        bytes_per_pixel=entry.bytes_per_pixel,
    )
    return Enlargement(entry.name, entry.scale, TiledNetwork(model, tiling, device))


def named(name: str, device: Device) -> Enlargement:
    """The network of that name: one of the catalogue, or a checkpoint in the operator's folder by its file's name.

    Raises UnknownModel, ModelMissing, ModelDamaged.
    """
    if name.endswith(CHECKPOINT_SUFFIXES):
        return _from_file(name, _in_folder(name), _FOREIGN_TILE_PX, device)
    entry = descriptor(name)
    if entry.purpose != "super_resolution":
        raise UnknownModel(f"the model {name!r} is for {entry.purpose}; accepted are {', '.join(names())}")
    if _is_own(entry, entry.variant):
        return from_entry(entry, device)
    return _from_file(name, verify(name), entry.tile_px, device)


def names() -> list[str]:
    """Those of the catalogue."""
    return [entry.name for entry in of_purpose("super_resolution")]


def _is_own(entry: Descriptor, variant: str) -> bool:
    return entry.packaged and entry.variant == variant


def _own_model(entry: Descriptor, device: Device) -> OnRgb:
    model = OnRgb(read_network(verify(entry.name))).eval()
    return channels_last(model.to(device.torch_device, details_dtype(device)))


def _in_folder(name: str) -> Path:
    path = user_folder() / name
    if Path(name).name != name or not path.is_file():
        raise ModelMissing(f"there is no file {name!r} in the folder of models that FRAMELANE_MODELS names")
    return path


def _from_file(name: str, path: Path, tile_px: int, device: Device) -> Enlargement:
    make: Callable[[], ForeignNetwork] = lambda: read_checkpoint(path, device)  # noqa: E731
    found = _foreign.get((path, path.stat().st_mtime_ns, device), make)
    network = on_rgb(found.network, found.channels, path.name)
    return Enlargement(name, found.scale, TiledNetwork(network, found.tiling(tile_px), device))
