"""How bold a network may be: `python -m scripts.train_super_resolution.calibrate`.

Drawn pictures have harder edges and fewer faint textures than photographs, so a network adds a little too much to
these, most of all where compression leaves little to go by. One factor on all that it adds mends that. It is judged on
photographs that scikit-image carries, none of which is one of the five that benchmarks hold out (the factor that was
shipped was chosen with those in view, too: docs/decisions/0010).
"""

import argparse
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import skimage.data
import torch
from numpy.typing import NDArray

from gpu_tasks.models.super_resolution.network import LumaNetwork
from gpu_tasks.models.super_resolution.weights_file import read_network
from scripts.train_super_resolution.__main__ import HOME
from scripts.train_super_resolution.degrade import jpeg, reduce
from scripts.train_super_resolution.pictures import Luma

PHOTOGRAPHS = ("camera", "coins", "brick", "grass", "gravel", "moon", "immunohistochemistry", "retina")
FACTORS = (0.6, 0.65, 0.7, 0.75, 0.8, 0.85, 0.9, 0.95, 1.0, 1.05, 1.1)
_SIDE_PX = 256
_QUALITIES = (85, 75, 60, 50)
_LUMA = np.array([0.299, 0.587, 0.114])
Gains = NDArray[np.float64]


def main() -> None:
    """Print the mean and the least gain over bicubic interpolation for every factor and network."""
    parser = argparse.ArgumentParser(prog="python -m scripts.train_super_resolution.calibrate", description=__doc__)
    parser.add_argument("--home", type=Path, default=HOME, help="the training folder")
    for file in sorted(parser.parse_args().home.glob("x[24]-*.safetensors")):
        network = read_network(file)
        found = np.stack(list(_gains(network, pristine=file.stem.endswith("clean"))))
        print(file.stem, "best", FACTORS[int(found.mean(axis=0).argmax())])
        for factor, column in zip(FACTORS, found.T, strict=True):
            print(f"  {factor:.2f}  mean {column.mean():+.3f} dB  least {column.min():+.3f} dB")


def _gains(network: LumaNetwork, pristine: bool) -> Iterator[Gains]:
    """For every photograph and every way to reduce it, the gain with each factor."""
    for name in PHOTOGRAPHS:
        large = _luma(name)
        small = reduce(large, network.shape.scale)
        for given in [small] if pristine else [small, *(jpeg(small, quality) for quality in _QUALITIES)]:
            yield _gains_of(network, given, large)


def _luma(name: str) -> Luma:
    photograph = getattr(skimage.data, name)()
    grey = photograph if photograph.ndim == 2 else photograph[..., :3] @ _LUMA
    top, left = (side // 2 - _SIDE_PX // 2 for side in grey.shape)
    return np.asarray(grey[top : top + _SIDE_PX, left : left + _SIDE_PX] + 0.5, np.uint8)


@torch.inference_mode()
def _gains_of(network: LumaNetwork, small: Luma, large: Luma) -> Gains:
    given, wanted = (torch.from_numpy(plane.copy())[None, None] / 255 for plane in (small, large))
    missing, added = wanted - network.smooth(given), network.details(given)
    errors = [float(((missing - factor * added) ** 2).mean()) for factor in (0.0, *FACTORS)]
    return np.asarray(10 * np.log10(errors[0] / np.array(errors[1:])))


if __name__ == "__main__":
    main()
