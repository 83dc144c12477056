"""The networks that are shipped enlarge photographs that they have not seen better than interpolation does."""

import io
from dataclasses import replace

import numpy as np
import pytest
import skimage.data
import torch
from PIL import Image

from gpu_tasks.models.step import Rgb
from gpu_tasks.models.super_resolution import networks
from gpu_tasks.models.super_resolution.choose import Variant
from gpu_tasks.models.super_resolution.colour import OnRgb
from gpu_tasks.models.super_resolution.enlarge import from_tensor, to_tensor
from gpu_tasks.models.super_resolution.task import SuperResolution, build
from gpu_tasks.models.super_resolution.weights_file import read_network
from gpu_tasks.weights.catalogue import of_purpose
from gpu_tasks.weights.store import verify
from tests.models.super_resolution.pictures import CPU, FILM, IMAGE, frame, pillow, smooth_picture

OURS = [entry for entry in of_purpose("super_resolution") if entry.packaged]
MAX_BYTES = 2_000_000


def photograph() -> Rgb:
    """A part of 192 × 192 with a face and fine lines."""
    whole: Rgb = skimage.data.astronaut()  # type: ignore[no-untyped-call]
    return np.ascontiguousarray(whole[20:212, 150:342])


def jpeg(rgb: Rgb, quality: int) -> Rgb:
    file = io.BytesIO()
    Image.fromarray(rgb).save(file, "JPEG", quality=quality)
    return np.asarray(Image.open(file))


def psnr_db(one: Rgb, other: Rgb) -> float:
    weights = np.array([0.299, 0.587, 0.114])
    inner = np.s_[4:-4, 4:-4]
    return float(10 * np.log10(255**2 / np.mean(((one.astype(float) - other) @ weights)[inner] ** 2)))


def gain_db(small: Rgb, scale: int, variant: Variant) -> float:
    """Above bicubic interpolation of the same picture."""
    network = networks.own(scale, variant, CPU).network
    found = from_tensor(network(to_tensor([small])))[0]
    return psnr_db(found, photograph()) - psnr_db(pillow(small, 192, 192, Image.Resampling.BICUBIC), photograph())


def test_there_is_one_for_every_scale_and_variant() -> None:
    assert {(one.scale, one.variant) for one in OURS} == {(2, "clean"), (2, "robust"), (4, "clean"), (4, "robust")}


@pytest.mark.parametrize("name", [entry.name for entry in OURS])
def test_the_catalogue_tells_the_truth_about_each(name: str) -> None:
    (entry,) = (one for one in OURS if one.name == name)
    network = read_network(verify(name))
    assert entry.size_bytes == verify(name).stat().st_size <= MAX_BYTES
    assert (entry.scale, entry.overlap_px, entry.channels) == (network.shape.scale, network.reach_px, 1)
    assert entry.commercial_use


@pytest.mark.parametrize(("scale", "least_db"), [(2, 2.0), (4, 1.0)])
def test_the_clean_set_gains_on_pristine_pictures(scale: int, least_db: float) -> None:
    small = pillow(photograph(), 192 // scale, 192 // scale, Image.Resampling.BICUBIC)
    assert gain_db(small, scale, "clean") > least_db


@pytest.mark.parametrize(("scale", "least_db"), [(2, 0.5), (4, 0.3)])
@pytest.mark.parametrize("quality", [75, 60])
def test_the_robust_set_gains_on_compressed_pictures(scale: int, least_db: float, quality: int) -> None:
    small = jpeg(pillow(photograph(), 192 // scale, 192 // scale, Image.Resampling.BICUBIC), quality)
    assert gain_db(small, scale, "robust") > least_db


def test_tiles_leave_no_seam() -> None:
    entry = replace(OURS[0], tile_px=64)
    rgb = pillow(photograph(), 150, 130, Image.Resampling.BICUBIC)
    whole = networks.from_entry(replace(entry, tile_px=0), CPU).network(to_tensor([rgb]))
    tiled = networks.from_entry(entry, CPU).network(to_tensor([rgb]))
    # In bfloat16 the order of sums, and with it the last bit of a detail, may differ.
    assert (whole - tiled).abs().max() < 0.5 / 255


@pytest.mark.parametrize("name", [entry.name for entry in OURS])
def test_fewer_bits_stay_close_to_single_precision(name: str) -> None:
    exact, rounded = (OnRgb(read_network(verify(name))).to(dtype) for dtype in (torch.float32, torch.bfloat16))
    rgb = to_tensor([pillow(photograph(), 96, 96, Image.Resampling.BICUBIC)])
    with torch.inference_mode():
        assert psnr_db(from_tensor(exact(rgb))[0], from_tensor(rounded(rgb))[0]) > 45


@pytest.mark.parametrize(
    ("scale", "variant", "name"),
    [
        (1.5, None, "framelane-x2-clean"),
        (2, "robust", "framelane-x2-robust"),
        (2.5, None, "framelane-x4-clean"),
        (3, "robust", "framelane-x4-robust"),
    ],
)
def test_the_step_takes_the_network_for_the_scale_and_tells_its_name(
    scale: float, variant: Variant | None, name: str
) -> None:
    step = build({"scale": scale, "variant": variant}, IMAGE)
    assert isinstance(step, SuperResolution)
    assert step.model == ""
    (made,) = step.process([frame(smooth_picture(40, 30))])
    assert (made.rgb.shape[1], made.rgb.shape[0]) == (40 * scale, 30 * scale)
    assert step.model == name


def test_compressed_films_get_the_robust_set_by_themselves() -> None:
    step = build({}, FILM)
    assert isinstance(step, SuperResolution)
    assert len(list(step.process([frame(smooth_picture(40, 30))]))) == 1
    assert step.model == "framelane-x2-robust"


def test_a_network_of_ours_can_be_asked_for_by_name() -> None:
    step = build({"model": "framelane-x4-clean", "scale": 2}, FILM)
    (made,) = step.process([frame(smooth_picture(40, 30))])
    assert made.rgb.shape == (60, 80, 3)
