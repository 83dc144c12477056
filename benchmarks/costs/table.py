"""The table of costs, and the bars that it is held to."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from statistics import median

from benchmarks.render.bars import Bar

MEDIAN_LIMIT, LARGEST_LIMIT = 0.6, 2.5
EXPLANATION = """\
CPU milliseconds that an entry adds to each frame of a film of 1280×720 pixels, threads included, and the same as a
share of what it takes to encode such a frame (x264 veryfast, crf 23) in the same run.

- **effects** at full intensity on a clip that fills the canvas; without the effect the clip is decoded and handed on;
- **transitions** between two such clips, averaged over the progress; decoding both is not counted;
- **motions** of a picture of 1280×720 pixels over another one, averaged over the progress; at rest nothing is computed.

Tables and buffers that are made once are not counted: the first frames are left out.
"""


@dataclass(frozen=True, slots=True)
class Cost:
    """`added_ms` CPU milliseconds a frame; `share` of the encoding of a frame."""

    family: str
    name: str
    added_ms: float
    share: float


def bars(costs: Sequence[Cost]) -> Iterator[Bar]:
    """The median and the largest share of every family."""
    for family, group in groupby(costs, key=lambda cost: cost.family):
        shares = [cost.share for cost in group]
        yield Bar(f"{family}, median", median(shares), MEDIAN_LIMIT, "×")
        yield Bar(f"{family}, largest", max(shares), LARGEST_LIMIT, "×")


def markdown(costs: Sequence[Cost], facts: Mapping[str, str]) -> str:
    """The whole report; `costs` lie family by family."""
    parts = ["# What the entries of the catalogue cost", "", EXPLANATION]
    parts += [f"- {name}: {fact}" for name, fact in facts.items()]
    parts += ["", "## Bars", "", "| | measured | at most | |", "|---|---:|---:|---|"]
    parts += [
        f"| {bar.what} | {bar.figure:.2f}{bar.unit} | {bar.limit:.2f}{bar.unit} | {bar.verdict} |"
        for bar in bars(costs)
    ]
    for family, group in groupby(costs, key=lambda cost: cost.family):
        parts += ["", f"## {family.capitalize()}", "", "| | CPU ms | share of encoding |", "|---|---:|---:|"]
        dearest_first = sorted(group, key=lambda cost: -cost.share)
        parts += [f"| {cost.name} | {cost.added_ms:.1f} | {cost.share:.2f} |" for cost in dearest_first]
    return "\n".join(parts) + "\n"
