"""The loudness of mixes against FFmpeg's `ebur128`, and against what EBU R 128 says of tones of known level."""

import math
import tempfile
from collections.abc import Iterator, Sequence
from fractions import Fraction
from pathlib import Path

import av
import av.filter
import numpy as np
from numpy.typing import NDArray

from benchmarks.verify.finding import Finding, Size, within
from gpu_tasks.media.mix import SAMPLE_RATE_HZ, mix
from gpu_tasks.timeline.sound import Sound

TONE_HZ = 997
DURATION_S = 6
BAR_LU = 0.1
Samples = NDArray[np.float32]


def findings(size: Size) -> Iterator[Finding]:
    with tempfile.TemporaryDirectory(prefix="verify-") as folder:
        path = Path(folder) / "tone.wav"
        _write_tone(path, amplitude=0.25)
        for gains in ((1.0,), (0.4,), (0.5, 0.25), (1.0, 1.0, 0.5)):
            level_db = 20 * math.log10(0.25 * sum(gains))
            mixed = np.concatenate(list(mix(_sounds(gains), {"tone": path}, Fraction(DURATION_S))))
            # A stereo sine of 997 Hz with its peaks at x dBFS has a loudness of x LUFS (EBU Tech 3341, test case 1).
            error = abs(loudness_lufs(mixed) - level_db)
            yield within(f"mix of {len(gains)}, {level_db:.1f} LUFS", "FFmpeg ebur128", error, "LU", BAR_LU)


def _sounds(gains: Sequence[float]) -> list[Sound]:
    """The same tone several times at once: amplitudes add."""
    return [Sound("tone", Fraction(0), Fraction(DURATION_S), Fraction(0), Fraction(1), gain) for gain in gains]


def _write_tone(path: Path, amplitude: float) -> None:
    time_s = np.arange(DURATION_S * SAMPLE_RATE_HZ) / SAMPLE_RATE_HZ
    tone = np.rint(amplitude * 32767 * np.sin(2 * np.pi * TONE_HZ * time_s)).astype(np.int16)
    with av.open(str(path), "w") as container:
        stream = container.add_stream("pcm_s16le", rate=SAMPLE_RATE_HZ, layout="stereo")
        frame = av.AudioFrame.from_ndarray(np.repeat(tone, 2)[None, :], format="s16", layout="stereo")
        frame.sample_rate = SAMPLE_RATE_HZ
        container.mux(stream.encode(frame))
        container.mux(stream.encode(None))


def loudness_lufs(samples: Samples) -> float:
    """Integrated loudness of n × 2 samples at 48 kHz, as FFmpeg measures it."""
    graph = av.filter.Graph()
    form = f"sample_rate={SAMPLE_RATE_HZ}:sample_fmt=flt:channel_layout=stereo:time_base=1/{SAMPLE_RATE_HZ}"
    source, meter, sink = graph.add("abuffer", form), graph.add("ebur128", "metadata=1"), graph.add("abuffersink")
    source.link_to(meter)
    meter.link_to(sink)
    graph.configure()
    frame = av.AudioFrame.from_ndarray(np.ascontiguousarray(samples).reshape(1, -1), format="flt", layout="stereo")
    frame.sample_rate, frame.pts = SAMPLE_RATE_HZ, 0
    source.push(frame)
    source.push(None)
    last = ""
    while True:
        try:
            last = sink.pull().metadata.get("lavfi.r128.I", last)
        except av.error.EOFError:
            return float(last)
