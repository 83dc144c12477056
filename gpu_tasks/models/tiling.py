"""Pictures of any size through a network: in batches, in tiles that overlap, in smaller ones where memory is short."""

import itertools
import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import torch
from torch import Tensor

from gpu_tasks.errors import JobFailed
from gpu_tasks.models.devices import Device, working_memory_bytes

Network = Callable[[Tensor], Tensor]
"""N × C × height × width to N × D × (scale · height) × (scale · width)."""
_TOO_LITTLE = ("not enough memory", "DefaultCPUAllocator", "out of memory", "can't allocate memory")


@dataclass(frozen=True, slots=True)
class Tiling:
    """What a network needs of its tiles, in input pixels.

    `overlap_px` is what a tile sees around what it is for. Where that is at least the network's reach, the tiles are
    cut without a trace: the result is that of the whole picture. Networks that reach further get `feather_px`, up to
    the overlap: neighbours fade into each other over twice that. Tiles begin at multiples of `align_px`, are at most
    `tile_px` large with their surroundings (0: no limit), and never smaller than `min_tile_px`.
    """

    scale: int = 1
    overlap_px: int = 16
    feather_px: int = 0
    align_px: int = 1
    tile_px: int = 0
    min_tile_px: int = 64
    bytes_per_pixel: int = 0

    def __post_init__(self) -> None:
        if not 0 <= self.feather_px <= self.overlap_px:
            raise ValueError(f"feather_px is {self.feather_px}; accepted is 0 to overlap_px, {self.overlap_px}")


