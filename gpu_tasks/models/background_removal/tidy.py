"""What a network leaves unsure, decided: veils over the background, holes in a coat, specks."""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from gpu_tasks.models.background_removal.planes import Plane

# Coverage below the one is background and above the other person; the slope between keeps edges soft.
_BACKGROUND, _PERSON = np.float32(0.2), np.float32(0.8)
# Shares of the picture.
_HOLE, _SPECK = 0.01, 0.001
# A gap between arm and body is seen as background without doubt; a hole in a person is not.
_DOUBT = 0.1


def tidied(coverage: Plane) -> Plane:
    """Coverage with doubtful holes inside people filled, specks removed and what is nearly sure made sure."""
    return decided(without_specks(without_holes(coverage)))


def decided(coverage: Plane) -> Plane:
    """A smooth step (3t² − 2t³) from 0.2 to 0.8."""
    t = np.clip((coverage - _BACKGROUND) / (_PERSON - _BACKGROUND), 0, 1)
    return np.asarray(t * t * (3 - 2 * t), np.float32)


def without_holes(coverage: Plane) -> Plane:
    """Fills what people enclose, where it is small and the network doubted that it is background."""
    patches = _patches(coverage < 0.5)
    doubted = patches.means(coverage) > _DOUBT
    return np.where(patches.those((patches.areas < _HOLE) & ~patches.at_edge & doubted), np.float32(1), coverage)


def without_specks(coverage: Plane) -> Plane:
    """Drops patches that are sure in fewer pixels than a person covers, however far away."""
    patches = _patches(coverage > _BACKGROUND)
    sure = patches.sums((coverage >= _PERSON).astype(np.float32)) / coverage.size
    return np.where(patches.those(sure < _SPECK), np.float32(0), coverage)


@dataclass(frozen=True, slots=True)
class _Patches:
    """The connected patches of a mask, numbered from 1 in `labels`: areas as shares of it, and whether at its edge."""

    labels: NDArray[np.int32]
    areas: NDArray[np.float64]
    at_edge: NDArray[np.bool_]

    def sums(self, of: Plane) -> NDArray[np.float64]:
        return np.asarray(np.bincount(self.labels.ravel(), of.ravel(), len(self.areas)), np.float64)

    def means(self, of: Plane) -> NDArray[np.float64]:
        return np.asarray(self.sums(of) / np.maximum(1, self.areas * self.labels.size))

    def those(self, chosen: NDArray[np.bool_]) -> NDArray[np.bool_]:
        """The pixels of the chosen patches; number 0 is what lies outside of the mask."""
        chosen = chosen.copy()
        chosen[0] = False
        return chosen[self.labels]


def _patches(mask: NDArray[np.bool_]) -> _Patches:
    height, width = mask.shape
    _, labels, stats, _ = cv2.connectedComponentsWithStats(mask.astype(np.uint8), connectivity=4)
    left, top, wide, high, area = stats.T
    at_edge = (left == 0) | (top == 0) | (left + wide == width) | (top + high == height)
    return _Patches(np.asarray(labels, np.int32), area / mask.size, at_edge)
