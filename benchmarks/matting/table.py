"""The report, and the bars that it is held to."""

from collections.abc import Iterator, Mapping, Sequence

from benchmarks.matting.measure import Colours, Consistency, Motion
from benchmarks.matting.pictures import MISTAKEN, PLAIN, TEXTURED
from benchmarks.render.bars import Bar

LEAST_IOU = {**dict.fromkeys(PLAIN, 0.97), **dict.fromkeys(TEXTURED, 0.94)}
EDGE_LIMIT, DTSSD_LIMIT, ERROR_LIMIT, COLOUR_LIMIT = 0.90, 0.85, 1.10, 0.75
EXPLANATION = """\
**What these figures show:** that a matte hardly changes when the same person stands before something else, that it is
steadier than the network's own and no worse, and that colours at soft edges are freed of their background. The person
is the one that this way to a matte finds in scikit-image's packaged portrait, put before other pictures, so that the
right matte is known.

**What they do not show:** how right mattes are. The known matte comes from the same network and the same filter, and is
of a kind that they like. In the second table its edges are those of closed-form matting (Levin 2008) instead, but what
is person and what is not still comes from the network. It is one person, frontal, in studio light: other hair, skin,
clothes, poses and cameras, and compressed film, are not measured. *Raw* is the network's coverage of the whole picture,
enlarged.
"""


def bars(consistencies: Sequence[Consistency], motions: Sequence[Motion], colours: Sequence[Colours]) -> Iterator[Bar]:
    """Every bar is an upper one: of intersection over union, what lacks to 1."""
    for found in consistencies:
        if found.background not in MISTAKEN:
            yield Bar(f"1 − IoU, {found.background}", 1 - found.iou.matte, 1 - LEAST_IOU[found.background], "")
            yield Bar(f"edge error, {found.background}", found.edge.ratio, EDGE_LIMIT, "× raw")
    for moved in motions:
        yield Bar(f"dtSSD, {moved.background}", moved.dtssd.ratio, DTSSD_LIMIT, "× raw")
        yield Bar(f"mean error in motion, {moved.background}", moved.error.ratio, ERROR_LIMIT, "× raw")
    for cleaned in colours:
        yield Bar(f"colour error, {cleaned.background}", cleaned.ratio, COLOUR_LIMIT, "× naive")


def markdown(
    consistencies: Sequence[Consistency],
    motions: Sequence[Motion],
    colours: Sequence[Colours],
    solved: Sequence[Consistency],
    cost_ms: Mapping[str, float],
    facts: Mapping[str, str],
) -> str:
    """The whole report."""
    parts = ["# Mattes", "", EXPLANATION, *(f"- {name}: {fact}" for name, fact in facts.items())]
    for title, rows in (("Another background", consistencies), ("Edges by closed-form matting", solved)):
        parts += ["", *_table(title, "| | IoU raw | IoU | edge error raw | edge error | |", _found(rows))]
    parts += ["", *_table("A moving person", "| | dtSSD raw | dtSSD | | error raw | error | |", _moved(motions))]
    parts += ["", *_table("Colours, with the true matte", "| | naive | cleaned | |", _cleaned(colours))]
    parts += ["", *_table("CPU time of one frame, 1920×1080", "| | ms |", _costs(cost_ms))]
    parts += ["", *_table("Bars", "| | measured | at most | |", _judged(list(bars(consistencies, motions, colours))))]
    parts += ["", f"{', '.join(MISTAKEN)}: the network takes the cup for a person, which no filter repairs; no bar."]
    return "\n".join(parts) + "\n"


def _table(title: str, head: str, rows: Iterator[str]) -> list[str]:
    rule = "|---|" + "---:|" * (head.count("|") - 2)
    return [f"## {title}", "", head, rule, *rows]


def _found(rows: Sequence[Consistency]) -> Iterator[str]:
    for row in rows:
        yield (
            f"| {row.background} | {row.iou.raw:.3f} | {row.iou.matte:.3f} "
            f"| {row.edge.raw:.3f} | {row.edge.matte:.3f} | {row.edge.ratio:.2f}× |"
        )


def _moved(rows: Sequence[Motion]) -> Iterator[str]:
    for row in rows:
        yield (
            f"| {row.background} | {row.dtssd.raw:.3f} | {row.dtssd.matte:.3f} | {row.dtssd.ratio:.2f}× "
            f"| {row.error.raw:.4f} | {row.error.matte:.4f} | {row.error.ratio:.2f}× |"
        )


def _cleaned(rows: Sequence[Colours]) -> Iterator[str]:
    for row in rows:
        yield f"| {row.background} | {row.naive:.4f} | {row.cleaned:.4f} | {row.ratio:.2f}× |"


def _costs(cost_ms: Mapping[str, float]) -> Iterator[str]:
    for what, ms in cost_ms.items():
        yield f"| {what} | {ms:.0f} |"


def _judged(judged: Sequence[Bar]) -> Iterator[str]:
    for bar in judged:
        yield f"| {bar.what} | {bar.figure:.3f}{bar.unit} | {bar.limit:.2f}{bar.unit} | {bar.verdict} |"
