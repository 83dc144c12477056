"""The weights of our own networks in safetensors files, their shape in the files' metadata."""

from pathlib import Path

from safetensors import SafetensorError, safe_open
from safetensors.torch import save_file
from torch import Tensor

from gpu_tasks.models.super_resolution.network import LumaNetwork, Shape
from gpu_tasks.weights.store import ModelDamaged

ARCHITECTURE = "framelane-luma"
_LARGEST = Shape(scale=4, features=256, depth=64)


def write_network(path: Path, weights: dict[str, Tensor], shape: Shape, facts: dict[str, str]) -> None:
    """Store weights with what they are; `facts` are kept beside the shape."""
    sizes = {"scale": shape.scale, "features": shape.features, "depth": shape.depth}
    metadata = {"architecture": ARCHITECTURE} | {name: str(value) for name, value in sizes.items()} | facts
    save_file({name: value.contiguous() for name, value in weights.items()}, path, metadata)


def read_network(path: Path) -> LumaNetwork:
    """The network in a file, ready for use. Raises ModelDamaged."""
    try:
        with safe_open(path, "pt") as file:
            shape = _shape(path, file.metadata() or {})
            weights = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118 - no mapping
    except (SafetensorError, OSError) as error:
        raise ModelDamaged(f"{path.name} cannot be read: {error}") from None
    network = LumaNetwork(shape)
    try:
        network.load_state_dict(weights)
    except RuntimeError as error:
        raise ModelDamaged(f"{path.name} does not hold the weights that its metadata promises: {error}") from None
    return network.eval()


def _shape(path: Path, metadata: dict[str, str]) -> Shape:
    if metadata.get("architecture") != ARCHITECTURE:
        raise ModelDamaged(f"{path.name} is of architecture {metadata.get('architecture')!r}, not {ARCHITECTURE!r}")
    try:
        shape = Shape(*(int(metadata[name]) for name in ("scale", "features", "depth")))
    except (KeyError, ValueError) as error:
        raise ModelDamaged(f"{path.name} does not say its scale, features and depth: {error}") from None
    if not (2 <= shape.scale <= _LARGEST.scale and 0 < shape.features <= _LARGEST.features):
        raise ModelDamaged(f"{path.name} says {shape}; at most {_LARGEST} is possible")
    if not 0 < shape.depth <= _LARGEST.depth:
        raise ModelDamaged(f"{path.name} says {shape}; at most {_LARGEST} is possible")
    return shape
