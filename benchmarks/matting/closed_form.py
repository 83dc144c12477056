"""A second opinion on the portrait's matte, by another method than ours: closed-form matting.

Levin, Lischinski, Weiss: "A Closed-Form Solution to Natural Image Matting" (2008): between what is surely person and
surely background the matte is solved for, from the colours alone. Slow, so of use for a benchmark only.
"""

import cv2
import numpy as np
import scipy.sparse as sparse  # type: ignore[import-untyped]
from numpy.typing import NDArray
from scipy.sparse.linalg import cg  # type: ignore[import-untyped]

from gpu_tasks.models.background_removal.planes import Plane
from gpu_tasks.models.step import Alpha, Rgb

_WINDOW = 9
_EPSILON = 1e-6
_HELD = 100.0
_UNSURE_PX = 8
_SMALL_HOLE = 0.006

Mask = NDArray[np.bool_]


def closed_form_matte(rgb: Rgb, coverage: Plane) -> Alpha:
    """The matte within 8 pixels of where `coverage`, of the size of `rgb`, passes a half; elsewhere 0 or 255."""
    inside = _one_piece(coverage > 0.55)
    disc = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * _UNSURE_PX + 1,) * 2)
    person = cv2.erode(inside, disc, borderType=cv2.BORDER_REPLICATE) > 0
    known = person | (cv2.dilate(inside, disc, borderType=cv2.BORDER_REPLICATE) == 0)
    matte = _solved(_laplacian(rgb.astype(np.float64) / 255, ~known), person, known)
    return np.asarray(np.round(np.clip(matte, 0, 1) * 255), np.uint8)


def _one_piece(mask: Mask) -> Alpha:
    """The largest patch, with small holes filled."""
    _, labels, stats, _ = cv2.connectedComponentsWithStats(mask.astype(np.uint8))
    piece = labels == 1 + stats[1:, cv2.CC_STAT_AREA].argmax()
    _, labels, stats, _ = cv2.connectedComponentsWithStats((~piece).astype(np.uint8))
    holes = np.flatnonzero(stats[:, cv2.CC_STAT_AREA] < _SMALL_HOLE * mask.size)
    return np.asarray(piece | np.isin(labels, holes), np.uint8)


def _laplacian(colours: NDArray[np.float64], unsure: Mask) -> sparse.csr_matrix:
    """The matting Laplacian, equation 12, of the 3×3 windows that hold an unsure pixel."""
    height, width = unsure.shape
    used = cv2.dilate(unsure.astype(np.uint8), np.ones((3, 3), np.uint8))[1:-1, 1:-1] > 0
    numbers = np.arange(height * width).reshape(height, width)
    windows = np.lib.stride_tricks.sliding_window_view(numbers, (3, 3))[used].reshape(-1, _WINDOW)
    apart = colours.reshape(-1, 3)[windows]
    apart = apart - apart.mean(axis=1, keepdims=True)
    covariance = np.einsum("nki,nkj->nij", apart, apart) / _WINDOW + _EPSILON / _WINDOW * np.eye(3)
    alike = (1 + np.einsum("nki,nij,nlj->nkl", apart, np.linalg.inv(covariance), apart)) / _WINDOW
    weights = np.eye(_WINDOW) - alike
    rows, columns = np.repeat(windows, _WINDOW, axis=1).ravel(), np.tile(windows, (1, _WINDOW)).ravel()
    return sparse.csr_matrix((weights.ravel(), (rows, columns)), shape=(numbers.size, numbers.size))


def _solved(laplacian: sparse.csr_matrix, person: Mask, known: Mask) -> NDArray[np.float64]:
    """The smoothest matte that is right where it is known: conjugate gradients, preconditioned by the diagonal."""
    system = laplacian + sparse.diags(_HELD * known.ravel() + 1e-8)
    start, nearly_inverse = person.ravel().astype(np.float64), sparse.diags(1 / system.diagonal())
    matte, unfinished = cg(system, _HELD * start, x0=start, M=nearly_inverse, maxiter=3000, rtol=1e-6)
    if unfinished:
        raise RuntimeError("closed-form matting did not converge in 3000 steps")
    return np.asarray(matte).reshape(person.shape)
