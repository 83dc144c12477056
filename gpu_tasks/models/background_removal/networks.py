"""Stronger networks that an operator may install: TorchScript files of two kinds, told apart by their architecture.

- RobustVideoMatting (Lin, Yang, Saleemi, Sengupta: "Robust High-Resolution Video Matting with Temporal Guidance",
  2021): `net(picture, r1, r2, r3, r4, downsample_ratio)` gives the people's colours, the matte and the next r1 to r4.
- BiRefNet (Zheng et al.: "Bilateral Reference for High-Resolution Dichotomous Image Segmentation", 2024) and others of
  its class: `net(picture)`, 1024×1024 and normalised, gives one map or several, the last of which is the best.
"""

from types import TracebackType
from typing import Any, Self

import cv2
import numpy as np
import torch

from gpu_tasks.models.background_removal.colours import with_covered
from gpu_tasks.models.background_removal.matte import Cut, Matter, as_alpha
from gpu_tasks.models.background_removal.planes import Plane, resized, resized_rgb
from gpu_tasks.models.background_removal.refine import carried
from gpu_tasks.models.background_removal.smooth import Smoother
from gpu_tasks.models.devices import model_device
from gpu_tasks.models.loader import load_script
from gpu_tasks.models.step import Alpha, Rgb
from gpu_tasks.weights.descriptor import Descriptor
from gpu_tasks.weights.store import ModelDamaged

# Where its authors' own converter puts the picture's long side before the recurrent part.
_RECURRENT_SIDE_PX = 512
_LEAST_SIDE_PX = 64
_STATES = 4
_STILL_SIDE_PX = 1024
# Its edges are fine already; the filter only carries them to the picture's own size.
_STILL_RADIUS_PX = 3
# Of ImageNet, which such networks expect.
_MEAN, _DEVIATION = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)


class NetworkFailed(ModelDamaged):
    """The file loads, and is not a network of the kind that its name says."""


def matter_of(entry: Descriptor) -> Matter:
    """A matter for one clip, of an installed network. Raises ModelMissing, ModelDamaged."""
    kind = entry.architecture.split(",")[0].split(":")[0].strip()
    if kind not in _KINDS:
        raise NetworkFailed(f"the model {entry.name!r} is a {kind}; accepted are {', '.join(_KINDS)}")
    return _KINDS[kind](entry.name)


class _Network:
    """A TorchScript network on the device that models run on."""

    def __init__(self, name: str) -> None:
        self.name = name
        self._device = model_device()
        self._network = load_script(name, self._device.torch_device).to(self._device.dtype)

    def __call__(self, *arguments: Any) -> list[Any]:
        """What it gives, as a list. Raises NetworkFailed where it takes other arguments."""
        with torch.inference_mode():
            try:
                given = self._network(*arguments)
            except torch.cuda.OutOfMemoryError:
                raise
            except RuntimeError as error:
                raise self.failed(str(error).strip().splitlines()[-1]) from None
        return list(given) if isinstance(given, list | tuple) else [given]

    def failed(self, why: str) -> NetworkFailed:
        return NetworkFailed(f"the model {self.name!r} does not work as its kind does: {why}")

    def tensor(self, rgb: Rgb) -> torch.Tensor:
        """1×3×height×width, 0 to 1."""
        pixels = torch.from_numpy(np.ascontiguousarray(rgb)).to(self._device.torch_device)
        return pixels.permute(2, 0, 1)[None].to(self._device.dtype) / 255

    def plane(self, of: Any, size: tuple[int, int]) -> Plane:
        """The one channel of 1×1×height×width. Raises NetworkFailed for anything else, or for what is no number."""
        if tuple(of.shape) != (1, 1, size[1], size[0]):
            raise self.failed(f"it gave {tuple(of.shape)} where {(1, 1, size[1], size[0])} is expected")
        plane = np.asarray(of[0, 0].float().cpu().numpy(), np.float32)
        if not np.isfinite(plane).all():
            raise self.failed("it gave values that are no numbers")
        return plane


class _OneClip:
    """A matter that holds its network until the clip is done."""

    def __init__(self, name: str) -> None:
        self._network: _Network = _Network(name)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        del self._network


class RecurrentMatter(_OneClip):
    """RobustVideoMatting: what it remembers is kept from frame to frame, so it is steady by itself."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self._states: list[Any] = [None] * _STATES

    def cut(self, rgb: Rgb) -> Cut:
        size = _at_least(rgb, _LEAST_SIDE_PX)
        ratio = min(1.0, _RECURRENT_SIDE_PX / max(size))
        given = self._network(self._network.tensor(resized_rgb(rgb, size)), *self._states, ratio)
        if len(given) != 2 + _STATES:
            raise self._network.failed(f"it gave {len(given)} things; colours, matte and {_STATES} states are expected")
        self._states = given[2:]
        own = (rgb.shape[1], rgb.shape[0])
        matte = resized(np.clip(self._network.plane(given[1], size), 0, 1), own)
        return Cut(as_alpha(matte), self._people(given[0], size, own, rgb, as_alpha(matte)))

    def _people(self, colours: Any, size: tuple[int, int], own: tuple[int, int], rgb: Rgb, matte: Alpha) -> Rgb:
        """Its colours, where the matte is partial: covered pixels stay those of the picture."""
        channels = [self._network.plane(colours[:, i : i + 1], size) for i in range(3)]
        people = resized_rgb(np.dstack([as_alpha(np.clip(channel, 0, 1)) for channel in channels]), own)
        return with_covered(people, rgb, matte)


class StillMatter(_OneClip):
    """BiRefNet and its like: every frame by itself, so made steady and refined like the default's coverage."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self._smoother = Smoother()

    def cut(self, rgb: Rgb) -> Cut:
        size = (_STILL_SIDE_PX, _STILL_SIDE_PX)
        best = self._network(self._normalised(resized_rgb(rgb, size)))[-1]
        steady = self._smoother.smoothed(_probability(self._network.plane(best, size)), rgb)
        return Cut(as_alpha(carried(steady, rgb, _STILL_SIDE_PX, _STILL_RADIUS_PX)))

    def _normalised(self, rgb: Rgb) -> torch.Tensor:
        picture = self._network.tensor(rgb)
        mean, deviation = (picture.new_tensor(of).reshape(1, 3, 1, 1) for of in (_MEAN, _DEVIATION))
        return (picture - mean) / deviation


_KINDS: dict[str, type[RecurrentMatter] | type[StillMatter]] = {
    "RobustVideoMatting": RecurrentMatter,
    "BiRefNet": StillMatter,
}


def _at_least(rgb: Rgb, side_px: int) -> tuple[int, int]:
    return max(side_px, rgb.shape[1]), max(side_px, rgb.shape[0])


def _probability(plane: Plane) -> Plane:
    """0 to 1. Some exports end with a sigmoid and some before it: only logits leave that range."""
    if plane.min() >= 0 and plane.max() <= 1:
        return plane
    return np.asarray(1 / (1 + cv2.exp(-plane)), np.float32)
