"""Any decoded sound as stereo float: sample formats and channel layouts."""

from typing import Any

import av
import numpy as np
from av.audio.resampler import AudioResampler
from numpy.typing import NDArray

from gpu_tasks.errors import JobFailed
from gpu_tasks.media import limits

Samples = NDArray[np.float32]
_HALF_POWER = 2**-0.5
# What each loudspeaker adds to left and right: ITU-R BS.775 down-mix, the low-frequency channel left out.
_LEFT, _RIGHT, _BOTH = (1.0, 0.0), (0.0, 1.0), (_HALF_POWER, _HALF_POWER)
_SPEAKERS = {
    "FL": _LEFT,
    "FR": _RIGHT,
    "FC": _BOTH,
    "LFE": (0.0, 0.0),
    "LFE2": (0.0, 0.0),
    "BC": (0.5, 0.5),
    "DL": _LEFT,
    "DR": _RIGHT,
    "FLC": _LEFT,
    "FRC": _RIGHT,
}
_LOUDEST = 8.0
# From 8 planes on PyAV 18.1 reads past the end of the list of planes, and crashes.
_PLANES_MISCOUNTED = 8


def to_stereo(frame: av.AudioFrame) -> Samples:
    """A decoded frame as n×2 float32, full scale ±1, at the frame's own rate.

    Mono plays on both sides at full level. Raises JobFailed `source_too_large` for a rate or a number of channels
    outside `limits`.
    """
    channels = len(frame.layout.channels)
    if not 1 <= channels <= limits.MAX_CHANNELS or not _rate_is_sane(frame.sample_rate):
        raise JobFailed(
            "source_too_large",
            f"sound of {channels} channels at {frame.sample_rate} Hz; at most {limits.MAX_CHANNELS} channels at "
            f"{limits.MIN_SAMPLE_RATE_HZ} to {limits.MAX_SAMPLE_RATE_HZ} Hz are accepted",
        )
    values = _by_channel(frame, channels)
    if channels == 1:
        return np.repeat(values, 2, axis=1)
    if _is_stereo(frame):
        return values
    mixed: Samples = values @ _matrix([channel.name for channel in frame.layout.channels])
    return mixed


def _rate_is_sane(rate_hz: int) -> bool:
    return limits.MIN_SAMPLE_RATE_HZ <= rate_hz <= limits.MAX_SAMPLE_RATE_HZ


def _is_stereo(frame: av.AudioFrame) -> bool:
    return frame.layout.name in ("stereo", "2 channels", "downmix")


def _by_channel(frame: av.AudioFrame, channels: int) -> Samples:
    """n×channels float32, full scale ±1; values that are no numbers become silence."""
    frame = _packed(frame) if frame.format.is_planar and channels >= _PLANES_MISCOUNTED else frame
    raw: NDArray[Any] = frame.to_ndarray()
    raw = raw.T if frame.format.is_planar else raw.reshape(-1, channels)
    if raw.dtype == np.uint8:
        return _scaled(raw, 128) - np.float32(1)
    if raw.dtype == np.int16:
        return _scaled(raw, 2**15)
    if raw.dtype == np.int32:
        return _scaled(raw, 2**31)
    values = np.ascontiguousarray(raw, dtype=np.float32)
    if not np.isfinite(values).all() or np.abs(values).max(initial=0) > _LOUDEST:
        values = np.clip(np.nan_to_num(values, posinf=_LOUDEST, neginf=-_LOUDEST), -_LOUDEST, _LOUDEST)
    return values


def _packed(frame: av.AudioFrame) -> av.AudioFrame:
    """The same samples in one plane."""
    converted = AudioResampler("flt", frame.layout, frame.sample_rate).resample(frame)
    if len(converted) != 1 or converted[0].samples != frame.samples:
        raise JobFailed("decode_failed", f"sound of {frame.layout.name} layout cannot be unpacked")
    return converted[0]


def _scaled(raw: NDArray[Any], full_scale: float) -> Samples:
    return raw.astype(np.float32) * np.float32(1 / full_scale)


def _matrix(names: list[str]) -> Samples:
    """channels×2 gains. Speakers that the table does not know go to the side that their name ends with."""
    return np.array([_gains(name, index) for index, name in enumerate(names)], dtype=np.float32)


def _gains(name: str, index: int) -> tuple[float, float]:
    if name in _SPEAKERS:
        return _SPEAKERS[name]
    if name.endswith("L"):
        return _HALF_POWER, 0.0
    if name.endswith("R"):
        return 0.0, _HALF_POWER
    return (_HALF_POWER, 0.0) if index % 2 == 0 else (0.0, _HALF_POWER)
