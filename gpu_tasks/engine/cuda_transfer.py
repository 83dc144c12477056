"""Ways to a device and back: pinned staging memory and streams of their own, so that copies run beside the kernels.

On torch's CPU device the same classes copy from memory to memory.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import av
import numpy as np
import torch
from torch import Tensor

from gpu_tasks.engine.surface import Plane, Surface, plane_view

cuda: Any = torch.cuda
"""Its streams and events carry no types."""
STAGES = 2
"""While one staging buffer is on its way, the next is filled."""
_ALIGNMENT = 256


class _Stream:
    """A side stream of a GPU; on the CPU everything happens at once and in order."""

    def __init__(self, device: torch.device) -> None:
        self._device = device
        self._stream = cuda.Stream(device) if device.type == "cuda" else None

    def upload(self, source: Tensor) -> tuple[Tensor, "_Done"]:
        """A copy on the device, made beside the kernels launched so far, ready for those launched from now on."""
        if self._stream is None:
            return source.clone(), _Done(None)
        kernels = cuda.default_stream(self._device)
        with cuda.stream(self._stream):
            memory = torch.empty(source.shape, dtype=source.dtype, device=self._device)
            memory.copy_(source, non_blocking=True)
            done = cuda.Event()
            done.record(self._stream)
        kernels.wait_event(done)
        # It is this stream's memory: not to be given away while kernels may still read it.
        memory.record_stream(kernels)
        return memory, _Done(done)

    def download(self, source: Tensor, target: Tensor) -> "_Done":
        """Copy to the machine's memory what the kernels launched so far make of `source`."""
        if self._stream is None:
            target.copy_(source)
            return _Done(None)
        self._stream.wait_stream(cuda.default_stream(self._device))
        with cuda.stream(self._stream):
            target.copy_(source, non_blocking=True)
            done = cuda.Event()
            done.record(self._stream)
        return _Done(done)


@dataclass(frozen=True, slots=True)
class _Done:
    """A copy under way."""

    event: Any

    def wait(self) -> None:
        if self.event is not None:
            self.event.synchronize()


class Uploader:
    """Brings surfaces to a device. For one thread."""

    def __init__(self, device: torch.device) -> None:
        self._device = device
        self._stream = _Stream(device)
        self._staging: list[Tensor] = [_staging(0, device)] * STAGES
        self._under_way = [_Done(None)] * STAGES
        self._turn = 0

    def surface(self, host: Surface) -> Surface:
        """The surface in the device's memory; kernels launched from now on find it there."""
        planes = host.every_plane()
        layout = _Layout.of([plane.shape for plane in planes])
        staging = self._free_staging(layout.size)
        for plane, view in zip(planes, layout.views(staging), strict=True):
            np.copyto(view.numpy(), plane)
        memory, self._under_way[self._turn] = self._stream.upload(staging[: layout.size])
        return surface_of(layout.views(memory), host)

    def _free_staging(self, size: int) -> Tensor:
        """The staging buffer whose turn it is, when its last copy has left it."""
        self._turn = (self._turn + 1) % STAGES
        self._under_way[self._turn].wait()
        if self._staging[self._turn].numel() < size:
            self._staging[self._turn] = _staging(size, self._device)
        return self._staging[self._turn]


class Downloader:
    """Brings finished planes into frames: one frame downloads while the next is composed. For one thread.

    A download's frame is valid until `frames` more are started.
    """

    def __init__(self, device: torch.device, make_frame: Callable[[], av.VideoFrame], frames: int) -> None:
        self._device = device
        self._stream = _Stream(device)
        empty = torch.empty(0, dtype=torch.uint8)
        self._slots = [_Slot(make_frame(), empty, empty, _Done(None)) for _ in range(frames)]
        self._turn = 0

    def start(self, planes: Sequence[Tensor]) -> "Download":
        """Begin to bring home the planes of a frame as they are now; they may be painted on at once."""
        self._turn = (self._turn + 1) % len(self._slots)
        slot = self._slots[self._turn]
        slot.done.wait()
        layout = _Layout.of([tuple(plane.shape) for plane in planes])
        if slot.device.numel() != layout.size:
            slot.device = torch.empty(layout.size, dtype=torch.uint8, device=self._device)
            slot.host = _staging(layout.size, self._device)
        for plane, view in zip(planes, layout.views(slot.device), strict=True):
            view.copy_(plane)
        slot.done = self._stream.download(slot.device, slot.host)
        return Download(slot, layout)


@dataclass(slots=True)
class _Slot:
    """A frame and the memory that it comes through."""

    frame: av.VideoFrame
    device: Tensor
    host: Tensor
    done: _Done


class Download:
    """A frame on its way home."""

    def __init__(self, slot: _Slot, layout: "_Layout") -> None:
        self._slot = slot
        self._layout = layout
        self._is_home = False

    def frame(self) -> av.VideoFrame:
        """The frame, waited for."""
        if not self._is_home:
            self._slot.done.wait()
            for index, view in enumerate(self._layout.views(self._slot.host)):
                np.copyto(plane_view(self._slot.frame, index), view.numpy())
            self._is_home = True
        return self._slot.frame


@dataclass(frozen=True, slots=True)
class _Layout:
    """Where planes lie in one block of memory: one copy moves them all."""

    shapes: tuple[tuple[int, ...], ...]
    starts: tuple[int, ...]
    size: int

    @classmethod
    def of(cls, shapes: Sequence[tuple[int, ...]]) -> "_Layout":
        starts, size = [], 0
        for height, width in shapes:
            starts.append(size)
            size += -(-height * width // _ALIGNMENT) * _ALIGNMENT
        return cls(tuple(shapes), tuple(starts), size)

    def views(self, memory: Tensor) -> list[Tensor]:
        return [
            memory[start : start + height * width].view(height, width)
            for start, (height, width) in zip(self.starts, self.shapes, strict=True)
        ]


def surface_of(planes: Sequence[Any], like: Surface) -> Surface:
    """A surface of `planes`, in the order of `every_plane`, of the kind of `like`.

    It keeps the frame that it comes from: what is shown as it was decoded need not come back.
    """
    alphas: list[Plane | None] = [*planes[3:], None, None]
    alpha_c = alphas[0] if like.subsampling == 1 else alphas[1]
    return Surface(planes[0], planes[1], planes[2], like.subsampling, alphas[0], alpha_c, like.frame)


def _staging(size: int, device: torch.device) -> Tensor:
    """Memory of the machine that a GPU reads and writes by itself."""
    return torch.empty(size, dtype=torch.uint8, pin_memory=device.type == "cuda" and size > 0)
