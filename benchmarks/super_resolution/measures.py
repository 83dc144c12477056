"""The usual measures of super-resolution: PSNR and SSIM of luma."""

import math

import numpy as np
from numpy.typing import NDArray
from skimage.metrics import structural_similarity

from gpu_tasks.models.step import Rgb

Plane = NDArray[np.float64]
_LIMITED_RANGE = np.array([65.481, 128.553, 24.966]) / 255
_SSIM_SIGMA_PX = 1.5


def luma(rgb: Rgb) -> Plane:
    """Luma by ITU-R BT.601 in limited range (16–235), rounded, as the literature of super-resolution measures it."""
    return np.asarray(np.round(rgb.astype(np.float64) @ _LIMITED_RANGE + 16))


def psnr_db(found: Plane, wanted: Plane) -> float:
    """Peak signal to noise, peak 255; infinite where nothing differs."""
    error = float(np.mean((found - wanted) ** 2))
    return 10 * math.log10(255**2 / error) if error else math.inf


def ssim(found: Plane, wanted: Plane) -> float:
    """Structural similarity (Wang et al., 2004): Gaussian windows of 1.5 pixels."""
    return float(
        structural_similarity(  # type: ignore[no-untyped-call]
            found, wanted, data_range=255, gaussian_weights=True, sigma=_SSIM_SIGMA_PX, use_sample_covariance=False
        )
    )


def compared(found: Rgb, wanted: Rgb, border_px: int) -> tuple[float, float]:
    """PSNR in dB and SSIM of luma, without a border."""
    inner = np.s_[border_px:-border_px, border_px:-border_px]
    one, other = luma(found)[inner], luma(wanted)[inner]
    return psnr_db(one, other), ssim(one, other)
