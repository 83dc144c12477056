"""The task `super_resolution`: a picture or a film enlarged by a factor from 1 to 4."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, cast, get_args

from gpu_tasks.errors import JobFailed
from gpu_tasks.models.devices import Device, model_device
from gpu_tasks.models.step import Rgb, Step
from gpu_tasks.models.super_resolution import networks
from gpu_tasks.models.super_resolution.choose import Variant, choose
from gpu_tasks.models.super_resolution.enlarge import Enlarge, Enlarger, PassThrough
from gpu_tasks.models.super_resolution.sizes import MAX_SCALE, MIN_SCALE
from gpu_tasks.timeline.sources import SourceInfo
from gpu_tasks.weights.catalogue import UnknownModel

MODEL_SETTING = "FRAMELANE_SUPER_RESOLUTION_MODEL"
DEFAULT_SCALE = 2
_AUTO = "auto"
_MOST_BATCH = 8
_BATCH_PIXELS = 2**24
"""Enlarged pixels that a batch may hold: their float32 copies lie in memory all at once."""


@dataclass(frozen=True, slots=True)
class Options:
    """`variant` and `model` are None where they are to be chosen; a model makes the variant meaningless."""

    scale: float = DEFAULT_SCALE
    variant: Variant | None = None
    model: str | None = None


class SuperResolution(Enlarger):
    """The step, made for one source; its network is chosen and loaded when the first frame is there."""

    def __init__(self, options: Options, source: SourceInfo, device: Device) -> None:
        batch = batch_size(source, options.scale) if device.is_cuda else 1
        super().__init__(options.scale, self._network, even=source.kind == "video", batch=batch)
        self._options, self._source, self._device = options, source, device
        # A network that an operator named is loaded now: what is wrong with it is told before anything is decoded.
        self._named = networks.named(options.model, device) if options.model else None
        self.model = options.model or ""
        """The name of the network in use; empty before the first frame where it depends on that."""

    def _network(self, first: Rgb) -> Enlarge:
        chosen = self._named or networks.own(self._options.scale, self._variant(first), self._device)
        self.model = chosen.name
        return chosen.network

    def _variant(self, first: Rgb) -> Variant:
        return self._options.variant or choose(self._source, first)


def build(options: Mapping[str, Any], source: SourceInfo) -> Step:
    """A step for a film or a picture.

    Options: `scale` (1 to 4; 2), `variant` (`auto`, `clean` for pristine pictures, `robust` for compressed and noisy
    ones; auto) and `model` (a network of the catalogue; what FRAMELANE_SUPER_RESOLUTION_MODEL names, else our own).
    Raises ValueError for anything else; JobFailed `invalid_source` for a source without a picture; ModelError for a
    network that is not installed or not what it should be.
    """
    if not (source.has_video or source.kind == "image"):
        raise JobFailed("invalid_source", f"super-resolution needs a video or an image, not {source.kind}")
    parsed = parse(options)
    return PassThrough() if parsed.scale == MIN_SCALE else SuperResolution(parsed, source, model_device())


def parse(options: Mapping[str, Any]) -> Options:
    """The options, checked. Raises ValueError, which names the value and what is accepted."""
    return Options(
        _scale(options.get("scale", DEFAULT_SCALE)), _variant(options.get("variant")), _model(options.get("model"))
    )


def batch_size(source: SourceInfo, scale: float) -> int:
    """How many frames are enlarged at once on a card."""
    pixels = source.width * source.height * scale**2
    return max(1, min(_MOST_BATCH, int(_BATCH_PIXELS / max(1.0, pixels))))


def _scale(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not MIN_SCALE <= value <= MAX_SCALE:
        raise ValueError(f"scale is {value!r}; it must be a number from {MIN_SCALE:g} to {MAX_SCALE:g}")
    return float(value)


def _variant(value: Any) -> Variant | None:
    if value is None or value == _AUTO:
        return None
    if value not in get_args(Variant):
        raise ValueError(f"variant is {value!r}; accepted are {_AUTO}, {', '.join(get_args(Variant))}")
    return cast(Variant, value)


def _model(named: Any) -> str | None:
    if named is None:
        return _setting()
    if named not in networks.names():
        raise ValueError(f"model is {named!r}; accepted are {', '.join(networks.names())}")
    return cast(str, named)


def _setting() -> str | None:
    """What the operator named: a network of the catalogue, or the name of a checkpoint's file in his folder."""
    setting = os.environ.get(MODEL_SETTING) or None
    if setting and setting not in networks.names() and not setting.endswith(networks.CHECKPOINT_SUFFIXES):
        raise UnknownModel(f"{MODEL_SETTING} is {setting!r}; accepted are {', '.join(networks.names())} or a file")
    return setting
