"""Sound like speech: a made-up voice that says a sentence in vowels, and when each of its words is said.

Nobody's voice: harmonics of a gliding pitch, weighted by the resonances of vowels (formants, after Peterson and
Barney, "Control methods used in a study of the vowels", 1952).
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from examples.sources.clip import SAMPLE_RATE
from examples.sources.noise import Array

START_S = 0.4
SYLLABLE_S, WORD_GAP_S, PAUSE_S = 0.22, 0.06, 0.45
FORMANTS_HZ = {
    "a": (730, 1090, 2440),
    "e": (530, 1840, 2480),
    "i": (270, 2290, 3010),
    "o": (570, 840, 2410),
    "u": (300, 870, 2240),
}
WIDTHS_HZ = (90, 120, 170)
SENTENCE = "One/o request/ie becomes/ia a/a finished/ii film./i Captions/ao follow/oo every/ei word./e"
"""Words, each with the vowels of its syllables."""


@dataclass(frozen=True, slots=True)
class Syllable:
    start_s: float
    end_s: float
    vowel: str


@dataclass(frozen=True, slots=True)
class Word:
    text: str
    syllables: tuple[Syllable, ...]

    @property
    def start_s(self) -> float:
        return self.syllables[0].start_s

    @property
    def end_s(self) -> float:
        return self.syllables[-1].end_s


def words() -> Iterator[Word]:
    """The words of the sentence with their times."""
    now_s = START_S
    for entry in SENTENCE.split():
        text, _, vowels = entry.partition("/")
        starts = [round(now_s + SYLLABLE_S * index, 2) for index in range(len(vowels))]
        syllables = tuple(
            Syllable(start, round(start + SYLLABLE_S, 2), vowel) for start, vowel in zip(starts, vowels, strict=True)
        )
        yield Word(text, syllables)
        now_s = syllables[-1].end_s + (PAUSE_S if text.endswith(".") else WORD_GAP_S)


def voice(duration_s: float) -> Array:
    """n×2 float32: the sentence, with a little room around it."""
    sound = np.zeros(round(duration_s * SAMPLE_RATE))
    for word in words():
        for syllable in word.syllables:
            _say(sound, syllable)
    room = sound + 0.22 * np.roll(sound, 811) + 0.14 * np.roll(sound, 1907)
    return np.repeat((0.5 * room / np.abs(room).max()).astype(np.float32)[:, None], 2, axis=1)


def openness(time_s: float) -> tuple[float, str]:
    """How far the mouth is open at a time, 0 to 1, and for which vowel."""
    for word in words():
        for syllable in word.syllables:
            if syllable.start_s <= time_s < syllable.end_s:
                share = (time_s - syllable.start_s) / (syllable.end_s - syllable.start_s)
                return float(np.sin(np.pi * share) ** 0.7), syllable.vowel
    return 0.0, "a"


def _say(sound: Array, syllable: Syllable) -> None:
    first, last = round(syllable.start_s * SAMPLE_RATE), round(syllable.end_s * SAMPLE_RATE)
    part = sound[first:last]
    time_s = np.arange(len(part)) / SAMPLE_RATE
    share = np.linspace(0, 1, len(part))
    pitch_hz = 168 - 9 * syllable.start_s + 14 * np.sin(np.pi * share)
    phase = 2 * np.pi * np.cumsum(pitch_hz) / SAMPLE_RATE
    tone = sum(_gain(n * 168, syllable.vowel) * np.sin(n * phase) for n in range(1, 24))
    breath = np.random.default_rng(first).normal(0, 0.5, len(part)) * np.exp(-time_s * 70)
    part += (tone + 0.25 * breath) * np.sin(np.pi * share) ** 0.6


def _gain(frequency_hz: float, vowel: str) -> float:
    """How strong a harmonic is: falling with its frequency, raised at the formants."""
    peaks = zip(FORMANTS_HZ[vowel], WIDTHS_HZ, (1.0, 0.6, 0.3), strict=True)
    raised = sum(strength / (1 + ((frequency_hz - peak) / width) ** 2) for peak, width, strength in peaks)
    return float(raised + 0.03) * (200 / (200 + frequency_hz))
