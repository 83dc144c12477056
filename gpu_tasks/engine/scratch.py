"""Memory that outlives a frame: buffers and tables of an effect or a transition, made once and used again."""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Any, TypeVar, cast

from gpu_tasks.engine.kernels import Kernels, Planes
from gpu_tasks.engine.surface import Plane, Surface

T = TypeVar("T")
KEPT_VALUES = 32


class Scratch:
    """Named buffers of one user. What a name returns is valid until the same name is asked for again."""

    def __init__(self, kernels: Kernels) -> None:
        self._kernels = kernels
        self._buffers: dict[Hashable, Any] = {}
        self._kept: OrderedDict[Hashable, Any] = OrderedDict()

    def plane(self, name: str, shape: tuple[int, ...]) -> Plane:
        """A plane of `shape`, its content undefined."""
        return self._buffer((name, shape), lambda: self._kernels.empty(shape))

    def planes(self, name: str, shape: tuple[int, ...]) -> Planes:
        """Three planes of `shape`, for R'G'B'."""
        return (self.plane(f"{name}-0", shape), self.plane(f"{name}-1", shape), self.plane(f"{name}-2", shape))

    def surface(self, name: str, like: Surface, *, alpha: bool | None = None) -> Surface:
        """A surface of the size and kind of `like`, its content undefined; `alpha` overrides whether it has alpha."""
        has_alpha = (not like.is_opaque) if alpha is None else alpha
        luma, chroma = (like.height, like.width), tuple(like.u.shape)

        def make() -> Surface:
            k = self._kernels
            y, u, v = k.empty(luma), k.empty(chroma), k.empty(chroma)
            if not has_alpha:
                return Surface(y, u, v, like.subsampling)
            a = k.empty(luma)
            return Surface(y, u, v, like.subsampling, a, a if like.subsampling == 1 else k.empty(chroma))

        return self._buffer((name, luma, like.subsampling, has_alpha), make)

    def kept(self, key: Hashable, make: Callable[[], T]) -> T:
        """The value of `make()`, computed once for each key: tables, masks and fields of a size and an intensity.

        The most recently used are kept. Arrays in it must come from `Kernels.upload` or be pure parameters.
        """
        if key not in self._kept:
            self._kept[key] = make()
            if len(self._kept) > KEPT_VALUES:
                self._kept.popitem(last=False)
        self._kept.move_to_end(key)
        return cast(T, self._kept[key])

    def _buffer(self, key: Hashable, make: Callable[[], T]) -> T:
        if key not in self._buffers:
            self._buffers[key] = make()
        return cast(T, self._buffers[key])
