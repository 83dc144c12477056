"""The same picture by the CPU's kernels and by torch's, and how far the two are apart."""

import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, cast

import numpy as np
import torch
from numpy.typing import NDArray

from gpu_tasks.engine.cuda_executor import TorchExecutor
from gpu_tasks.engine.cuda_transfer import Uploader
from gpu_tasks.engine.effects import EFFECTS, Moment
from gpu_tasks.engine.executors import Executor, HostExecutor
from gpu_tasks.engine.kernels import Kernels, cpu
from gpu_tasks.engine.kernels.cuda import TorchKernels
from gpu_tasks.engine.render import FrameSource, frame_range
from gpu_tasks.engine.scratch import Scratch
from gpu_tasks.engine.surface import Surface, blank, plane_view
from gpu_tasks.engine.transitions import TRANSITIONS, Crossing
from gpu_tasks.timeline.plan import Plan
from gpu_tasks.timeline.request import ChromaSettings
from tests.engine.effects.stage import scene_surface, straightened
from tests.engine.films import plan_of

# On small pictures torch's threads spend their time waiting for each other.
torch.set_num_threads(1)
CLOSE_DB = 40.0
"""What every frame of one executor must at least be to the other's: an error of 1 % of the full range, in the mean."""


def psnr_db(first: NDArray[np.uint8], second: NDArray[np.uint8]) -> float:
    """Peak signal-to-noise ratio of two planes of code values; infinite when they are equal."""
    error = np.mean((first.astype(np.float64) - second.astype(np.float64)) ** 2)
    return math.inf if error == 0 else 10 * math.log10(255**2 / error)


def worst_db(first: list[NDArray[np.uint8]], second: list[NDArray[np.uint8]]) -> float:
    return min(psnr_db(a, b) for a, b in zip(first, second, strict=True))


def effect_db(name: str, device: str, size: tuple[int, int], subsampling: int, *, alpha: bool) -> float:
    """How close an effect of the scene is on two executors."""
    pictures = _drifting(name, size, subsampling, alpha=alpha)
    there = torch_kernels(device)
    uploader = Uploader(torch.device(device))
    remote = [uploader.surface(picture) for picture in pictures]
    frames = []
    for frame, amount in ((3, 1.0), (11, 0.6)):
        wanted = EFFECTS[name].apply(pictures[0], amount, moment(cpu, pictures, frame))
        found = EFFECTS[name].apply(remote[0], amount, moment(there, remote, frame))
        frames.append(worst_db(planes(wanted), planes(found)))
    return min(frames)


def _drifting(name: str, size: tuple[int, int], subsampling: int, *, alpha: bool) -> list[Surface]:
    """The scene as an effect takes it, and as it was in the frames before, the latest first."""
    pictures = [scene_surface(size, subsampling, alpha=alpha) for _ in range(7)]
    for ago, picture in enumerate(pictures):
        for index, plane in enumerate(picture.every_plane()):
            plane[...] = np.roll(plane, 4 * ago // (subsampling if index in (1, 2, 4) else 1), axis=1)
    return [straightened(picture) for picture in pictures] if EFFECTS[name].straight else pictures


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


def film_db(
    payload: Mapping[str, Any], paths: Mapping[str, Path], device: str, pixel_format: str, numbers: Sequence[int]
) -> float:
    """How close frames of a film are on two executors; the farthest plane counts."""
    plan = plan_of(payload, paths)
    wanted, found = (
        [_composed(plan, paths, pixel_format, executor, number) for number in numbers]
        for executor in (HostExecutor(), cast(Executor, TorchExecutor(device)))
    )
    return min(worst_db(a, b) for a, b in zip(wanted, found, strict=True))


def _composed(
    plan: Plan, paths: Mapping[str, Path], pixel_format: str, executor: Executor, number: int
) -> list[NDArray[np.uint8]]:
    (frame,) = FrameSource(frame_range(plan, number, number + 1), paths, pixel_format, executor=executor)
    return [plane_view(frame, index).copy() for index in range(len(frame.planes))]


def torch_kernels(device: str) -> Kernels:
    return cast(Kernels, TorchKernels(device))


def planes(surface: Surface) -> list[NDArray[np.uint8]]:
    """The planes in the machine's memory."""
    return [np.array(torch.as_tensor(plane).cpu()) for plane in surface.every_plane()]
