"""The same picture by the CPU's kernels and by torch's, and how far the two are apart."""

import math
from typing import Any, cast

import numpy as np
import torch
from numpy.typing import NDArray

from gpu_tasks.engine.cuda_transfer import Uploader
from gpu_tasks.engine.effects import EFFECTS, Moment
from gpu_tasks.engine.kernels import Kernels, cpu
from gpu_tasks.engine.kernels.cuda import TorchKernels
from gpu_tasks.engine.scratch import Scratch
from gpu_tasks.engine.surface import Surface, blank
from gpu_tasks.engine.transitions import TRANSITIONS, Crossing
from gpu_tasks.timeline.request import ChromaSettings

CLOSE_DB = 40.0
"""What every frame of one executor must at least be to the other's: an error of 1 % of the full range, in the mean."""


def psnr_db(first: NDArray[np.uint8], second: NDArray[np.uint8]) -> float:
    """Peak signal-to-noise ratio of two planes of code values; infinite when they are equal."""
    error = np.mean((first.astype(np.float64) - second.astype(np.float64)) ** 2)
    return math.inf if error == 0 else 10 * math.log10(255**2 / error)


def worst_db(first: list[NDArray[np.uint8]], second: list[NDArray[np.uint8]]) -> float:
    return min(psnr_db(a, b) for a, b in zip(first, second, strict=True))


def effect_db(name: str, device: str, pictures: list[Surface]) -> float:
    """How close an effect is on two executors; `pictures` are this frame's and those before it, the latest first."""
    there = torch_kernels(device)
    uploader = Uploader(torch.device(device))
    remote = [uploader.surface(picture) for picture in pictures]
    frames = []
    for frame, amount in ((3, 1.0), (11, 0.6)):
        wanted = EFFECTS[name].apply(pictures[0], amount, moment(cpu, pictures, frame))
        found = EFFECTS[name].apply(remote[0], amount, moment(there, remote, frame))
        frames.append(worst_db(planes(wanted), planes(found)))
    return min(frames)


def moment(k: Any, pictures: list[Surface], frame: int) -> Moment:
    size = (pictures[0].width, pictures[0].height)
    return Moment(
        k,
        Scratch(k),
        frame,
        frame / 30,
        30,
        "clip",
        min(size) / 720,
        lambda ago: pictures[min(ago, len(pictures) - 1)],
        ChromaSettings(),
    )


def transition_db(name: str, device: str, outgoing: Surface, incoming: Surface, progress: float) -> float:
    """How close a transition is on two executors."""
    there = torch_kernels(device)
    uploader = Uploader(torch.device(device))
    out, remote_out = (_blank_like(outgoing), uploader.surface(_blank_like(outgoing)))
    _join(name, cpu, outgoing, incoming, progress, out)
    _join(name, there, uploader.surface(outgoing), uploader.surface(incoming), progress, remote_out)
    return worst_db(planes(out), planes(remote_out))


def _join(name: str, k: Any, outgoing: Surface, incoming: Surface, progress: float, out: Surface) -> None:
    crossing = Crossing(k, Scratch(k), (0, 0, out.width, out.height), 3)
    TRANSITIONS[name].join(outgoing, incoming, progress, out, crossing)


def _blank_like(surface: Surface) -> Surface:
    return blank(surface.width, surface.height, surface.subsampling, alpha=not surface.is_opaque)


def torch_kernels(device: str) -> Kernels:
    return cast(Kernels, TorchKernels(device))


def planes(surface: Surface) -> list[NDArray[np.uint8]]:
    """The planes in the machine's memory."""
    return [np.array(torch.as_tensor(plane).cpu()) for plane in surface.every_plane()]
