"""The mix: every sound at its instant, at its level, and never above full scale."""

from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest
from numpy.typing import NDArray

from gpu_tasks.errors import JobFailed
from gpu_tasks.media.mix import mix
from gpu_tasks.timeline.sound import Ramp, Sound
from tests.media.make import BEEP_HZ, SAMPLE_RATE_HZ, beeps, make_clip, make_sound, onsets_s

pytestmark = pytest.mark.slow

URL = "https://cdn.example/sound"
MILLISECOND = 0.001


def _sound(**changes: object) -> Sound:
    facts: dict[str, object] = {
        "source_url": URL,
        "start_s": Fraction(0),
        "stop_s": Fraction(2),
        "in_point_s": Fraction(0),
        "speed": Fraction(1),
        "gain": 1.0,
    }
    return Sound(**(facts | changes))  # type: ignore[arg-type]


def _mixed(
    path: Path, sounds: Sequence[Sound], duration_s: Fraction = Fraction(2), block_samples: int = 4800
) -> NDArray[np.float32]:
    return np.concatenate(list(mix(sounds, {URL: path}, duration_s, block_samples)))


def _rms(samples: NDArray[np.float32]) -> float:
    return float(np.sqrt((samples.astype(np.float64) ** 2).mean()))


def _tone(duration_s: float, level: float, hertz: float = 440) -> NDArray[np.float32]:
    seconds = np.arange(round(duration_s * SAMPLE_RATE_HZ)) / SAMPLE_RATE_HZ
    return (level * np.sin(2 * np.pi * hertz * seconds)).astype(np.float32)


@pytest.mark.parametrize("suffix", ["m4a", "mp3", "wav", "flac", "mp4", "webm", "mkv"])
@pytest.mark.parametrize("rate_hz", [48_000, 44_100])
def test_beeps_land_where_they_lie_in_the_source(suffix: str, rate_hz: int, tmp_path: Path) -> None:
    rate_hz = 48_000 if suffix == "webm" else rate_hz
    path = make_sound(tmp_path / f"sound.{suffix}", sample_rate_hz=rate_hz)
    assert onsets_s(_mixed(path, [_sound()])) == pytest.approx([0.5, 1.5], abs=MILLISECOND)


def test_sound_of_a_transport_stream_keeps_step_with_its_picture(tmp_path: Path) -> None:
    path = make_clip(tmp_path / "clip.ts")
    assert onsets_s(_mixed(path, [_sound()])) == pytest.approx([0.5, 1.5], abs=MILLISECOND)


@pytest.mark.parametrize("suffix", ["m4a", "mp3", "wav", "flac", "webm", "aac"])
def test_trimming_is_exact(suffix: str, tmp_path: Path) -> None:
    path = make_sound(tmp_path / f"sound.{suffix}", duration_s=8, beeps_s=(0.5, 5.25, 6.5))
    heard = onsets_s(_mixed(path, [_sound(in_point_s=Fraction(5))]))
    # Raw AAC has no place to say that its first 1024 samples are the encoder's.
    priming_s = 1024 / SAMPLE_RATE_HZ if suffix == "aac" else 0
    assert heard == pytest.approx([0.25 + priming_s, 1.5 + priming_s], abs=1.5 * MILLISECOND)


