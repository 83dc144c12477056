"""Surfaces go to a device and come back as frames, bit for bit; here the device is torch's CPU, or a GPU."""

import numpy as np
import pytest
import torch

from gpu_tasks.engine.cuda_transfer import Downloader, Uploader
from gpu_tasks.engine.surface import Surface, new_frame, plane_view, view_of
from tests.engine.torch_devices import DEVICES


def noise(seed: int, height: int, width: int) -> np.ndarray[tuple[int, int], np.dtype[np.uint8]]:
    return np.random.default_rng(seed).integers(0, 256, (height, width), dtype=np.uint8)


def picture(seed: int, height: int, width: int, subsampling: int, *, alpha: bool) -> Surface:
    chroma = (-(-height // subsampling), -(-width // subsampling))
    surface = Surface(noise(seed, height, width), noise(seed + 1, *chroma), noise(seed + 2, *chroma), subsampling)
    if alpha:
        surface.alpha = noise(seed + 3, height, width)
        surface.alpha_c = surface.alpha if subsampling == 1 else noise(seed + 4, *chroma)
    return surface


@pytest.mark.parametrize("device", DEVICES)
@pytest.mark.parametrize("size", [(46, 61), (1, 1), (90, 160)])
@pytest.mark.parametrize("subsampling", [1, 2])
@pytest.mark.parametrize("alpha", [True, False])
def test_an_uploaded_surface_is_the_surface(device: str, size: tuple[int, int], subsampling: int, alpha: bool) -> None:
    uploader = Uploader(torch.device(device))
    for seed in range(5):
        host = picture(seed, *size, subsampling, alpha=alpha)
        there = uploader.surface(host)
        assert there.is_opaque is not alpha
        assert len(there.every_plane()) == len(host.every_plane())
        for plane, wanted in zip(there.every_plane(), host.every_plane(), strict=True):
            assert np.array_equal(torch.as_tensor(plane).cpu().numpy(), wanted)


@pytest.mark.parametrize("device", DEVICES)
def test_surfaces_stay_what_they_were_while_others_are_uploaded(device: str) -> None:
    """The staging memory is used again; what went through it is not."""
    uploader = Uploader(torch.device(device))
    hosts = [picture(seed, 30 + seed % 3, 40, 2, alpha=False) for seed in range(7)]
    uploaded = [uploader.surface(host) for host in hosts]
    for there, host in zip(uploaded, hosts, strict=True):
        assert np.array_equal(torch.as_tensor(there.y).cpu().numpy(), host.y)


@pytest.mark.parametrize("device", DEVICES)
def test_a_view_of_a_padded_frame_is_uploaded_without_its_padding(device: str) -> None:
    frame = new_frame(61, 46, "yuv420p")
    host = view_of(frame)
    host.y[...] = noise(1, 46, 61)
    there = Uploader(torch.device(device)).surface(host)
    assert np.array_equal(torch.as_tensor(there.y).cpu().numpy(), host.y)
    assert there.frame is frame


@pytest.mark.parametrize("device", DEVICES)
@pytest.mark.parametrize("pixel_format", ["yuv420p", "yuv444p", "yuva420p"])
def test_a_downloaded_frame_holds_the_planes_of_its_time(device: str, pixel_format: str) -> None:
    downloader = Downloader(torch.device(device), lambda: new_frame(61, 46, pixel_format), 2)
    step = 1 if "444" in pixel_format else 2
    chroma = (-(-46 // step), -(-61 // step))
    shapes = [(46, 61), chroma, chroma, *([(46, 61)] if "yuva" in pixel_format else [])]
    planes = [torch.zeros(shape, dtype=torch.uint8, device=device) for shape in shapes]
    begun = []
    for turn in range(6):
        for index, plane in enumerate(planes):
            plane.fill_(10 * turn + index)
        begun.append((turn, downloader.start(planes)))
        # As the pipeline does: a frame is asked for when the next has been begun.
        if turn:
            earlier, download = begun[-2]
            frame = download.frame()
            assert [int(plane_view(frame, i).max()) for i in range(len(shapes))] == [
                10 * earlier + i for i in range(len(shapes))
            ]
            assert download.frame() is frame
