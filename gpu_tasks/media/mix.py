"""The sound of a film: every audible element decoded, placed, weighted, summed and limited, in one pass."""

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from pathlib import Path

import numpy as np

from gpu_tasks.media.audio_channels import Samples
from gpu_tasks.media.audio_limit import HOP, Limiter
from gpu_tasks.media.audio_source import SAMPLE_RATE_HZ as SAMPLE_RATE_HZ
from gpu_tasks.media.audio_source import AudioReader
from gpu_tasks.media.audio_stretch import Stretcher
from gpu_tasks.timeline.sound import Ramp, Sound

_BLOCK = 100 * HOP


def mix(
    sounds: Sequence[Sound], paths: Mapping[str, Path], duration_s: Fraction, block_samples: int = 4800
) -> Iterator[Samples]:
    """Mix `sounds` to stereo at 48 kHz.

    Yields blocks of block_samples×2 float32 within ±1, the last one shorter, round(duration_s·48000) samples in all.
    `paths` maps source URLs to local files; each is opened when its time comes and closed when it is over. The result
    does not depend on `block_samples`. Raises JobFailed (`decode_failed` and the like) naming the source.
    """
    total = round(duration_s * SAMPLE_RATE_HZ)
    rest: Samples = np.zeros((0, 2), dtype=np.float32)
    for piece in _cut(_limited(sounds, paths, total), total):
        rest = np.concatenate([rest, piece])
        while len(rest) >= block_samples:
            yield rest[:block_samples]
            rest = rest[block_samples:]
    if len(rest):
        yield rest


def _cut(pieces: Iterator[Samples], total: int) -> Iterator[Samples]:
    for piece in pieces:
        yield piece[:total]
        total -= len(piece)


def _limited(sounds: Sequence[Sound], paths: Mapping[str, Path], total: int) -> Iterator[Samples]:
    limiter = Limiter()
    for block in _summed(sounds, paths, total):
        yield limiter.push(block)
    yield limiter.flush()


def _summed(sounds: Sequence[Sound], paths: Mapping[str, Path], total: int) -> Iterator[Samples]:
    """Sums on a fixed grid of blocks, so that no choice of the caller can change a sample."""
    waiting = sorted(sounds, key=lambda sound: sound.start_s, reverse=True)
    playing: list[_Voice] = []
    try:
        for start in range(0, total, _BLOCK):
            while waiting and round(waiting[-1].start_s * SAMPLE_RATE_HZ) < start + _BLOCK:
                sound = waiting.pop()
                playing.append(_Voice(sound, paths[sound.source_url], start))
            block = np.zeros((_BLOCK, 2), dtype=np.float32)
            for voice in playing:
                voice.add_to(block, start)
            playing = [voice for voice in playing if not voice.close_if_over(start + _BLOCK)]
            yield block
    finally:
        for voice in playing:
            voice.close()


class _Voice:
    """A sound while it plays."""

    def __init__(self, sound: Sound, path: Path, block_start: int) -> None:
        self._sound = sound
        self._first = max(round(sound.start_s * SAMPLE_RATE_HZ), block_start)
        self._stop = round(sound.stop_s * SAMPLE_RATE_HZ)
        skipped_s = Fraction(self._first, SAMPLE_RATE_HZ) - sound.start_s
        self._reader = AudioReader(path, sound.in_point_s + skipped_s * sound.speed, sound.source_url)
        self._read = self._reader.read if sound.speed == 1 else Stretcher(self._reader.read, sound.speed).read

    def add_to(self, block: Samples, start: int) -> None:
        """Add what is heard of this sound to the block of output samples that begins at `start`."""
        first, stop = max(self._first, start), min(self._stop, start + len(block))
        if first < stop:
            block[first - start : stop - start] += self._read(stop - first) * _gains(self._sound, first, stop)

    def close_if_over(self, position: int) -> bool:
        if self._stop > position:
            return False
        self.close()
        return True

    def close(self) -> None:
        self._reader.close()


def _gains(sound: Sound, first: int, stop: int) -> Samples | np.float32:
    """Gain of each output sample in [first, stop), as a column; one number where it does not change."""
    curves = [_ramp(ramp, first, stop) for ramp in sound.ramps]
    gain: Samples | np.float32 = np.float32(sound.gain)
    for curve in curves:
        gain = gain * curve
    return gain


def _ramp(ramp: Ramp, first: int, stop: int) -> Samples | np.float32:
    begin, end = ramp.start_s * SAMPLE_RATE_HZ, ramp.stop_s * SAMPLE_RATE_HZ
    if stop <= begin:
        return np.float32(ramp.from_gain)
    if first >= end:
        return np.float32(ramp.to_gain)
    share = np.clip((np.arange(first, stop) - float(begin)) / max(float(end - begin), 1e-9), 0, 1)
    return (ramp.from_gain + (ramp.to_gain - ramp.from_gain) * share).astype(np.float32)[:, None]