class TiledNetwork:
    """A network for pictures of any size. What was found to fit in memory is remembered for the next pictures."""

    def __init__(self, network: Network, tiling: Tiling, device: Device) -> None:
        self._network = network
        self._tiling = tiling
        self._device = device
        self._around_px = tiling.overlap_px + tiling.align_px - 1
        self._least_core_px = max(tiling.min_tile_px - 2 * self._around_px, 2 * tiling.feather_px, tiling.align_px, 8)
        self.max_pixels: int | None = None
        """How many pixels one pass may hold: of a batch, or of a tile. None until the first pass."""

    @torch.inference_mode()
    def __call__(self, pictures: Tensor) -> Tensor:
        """The whole result, float32, where `pictures` lie. Raises JobFailed `out_of_memory`."""
        if self.max_pixels is None:
            self.max_pixels = self._affordable_pixels()
        while True:
            try:
                return self._run(pictures, self.max_pixels)
            except (RuntimeError, MemoryError) as error:
                if not is_out_of_memory(error):
                    raise
            # Outside of the handler, where the failed pass's tensors are free again.
            self.max_pixels = self._halved(pictures, self.max_pixels)

    def _affordable_pixels(self) -> int:
        if not self._tiling.bytes_per_pixel:
            return 2**31
        halves = 2 if self._device.dtype in (torch.float16, torch.bfloat16) else 1
        return max(1, halves * working_memory_bytes(self._device) // self._tiling.bytes_per_pixel)

    def _halved(self, pictures: Tensor, max_pixels: int) -> int:
        """Half of what was tried."""
        if self._device.is_cuda:
            torch.cuda.empty_cache()
        count, _, height, width = pictures.shape
        batch, core = self._split(count, height, width, max_pixels)
        side = core + 2 * self._around_px
        tried = batch * min(side, height) * min(side, width)
        if batch == 1 and core <= self._least_core_px:
            raise JobFailed(
                "out_of_memory", f"there is too little memory for a piece of {min(side, width)}×{min(side, height)} px"
            )
        return tried // 2 if batch > 1 else tried // 4

    def _split(self, count: int, height: int, width: int, max_pixels: int) -> tuple[int, int]:
        """How many pictures at once, and how large the side of what one tile is for."""
        longest, around = max(height, width), 2 * self._around_px
        limit = self._tiling.tile_px or longest
        if height * width <= max_pixels and longest <= limit:
            return max(1, min(count, max_pixels // (height * width))), longest
        side = min(limit, math.isqrt(max_pixels))
        core = max(self._least_core_px, side - around)
        return max(1, min(count, max_pixels // (core + around) ** 2)), min(core, longest)

    def _run(self, pictures: Tensor, max_pixels: int) -> Tensor:
        batch, core = self._split(*_count_and_size(pictures), max_pixels)
        parts = [self._tiled(part, core) for part in torch.split(pictures, batch)]
        return parts[0] if len(parts) == 1 else torch.cat(parts)

    def _tiled(self, pictures: Tensor, core: int) -> Tensor:
        _, height, width = _count_and_size(pictures)
        rows, columns = list(self._spans(height, core)), list(self._spans(width, core))
        if len(rows) == len(columns) == 1:
            return self._pass(pictures).to(pictures.device, torch.float32)
        whole: Tensor | None = None
        for row in rows:
            for column in columns:
                made = self._pass(pictures[..., row.seen, column.seen]).to(pictures.device, torch.float32)
                whole = self._blank(pictures, made) if whole is None else whole
                self._lay(whole, made, row, column)
        assert whole is not None
        return whole

    def _pass(self, tile: Tensor) -> Tensor:
        return self._network(tile.to(self._device.torch_device, self._device.dtype))

    def _blank(self, pictures: Tensor, made: Tensor) -> Tensor:
        count, height, width = _count_and_size(pictures)
        scale = self._tiling.scale
        return torch.zeros(
            (count, made.shape[1], height * scale, width * scale), dtype=torch.float32, device=pictures.device
        )

    def _lay(self, whole: Tensor, made: Tensor, row: "_Span", column: "_Span") -> None:
        scale = self._tiling.scale
        part = made[..., row.kept(scale), column.kept(scale)]
        target = whole[..., row.target(scale), column.target(scale)]
        if not self._tiling.feather_px:
            target.copy_(part)
            return
        weights = row.weights(scale, part.device)[:, None] * column.weights(scale, part.device)[None, :]
        target.add_(part * weights)

    def _spans(self, length: int, core: int) -> Iterator["_Span"]:
        """Even shares of one side, each with what it sees around it."""
        align, overlap, feather = self._tiling.align_px, self._tiling.overlap_px, self._tiling.feather_px
        shares = max(1, min(math.ceil(length / core), length // max(2 * feather, align)))
        edges = [length * n // shares // align * align for n in range(shares)] + [length]
        for start, stop in itertools.pairwise(edges):
            seen = (max(0, start - overlap) // align * align, min(length, stop + overlap))
            yield _Span(seen[0], seen[1], start, stop, feather, start == 0, stop == length)


@dataclass(frozen=True, slots=True)
class _Span:
    """One share [start, stop) of a picture's side, of which its tile sees [first, last)."""

    first: int
    last: int
    start: int
    stop: int
    feather: int
    is_first: bool
    is_last: bool

    @property
    def seen(self) -> slice:
        return slice(self.first, self.last)

    def target(self, scale: int) -> slice:
        """Where its result goes in the whole."""
        begin, end = self._faded()
        return slice(begin * scale, end * scale)

    def kept(self, scale: int) -> slice:
        """What of its result goes there."""
        begin, end = self._faded()
        return slice((begin - self.first) * scale, (end - self.first) * scale)

    def weights(self, scale: int, device: torch.device) -> Tensor:
        """How much each of its pixels counts: those of two neighbours sum to 1."""
        begin, end = self._faded()
        places = torch.arange(begin * scale, end * scale, device=device, dtype=torch.float32) + 0.5
        reach = max(self.feather * scale, 0.5)
        weights = torch.ones_like(places)
        if not self.is_first:
            weights = weights * ((places - self.start * scale + reach) / (2 * reach)).clamp(0, 1)
        if not self.is_last:
            weights = weights * ((self.stop * scale + reach - places) / (2 * reach)).clamp(0, 1)
        return weights

    def _faded(self) -> tuple[int, int]:
        begin = self.start if self.is_first else self.start - self.feather
        return begin, self.stop if self.is_last else self.stop + self.feather


def is_out_of_memory(error: Exception) -> bool:
    """Whether an error says that memory was short, on a card or beside it."""
    if isinstance(error, (MemoryError, torch.OutOfMemoryError)):
        return True
    return any(words in str(error) for words in _TOO_LITTLE)


def _count_and_size(pictures: Tensor) -> tuple[int, int, int]:
    count, _, height, width = pictures.shape
    return count, height, width
