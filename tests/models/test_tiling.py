"""Tiles give what the whole picture gives, and shrink where memory is short."""

from collections.abc import Callable

import pytest
import torch
from torch import Tensor, nn

from gpu_tasks.errors import JobFailed
from gpu_tasks.models import tiling
from gpu_tasks.models.devices import Device
from gpu_tasks.models.tiling import TiledNetwork, Tiling

CPU = Device(torch.device("cpu"), torch.float32)
OUT_OF_MEMORY = {
    "card": torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 2.00 GiB"),
    "allocator": RuntimeError("DefaultCPUAllocator: can't allocate memory: you tried to allocate 9 bytes"),
    "kernel": RuntimeError("could not create a primitive: not enough memory"),
    "python": MemoryError(),
}


def whole_numbers(reach: int, scale: int = 1, channels: int = 2) -> nn.Module:
    """A network that sees `reach` pixels far. Its weights and inputs are whole: any order of summing is exact."""
    torch.manual_seed(reach)
    layers: list[nn.Module] = []
    for _ in range(reach):
        layers += [nn.Conv2d(channels, channels, 3, padding=1), nn.ReLU()]
    layers += [nn.Conv2d(channels, channels * scale**2, 1), nn.PixelShuffle(scale)]
    network = nn.Sequential(*layers)
    for parameter in network.parameters():
        parameter.data = torch.randint(-1, 2, parameter.shape).float()
    return network


def pictures(count: int, height: int, width: int, channels: int = 2) -> Tensor:
    return torch.randint(0, 9, (count, channels, height, width), generator=torch.Generator().manual_seed(1)).float()


@pytest.mark.parametrize(("height", "width"), [(97, 61), (64, 64), (33, 150), (20, 20)])
@pytest.mark.parametrize(("scale", "align_px"), [(1, 1), (2, 1), (4, 1), (2, 2), (1, 8)])
def test_tiles_that_see_as_far_as_the_network_leave_no_trace(
    height: int, width: int, scale: int, align_px: int
) -> None:
    network, given = whole_numbers(3, scale), pictures(2, height, width)
    tiles = Tiling(scale=scale, overlap_px=3, align_px=align_px, tile_px=40, min_tile_px=16)
    assert torch.equal(TiledNetwork(network, tiles, CPU)(given), network(given))


def test_tiles_that_see_less_do_leave_a_trace() -> None:
    network, given = whole_numbers(3), pictures(1, 97, 61)
    tiles = Tiling(overlap_px=2, tile_px=40, min_tile_px=16)
    assert not torch.equal(TiledNetwork(network, tiles, CPU)(given), network(given))


def test_tiles_are_no_larger_than_they_may_be() -> None:
    seen: list[tuple[int, int]] = []
    TiledNetwork(_noting(seen), Tiling(overlap_px=6, align_px=4, tile_px=48, min_tile_px=16), CPU)(
        pictures(1, 200, 131)
    )
    assert len(seen) > 9
    assert max(max(size) for size in seen) <= 48


def _noting(seen: list[tuple[int, int]]) -> Callable[[Tensor], Tensor]:
    def network(tile: Tensor) -> Tensor:
        seen.append((tile.shape[2], tile.shape[3]))
        return tile

    return network


@pytest.mark.parametrize(("feather_px", "overlap_px"), [(1, 1), (6, 6), (5, 8)])
def test_faded_tiles_of_a_network_that_sees_one_pixel_are_the_whole(feather_px: int, overlap_px: int) -> None:
    network, given = whole_numbers(0, scale=2), pictures(1, 90, 70)
    tiles = Tiling(scale=2, overlap_px=overlap_px, feather_px=feather_px, tile_px=40, min_tile_px=16)
    assert torch.allclose(TiledNetwork(network, tiles, CPU)(given), network(given), atol=1e-4)


def test_fading_hides_the_seams_of_a_network_that_sees_everything() -> None:
    given = pictures(1, 64, 200)

    def mean_of_all(tile: Tensor) -> Tensor:
        return tile.mean(dim=(2, 3), keepdim=True).expand_as(tile)

    steps = {}
    for feather_px in (0, 12):
        tiles = Tiling(overlap_px=12, feather_px=feather_px, tile_px=64, min_tile_px=16)
        made = TiledNetwork(mean_of_all, tiles, CPU)(given)
        steps[feather_px] = float((made[..., 1:] - made[..., :-1]).abs().max())
    assert steps[12] < steps[0] / 5


def test_a_picture_that_fits_goes_through_in_one_piece() -> None:
    seen: list[tuple[int, int]] = []
    TiledNetwork(_noting(seen), Tiling(bytes_per_pixel=100), CPU)(pictures(3, 50, 60))
    assert seen == [(50, 60)]


@pytest.mark.parametrize(("memory_bytes", "pieces"), [(10_000, 1), (5_000, 2), (2_500, 4)])
def test_batches_are_as_large_as_memory_allows(memory_bytes: int, pieces: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tiling, "working_memory_bytes", lambda _device: memory_bytes)
    seen: list[tuple[int, int]] = []
    given = pictures(4, 5, 5)
    made = TiledNetwork(_noting(seen), Tiling(bytes_per_pixel=100, overlap_px=0), CPU)(given)
    assert len(seen) == pieces
    assert torch.equal(made, given)


@pytest.mark.parametrize("kind", sorted(OUT_OF_MEMORY))
def test_what_does_not_fit_is_halved_until_it_does(kind: str) -> None:
    network, given, sizes = whole_numbers(2), pictures(2, 150, 170), []

    def short_of_memory(tile: Tensor) -> Tensor:
        sizes.append(tile.numel())
        if tile.shape[0] * tile.shape[2] * tile.shape[3] > 5000:
            raise OUT_OF_MEMORY[kind]
        return torch.as_tensor(network(tile))

    tiled = TiledNetwork(short_of_memory, Tiling(overlap_px=2, min_tile_px=16), CPU)
    assert torch.equal(tiled(given), network(given))
    failures = sum(size > 2 * 5000 for size in sizes)
    assert 2 <= failures <= 4
    sizes.clear()
    tiled(given)
    assert max(sizes) <= 2 * 5000, "what fits is remembered"


def test_a_picture_too_large_for_any_tile_ends_the_job() -> None:
    tried: list[int] = []

    def hopeless(tile: Tensor) -> Tensor:
        tried.append(tile.numel())
        raise OUT_OF_MEMORY["card"]

    with pytest.raises(JobFailed, match="too little memory for a piece of 32×32") as failure:
        TiledNetwork(hopeless, Tiling(overlap_px=4, min_tile_px=32), CPU)(pictures(3, 500, 300))
    assert failure.value.code == "out_of_memory"
    assert len(tried) < 12


def test_other_errors_are_not_taken_for_a_lack_of_memory() -> None:
    def broken(tile: Tensor) -> Tensor:
        raise RuntimeError("mat1 and mat2 shapes cannot be multiplied")

    with pytest.raises(RuntimeError, match="cannot be multiplied"):
        TiledNetwork(broken, Tiling(), CPU)(pictures(1, 8, 8))


def test_no_tile_fades_further_than_it_sees() -> None:
    with pytest.raises(ValueError, match="feather_px is 9; accepted is 0 to overlap_px, 8"):
        Tiling(overlap_px=8, feather_px=9)
