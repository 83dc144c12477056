"""Executors: where pictures are composed, and how frames get there and back."""

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from typing import Protocol

import av
import numpy as np

from gpu_tasks.devices import accelerator
from gpu_tasks.engine.kernels import Kernels, cpu
from gpu_tasks.engine.picture import Picture
from gpu_tasks.engine.surface import BLACK_Y, NEUTRAL_C, Plane, Surface, new_frame, plane_view, view_of
from gpu_tasks.timeline.plan import Canvas

Deliver = Callable[[Picture], Picture]
"""Brings a picture from the machine's memory to where it is composed. Each belongs to one thread."""


FRAMES_IN_USE = 3
"""How many composed frames there are at once: one that is being encoded, one that waits, one that is painted on."""


class Finished(Protocol):
    """A frame that is composed, or will be once the device gets to it."""

    def frame(self) -> av.VideoFrame:
        """The frame, waited for. The same object at every call, valid until FRAMES_IN_USE - 1 more are composed."""
        ...


class Output(Protocol):
    """What frames are painted on, and their way out."""

    @property
    def canvas(self) -> Surface:
        """Where to paint. After `finish` it may be another, of undefined content."""
        ...

    def finish(self) -> Finished:
        """Take the canvas as it is now as a frame."""
        ...


class Executor(Protocol):
    """Where frames are composed. `lag`: how many frames it may be behind with handing them out."""

    kernels: Kernels
    lag: int

    def deliverer(self) -> Deliver: ...
    def output(self, canvas: Canvas, pixel_format: str) -> Output: ...


class HostFrame:
    """A frame that is there."""

    def __init__(self, frame: av.VideoFrame) -> None:
        self._frame = frame

    def frame(self) -> av.VideoFrame:
        return self._frame


class HostOutput:
    """Frames in the machine's memory, in turn: an opaque canvas is the frame itself."""

    def __init__(self, canvas: Canvas, pixel_format: str) -> None:
        self._frames = [new_frame(canvas.width, canvas.height, pixel_format) for _ in range(FRAMES_IN_USE)]
        self._canvases = [view_of(frame) for frame in self._frames]
        if canvas.alpha:
            step = 1 if "444" in pixel_format else 2
            self._canvases = [new_surface(cpu, canvas.size, step, alpha=True)] * FRAMES_IN_USE
        self._turn = 0

    @property
    def canvas(self) -> Surface:
        return self._canvases[self._turn]

    def finish(self) -> HostFrame:
        canvas, frame = self.canvas, self._frames[self._turn]
        if canvas.alpha is not None:
            outs = [plane_view(frame, index) for index in range(4)]
            straight(cpu, canvas, outs)
            np.copyto(outs[3], canvas.alpha)
        self._turn = (self._turn + 1) % FRAMES_IN_USE
        return HostFrame(frame)


class HostExecutor:
    """The CPU: pictures are where they are made."""

    kernels: Kernels = cpu
    lag = 0

    def deliverer(self) -> Deliver:
        return lambda picture: picture

    def output(self, canvas: Canvas, pixel_format: str) -> HostOutput:
        return HostOutput(canvas, pixel_format)


def machine_executor() -> Executor:
    """The executor of this machine, by what `devices.accelerator` finds."""
    if accelerator() == "cpu":
        return HostExecutor()
    # torch takes a second or two to load: a CPU does without.
    from gpu_tasks.engine.cuda_executor import TorchExecutor

    return TorchExecutor("cuda")


def in_order(finished: Iterable[Finished], lag: int) -> Iterator[av.VideoFrame]:
    """The frames, each asked for only after `lag` more have been begun."""
    waiting: deque[Finished] = deque()
    for entry in finished:
        waiting.append(entry)
        if len(waiting) > lag:
            yield waiting.popleft().frame()
    yield from (entry.frame() for entry in waiting)


def new_surface(k: Kernels, size: tuple[int, int], subsampling: int, *, alpha: bool) -> Surface:
    """A surface in the executor's memory: black, or transparent with `alpha`."""
    luma, chroma = size[::-1], (-(-size[1] // subsampling), -(-size[0] // subsampling))
    y, u, v = k.empty(luma), k.empty(chroma), k.empty(chroma)
    surface = Surface(y, u, v, subsampling)
    if alpha:
        surface.alpha = k.empty(luma)
        surface.alpha_c = surface.alpha if subsampling == 1 else k.empty(chroma)
    surface.fill(*((0, 0, 0, 0) if alpha else (BLACK_Y, NEUTRAL_C, NEUTRAL_C, 255)))
    return surface


def straight(k: Kernels, surface: Surface, out: list[Plane]) -> None:
    """Write colour planes with premultiplication undone into the first three planes of `out`."""
    for (plane, _, _), alpha, target in zip(surface.planes(), surface.alphas(), out, strict=False):
        assert alpha is not None
        k.divide(plane, alpha, target)
