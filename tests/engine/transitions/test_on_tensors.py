"""Transitions touch pixels through kernels alone: on torch planes they give what they give on numpy's."""

from typing import Any

import numpy as np
import pytest
import torch

from gpu_tasks.engine.kernels.cuda import TorchKernels
from gpu_tasks.engine.scratch import Scratch
from gpu_tasks.engine.surface import Surface
from gpu_tasks.engine.transitions import TRANSITIONS, Crossing
from tests.engine.transitions.stage import joined, pictures

SIZE = (121, 67)


def on_tensors(surface: Surface) -> Surface:
    planes: list[Any] = [torch.from_numpy(plane.copy()) for plane in surface.every_plane()]
    y, u, v, *alphas = planes
    alpha = alphas[0] if alphas else None
    return Surface(y, u, v, surface.subsampling, alpha, alphas[-1] if alphas else None)


@pytest.mark.parametrize("name", sorted(TRANSITIONS))
@pytest.mark.parametrize(("subsampling", "alpha"), [(2, False), (2, True), (1, True)])
def test_on_tensors_it_looks_the_same(name: str, subsampling: int, alpha: bool) -> None:
    k: Any = TorchKernels("cpu")
    outgoing, incoming = pictures(SIZE, subsampling, alpha=alpha)
    for progress in (0.3, 0.55):
        expected = joined(name, outgoing, incoming, progress)
        out = on_tensors(expected)
        for plane in out.every_plane():
            k.fill(plane, 77)
        crossing = Crossing(k, Scratch(k), (0, 0, *SIZE), 3)
        TRANSITIONS[name].join(on_tensors(outgoing), on_tensors(incoming), progress, out, crossing)
        for found, wanted in zip(out.every_plane(), expected.every_plane(), strict=True):
            difference = np.abs(np.asarray(found).astype(int) - wanted)
            # Positions are fixed-point to 1/32 of a sample on the CPU, and looks resample up to six times.
            assert difference.max() <= 12
            assert difference.mean() < 0.6
