"""The CUDA executor: planes live on the GPU from the upload of a picture to the download of a frame."""

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from typing import Any, cast

import torch

from gpu_tasks.engine.cuda_transfer import Download, Downloader, Uploader
from gpu_tasks.engine.executors import FRAMES_IN_USE, Deliver, new_surface, straight
from gpu_tasks.engine.kernels import Kernels
from gpu_tasks.engine.kernels.cuda import TorchKernels
from gpu_tasks.engine.picture import Picture
from gpu_tasks.engine.surface import new_frame
from gpu_tasks.timeline.plan import Canvas


class TorchExecutor:
    """Frames composed on a torch device."""

    lag = 1

    def __init__(self, device: str = "cuda", dtype: torch.dtype | None = None) -> None:
        self.device = torch.device(device)
        if self.device.type == "cuda" and not torch.cuda.is_available():
            raise RuntimeError("FRAMELANE_ACCELERATOR is cuda, but torch finds no CUDA device")
        # Torch's tensors stand for planes; that they do in every kernel is what the tests of the kernels show.
        self.kernels = cast(Kernels, TorchKernels(device, dtype))

    def deliverer(self) -> Deliver:
        return partial(_delivered, Uploader(self.device))

    def output(self, canvas: Canvas, pixel_format: str) -> "DeviceOutput":
        return DeviceOutput(self.kernels, self.device, canvas, pixel_format)


def _delivered(uploader: Uploader, picture: Picture) -> Picture:
    # A frame of the machine's memory is not painted on by a GPU, whoever else reads it or not.
    return replace(picture, surface=uploader.surface(picture.surface), exclusive=False)


class DeviceOutput:
    """A canvas on the device, downloaded as frames."""

    def __init__(self, k: Kernels, device: torch.device, canvas: Canvas, pixel_format: str) -> None:
        self._k = k
        step = 1 if "444" in pixel_format else 2
        self.canvas = new_surface(k, canvas.size, step, alpha=canvas.alpha)
        self._straight = new_surface(k, canvas.size, step, alpha=False) if canvas.alpha else None
        self._downloader = Downloader(
            device,
            partial(new_frame, canvas.width, canvas.height, pixel_format),
            FRAMES_IN_USE + TorchExecutor.lag,
        )

    def finish(self) -> Download:
        return self._downloader.start(self._planes())

    def _planes(self) -> Sequence[Any]:
        if self._straight is None:
            return self.canvas.every_plane()[:3]
        planes = self._straight.every_plane()
        straight(self._k, self.canvas, planes)
        return [*planes, self.canvas.alpha]
