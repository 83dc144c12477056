"""The tables of a run, as Markdown."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby

from benchmarks.gaze.bars import Bar
from benchmarks.gaze.cases import INTENSITIES, Case
from benchmarks.gaze.treated import OFFSETS, Reading
from benchmarks.gaze.turned import Turn

EXPLANATION = """\
The irises of a photograph (scikit-image's astronaut, who looks into the camera) are displaced by known amounts and
redirected; a registration of the original irises tells how much of the offset is gone. D is the diameter of the iris;
0.015 D is a degree of gaze.

What this shows: that the offset is estimated and removed on **one** frontal, brown-eyed face, enlarged three times to
eyes of 56 pixels, and that the picture comes closer to the undisplaced one. What it does not show: other faces, dark
skin, blue eyes, glasses, turned heads (but for what the last two tables make up), lids that follow the gaze,
catch-lights that stay, real blinks. Constants were fitted on this face.
"""


TURNED = """\
The face on its own relief, the eyes turning with it: they look past the camera by 0.85 D times the sine of the yaw.
The picture is crude, without hair and ears, and held to no bar. It shows that the pose term has the right sign and
about the right size.
"""


TREATED = """\
The *shaded* pictures, treated; the offset read in D, by its true value. Painted eyes and frames are no substitute for
people who have them.
"""


def markdown(
    bars: Sequence[Bar],
    tables: Mapping[str, Sequence[Case]],
    turns: Sequence[Turn],
    readings: Sequence[Reading],
    facts: Mapping[str, str],
) -> str:
    """The whole report."""
    parts = ["# Gaze redirect", "", EXPLANATION, *(f"- {name}: {fact}" for name, fact in facts.items())]
    parts += ["", "## Bars", "", "| | measured | accepted | |", "|---|---:|---:|---|"]
    parts += [_bar_row(bar) for bar in bars]
    for name, cases in tables.items():
        parts += ["", f"## {name}", "", *_case_rows(cases)]
    parts += ["", "## Turned in space", "", TURNED, *_turn_rows(turns)]
    parts += ["", "## Harder to read", "", TREATED, *_reading_rows(readings)]
    return "\n".join(parts) + "\n"


def _bar_row(bar: Bar) -> str:
    accepted = f"≥ {bar.low:g}" if bar.high == float("inf") else f"{bar.low:g}–{bar.high:g}"
    unit = f" {bar.unit}" if bar.unit else ""
    return f"| {bar.what} | {bar.figure:.3g}{unit} | {accepted}{unit} | {'pass' if bar.passed else 'FAIL'} |"


def _case_rows(cases: Sequence[Case]) -> Iterator[str]:
    shares = " | ".join(f"removed at {intensity:g}" for intensity in INTENSITIES)
    yield f"| made | offset, D | meter reads | {shares} | left, D | PSNR, dB |"
    yield "|---|" + "---:|" * (len(INTENSITIES) + 4)
    for case in cases:
        removed = " | ".join(f"{share:.2f}" for share in case.removed)
        yield (
            f"| {case.kind} | {case.offset:+.2f} | {case.read:+.3f} | {removed} | {case.moved_to[-1]:+.3f} "
            f"| {case.psnr_before_db:.1f} → {case.psnr_after_db:.1f} |"
        )


def _turn_rows(turns: Sequence[Turn]) -> Iterator[str]:
    yield "| yaw | yaw read | offset expected, D | offset read, D |"
    yield "|---:|---:|---:|---:|"
    for turn in turns:
        yield f"| {turn.yaw_deg:+.0f}° | {turn.read_yaw_deg:+.1f}° | {turn.expected:+.2f} | {turn.read_offset:+.2f} |"


def _reading_rows(readings: Sequence[Reading]) -> Iterator[str]:
    yield "| |" + "".join(f" {offset:+.2f} |" for offset in OFFSETS)
    yield "|---|" + "---:|" * len(OFFSETS)
    for name, group in groupby(readings, key=lambda reading: reading.treatment):
        yield f"| {name} |" + "".join(
            " no face |" if reading.read is None else f" {reading.read:+.2f} |" for reading in group
        )
