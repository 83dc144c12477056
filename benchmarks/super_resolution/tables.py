"""The figures as Markdown."""

from collections.abc import Sequence
from statistics import mean

from benchmarks.super_resolution.quality import Score, mean_gain

Cells = Sequence[str]


def table(head: Cells, rows: Sequence[Cells]) -> str:
    """A table whose first column is text and whose others are figures."""
    rule = "|".join(["---", *["---:"] * (len(head) - 1)])
    lines = [f"| {' | '.join(row)} |" for row in (head, *rows)]
    return "\n".join([lines[0], f"|{rule}|", *lines[1:]])


def matched(scores: Sequence[Score], ways: Sequence[str]) -> str:
    """After bicubic reduction: one row a photograph, and the mean."""
    photographs = list(dict.fromkeys(score.photograph for score in scores))
    rows = [_row(name, [s for s in scores if s.photograph == name], ways) for name in photographs]
    return table(["", "bicubic", *ways], [*rows, _row("**mean**", scores, ways)])


def _row(name: str, scores: Sequence[Score], ways: Sequence[str]) -> Cells:
    base = f"{mean(s.bicubic_psnr_db for s in scores):.2f} dB, {mean(s.bicubic_ssim for s in scores):.4f}"
    return [name, base, *(_gains([s for s in scores if s.way == way]) for way in ways)]


def _gains(scores: Sequence[Score]) -> str:
    return f"{mean_gain(list(scores)):+.2f} dB, {mean(s.ssim_gain for s in scores):+.4f}"


def degraded(scores: Sequence[Score], ways: Sequence[str]) -> str:
    """One row a degradation: the mean gain over bicubic of the same input, and the least of the five."""
    kinds = list(dict.fromkeys(score.degradation for score in scores))
    rows = []
    for kind in kinds:
        found = [[s for s in scores if s.degradation == kind and s.way == way] for way in ways]
        rows.append([kind, *(f"{mean_gain(of):+.2f} (least {min(s.gain_db for s in of):+.2f})" for of in found)])
    return table(["input", *(f"{way}, dB" for way in ways)], rows)


def bars(rows: Sequence[tuple[str, float, float, bool]]) -> str:
    """What is asked, what was measured: (name, measured, bar, whether less is better)."""
    return table(
        ["bar", "measured", "asked", ""],
        [
            [name, f"{found:.3f}", f"{'≤' if less else '≥'} {bar:g}", "ok" if _met(found, bar, less) else "**missed**"]
            for name, found, bar, less in rows
        ],
    )


def _met(found: float, bar: float, less: bool) -> bool:
    return found <= bar if less else found >= bar
