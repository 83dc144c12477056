"""Puts trained weights where the tasks find them: `python -m scripts.train_super_resolution.ship`."""

import argparse
import json
from pathlib import Path
from typing import Any

from gpu_tasks.models.super_resolution.weights_file import read_network, write_network
from gpu_tasks.weights.catalogue import CATALOGUE, read_catalogue
from gpu_tasks.weights.store import SHIPPED, sha256_of
from scripts.train_super_resolution.__main__ import HOME
from scripts.train_super_resolution.train import TRAINED_ON

_MAX_BYTES = 2_000_000
CAUTION = {"clean": 1.0, "robust": 0.75}
"""What is shipped adds so much of what was learnt: `calibrate` shows the gains with other factors.

A robust network as it was trained falls below bicubic interpolation on faint textures; at three quarters it rarely
does, for a few hundredths of a dB elsewhere.
"""
_TILE_PX = 512
# Float32 planes that live at once: three of the stack's features, and some five of the enlarged R'G'B'.
_FEATURE_PLANES, _ENLARGED_PLANES = 3, 15


def main() -> None:
    """Copy every network in the training folder that is there, and enter it into the catalogue."""
    parser = argparse.ArgumentParser(prog="python -m scripts.train_super_resolution.ship", description=__doc__)
    parser.add_argument("--home", type=Path, default=HOME, help="the training folder")
    for file in sorted(parser.parse_args().home.glob("x[24]-*.safetensors")):
        ship(file, SHIPPED, CATALOGUE)


def ship(file: Path, folder: Path, catalogue: Path) -> None:
    """Copy one network and enter it. Raises ModelDamaged, ValueError where it is too large to be shipped."""
    scale, variant = file.stem.removeprefix("x").split("-")
    if file.stat().st_size > _MAX_BYTES:
        raise ValueError(f"{file.name} has {file.stat().st_size} bytes; at most {_MAX_BYTES} are shipped")
    name = f"framelane-x{scale}-{variant}"
    target = folder / f"{name}.safetensors"
    _write_cautious(file, target, variant)
    entry = _entry(target, name, variant)
    entries = [old for old in json.loads(catalogue.read_text("utf-8")) if old["name"] != entry["name"]]
    text = json.dumps([*entries, entry], indent=2, ensure_ascii=False) + "\n"
    (part := catalogue.with_suffix(".part")).write_text(text, "utf-8")
    read_catalogue(part)
    part.replace(catalogue)
    print(f"{entry['name']}: {entry['size_bytes']} bytes")


def _write_cautious(file: Path, target: Path, variant: str) -> None:
    network, factor = read_network(file), CAUTION[variant]
    weights = network.state_dict()
    for name in list(weights)[-2:]:
        weights[name] *= factor
    facts = {"variant": variant, "caution": str(factor), "trained_on": TRAINED_ON}
    write_network(target, weights, network.shape, facts)
    target.chmod(0o644)


def _entry(file: Path, name: str, variant: str) -> dict[str, Any]:
    network = read_network(file)
    shape = network.shape
    planes = _FEATURE_PLANES * shape.features + _ENLARGED_PLANES * shape.scale**2
    return {
        "name": name,
        "purpose": "super_resolution",
        "file": f"{name}.safetensors",
        "sha256": sha256_of(file),
        "size_bytes": file.stat().st_size,
        "licence": "Apache-2.0",
        "commercial_use": True,
        "source": f"Framelane, trained on {TRAINED_ON}",
        "architecture": f"compact PixelShuffle on luma, {shape.features} × {shape.depth}",
        "scale": shape.scale,
        "channels": 1,
        "variant": variant,
        "packaged": True,
        "tile_px": _TILE_PX,
        "overlap_px": network.reach_px,
        "bytes_per_pixel": 4 * planes,
    }


if __name__ == "__main__":
    main()