def test_start_and_stop_bound_the_sound(tmp_path: Path) -> None:
    path = make_sound(tmp_path / "tone.wav", signal=_tone(4, 0.5))
    mixed = _mixed(path, [_sound(start_s=Fraction(1, 2), stop_s=Fraction(3, 2))])
    assert np.abs(mixed[: SAMPLE_RATE_HZ // 2]).max() == 0
    assert _rms(mixed[SAMPLE_RATE_HZ // 2 : 3 * SAMPLE_RATE_HZ // 2]) == pytest.approx(0.5 / 2**0.5, rel=0.01)
    assert np.abs(mixed[3 * SAMPLE_RATE_HZ // 2 :]).max() == 0


def test_a_negative_in_point_waits_in_silence(tmp_path: Path) -> None:
    path = make_sound(tmp_path / "sound.wav", beeps_s=(0,))
    assert onsets_s(_mixed(path, [_sound(in_point_s=Fraction(-3, 4))])) == pytest.approx([0.75], abs=MILLISECOND)


def test_silence_follows_where_the_source_ends(tmp_path: Path) -> None:
    path = make_sound(tmp_path / "tone.wav", signal=_tone(1, 0.5))
    mixed = _mixed(path, [_sound()])
    assert len(mixed) == 2 * SAMPLE_RATE_HZ
    assert np.abs(mixed[SAMPLE_RATE_HZ + 10 :]).max() == 0


@pytest.mark.parametrize("speed", ["0.25", "0.5", "0.8", "1.25", "1.5", "2"])
def test_speed_moves_beeps_and_keeps_their_pitch(speed: str, tmp_path: Path) -> None:
    factor = Fraction(speed)
    path = make_sound(tmp_path / "sound.wav", duration_s=4, beeps_s=(1, 2.6))
    duration_s = 4 / factor
    mixed = _mixed(path, [_sound(stop_s=duration_s, speed=factor)], duration_s)
    assert onsets_s(mixed, level=0.25, quiet_s=0.1) == pytest.approx(
        [1 / float(factor), 2.6 / float(factor)], abs=0.005
    )
    spectrum = np.abs(np.fft.rfft(mixed[:, 0]))
    loudest_hz = float(np.argmax(spectrum)) * SAMPLE_RATE_HZ / len(mixed)
    assert loudest_hz == pytest.approx(BEEP_HZ, rel=0.02)


def test_a_steady_tone_stays_steady_when_stretched(tmp_path: Path) -> None:
    path = make_sound(tmp_path / "tone.wav", signal=_tone(4, 0.5, 220))
    mixed = _mixed(path, [_sound(speed=Fraction(3, 2))])[4800:-4800, 0]
    levels = [_rms(part) for part in np.split(mixed, 8)]
    assert levels == pytest.approx([0.5 / 2**0.5] * 8, rel=0.02)


def test_mono_plays_on_both_sides_at_full_level(tmp_path: Path) -> None:
    path = make_sound(tmp_path / "tone.wav", layout="mono", signal=_tone(2, 0.5))
    mixed = _mixed(path, [_sound()])
    assert np.array_equal(mixed[:, 0], mixed[:, 1])
    assert _rms(mixed) == pytest.approx(0.5 / 2**0.5, rel=0.01)


def test_surround_is_folded_down_to_both_sides(tmp_path: Path) -> None:
    path = make_sound(tmp_path / "tone.wav", layout="5.1", signal=_tone(2, 0.1))
    mixed = _mixed(path, [_sound()])
    # Front, centre and surround add up; the low-frequency channel is left out.
    assert _rms(mixed) == pytest.approx(0.1 / 2**0.5 * (1 + 2 * 0.5**0.5), rel=0.02)


def test_eight_channels_are_folded_down(tmp_path: Path) -> None:
    path = make_sound(tmp_path / "tone.m4a", layout="7.1", signal=_tone(2, 0.1))
    mixed = _mixed(path, [_sound()])
    assert _rms(mixed) == pytest.approx(0.1 / 2**0.5 * (1 + 3 * 0.5**0.5), rel=0.05)


def test_gain_and_ramps_multiply(tmp_path: Path) -> None:
    path = make_sound(tmp_path / "one.wav", signal=np.full(2 * SAMPLE_RATE_HZ, 0.8, dtype=np.float32))
    ramps = (Ramp(Fraction(0), Fraction(1), 0.0, 1.0), Ramp(Fraction(3, 2), Fraction(2), 1.0, 0.0))
    mixed = _mixed(path, [_sound(gain=0.5, ramps=ramps)])[:, 0]
    at = [mixed[round(second * SAMPLE_RATE_HZ)] for second in (0, 0.25, 0.5, 1.2, 1.75)]
    assert at == pytest.approx([0, 0.1, 0.2, 0.4, 0.2], abs=0.002)


def test_two_sounds_add_up(tmp_path: Path) -> None:
    path = make_sound(tmp_path / "tone.wav", signal=_tone(2, 0.3))
    alone, both = _mixed(path, [_sound()]), _mixed(path, [_sound(), _sound()])
    assert np.allclose(both, 2 * alone, atol=1e-6)


def test_loud_sums_are_limited_without_clipping(tmp_path: Path) -> None:
    path = make_sound(tmp_path / "tone.wav", signal=_tone(2, 0.9, 100))
    mixed = _mixed(path, [_sound(), _sound(), _sound()])
    assert np.abs(mixed).max() <= 1.0
    assert np.mean(np.abs(mixed) >= 0.999) < 0.05, "a clipped sine would stay at full scale for most of its time"


def test_quiet_sums_pass_untouched(tmp_path: Path) -> None:
    signal = _tone(2, 0.99)
    mixed = _mixed(make_sound(tmp_path / "tone.wav", signal=signal), [_sound()])
    assert np.abs(mixed[:, 0] - signal).max() < 1e-4


@pytest.mark.parametrize("block_samples", [1, 777, 48_000])
def test_blocks_have_the_asked_size_and_change_nothing(block_samples: int, tmp_path: Path) -> None:
    path = make_sound(tmp_path / "sound.m4a", duration_s=0.3, beeps_s=(0.1,))
    duration_s = Fraction(1001, 3000)
    sounds = [_sound(gain=9.0)]
    blocks = list(mix(sounds, {URL: path}, duration_s, block_samples))
    assert {len(block) for block in blocks[:-1]} <= {block_samples}
    assert sum(len(block) for block in blocks) == 16_016
    assert np.array_equal(np.concatenate(blocks), _mixed(path, sounds, duration_s))


def test_no_sounds_make_silence() -> None:
    mixed = np.concatenate(list(mix([], {}, Fraction(1, 2))))
    assert mixed.shape == (24_000, 2)
    assert mixed.dtype == np.float32
    assert not mixed.any()


def test_sources_are_open_only_while_they_play(tmp_path: Path) -> None:
    path = make_sound(tmp_path / "sound.wav", duration_s=1)
    sounds = [_sound(start_s=Fraction(index), stop_s=Fraction(index + 1)) for index in range(5)]
    blocks = mix(sounds, {URL: path}, Fraction(5), 4800)
    most_open = 0
    for _ in blocks:
        links = [link for link in Path("/proc/self/fd").iterdir() if link.exists() and link.resolve() == path.resolve()]
        most_open = max(most_open, len(links))
    assert most_open == 1


def test_broken_sound_fails_naming_its_source(tmp_path: Path) -> None:
    path = make_sound(tmp_path / "sound.mp4", duration_s=4, signal=_tone(4, 0.5))
    data = bytearray(path.read_bytes())
    middle, index = len(data) // 3, data.index(b"moov")
    data[middle:index] = bytes([0x55]) * (index - middle)
    path.write_bytes(data)
    with pytest.raises(JobFailed) as failure:
        _mixed(path, [_sound(stop_s=Fraction(4))], Fraction(4))
    assert failure.value.code == "decode_failed"
    assert URL in failure.value.message
    assert str(tmp_path) not in failure.value.message


def test_a_gap_in_the_timestamps_stays_a_gap(tmp_path: Path) -> None:
    whole, gapped = make_sound(tmp_path / "whole.mkv", duration_s=3, beeps_s=(0.5, 2.5)), tmp_path / "gapped.mkv"
    with av.open(str(whole)) as source, av.open(str(gapped), "w", format="matroska") as target:
        stream = target.add_stream_from_template(source.streams.audio[0])
        for packet in source.demux(audio=0):
            if packet.dts is not None and not 1 < packet.pts * packet.time_base < 2:
                packet.stream = stream
                target.mux(packet)
    mixed = _mixed(gapped, [_sound(stop_s=Fraction(3))], Fraction(3))
    assert onsets_s(mixed) == pytest.approx([0.5, 2.5], abs=MILLISECOND)


def test_the_beep_helper_finds_what_it_made() -> None:
    signal = beeps(2, (0.5, 1.5))
    assert onsets_s(np.stack([signal, signal], axis=1)) == pytest.approx([0.5, 1.5], abs=MILLISECOND)
