"""All comparisons, as a table for the terminal and for `benchmarks/results/verify.md`."""

from collections.abc import Callable, Iterator, Sequence
from importlib.metadata import version
from pathlib import Path
from types import MappingProxyType
from typing import Final

from benchmarks.verify import (
    blends,
    blurs,
    colours,
    easings,
    films,
    grades,
    lettering,
    loudness,
    luts,
    perspectives,
    scaling,
    transitions,
)
from benchmarks.verify.finding import Finding, Size

Findings = Callable[[Size], Iterator[Finding]]
FAMILIES: Final = MappingProxyType(
    {
        "transitions": transitions.findings,
        "blurs": blurs.findings,
        "grades": grades.findings,
        "luts": luts.findings,
        "colours": colours.findings,
        "scaling": scaling.findings,
        "films": films.findings,
        "blends": blends.findings,
        "lettering": lettering.findings,
        "easings": easings.findings,
        "perspectives": perspectives.findings,
        "loudness": loudness.findings,
    }
)
COLUMNS = ("operation", "reference", "found", "bar", "")


def all_findings(size: Size) -> Iterator[Finding]:
    for findings in FAMILIES.values():
        yield from findings(size)


def row(finding: Finding) -> tuple[str, str, str, str, str]:
    bar = f"{'≥' if finding.more_is_better else '≤'} {finding.bar:g} {finding.unit}"
    return finding.operation, finding.reference, _value(finding), bar, "pass" if finding.passed else "FAIL"


def _value(finding: Finding) -> str:
    if finding.unit == "dB":
        return "identical" if finding.value == float("inf") else f"{finding.value:.1f} dB"
    return f"{finding.value:.2g} {finding.unit}"


def line(finding: Finding) -> str:
    operation, reference, found, bar, verdict = row(finding)
    return f"{operation:<38} {reference:<22} {found:>18}  {bar:<20} {verdict}"


def write_report(path: Path, findings: Sequence[Finding], size: Size) -> None:
    """The kept table: Markdown, with the versions of what was compared with."""
    libraries = ", ".join(f"{name} {version(name)}" for name in ("av", "skia-python", "opencv-contrib-python"))
    rows = [COLUMNS, tuple("---" for _ in COLUMNS), *(row(finding) for finding in findings)]
    table = "\n".join("| " + " | ".join(cells) + " |" for cells in rows)
    passed = sum(finding.passed for finding in findings)
    path.write_text(
        "# The engine against references\n\n"
        f"`make verify`, on pictures of {size[0]}×{size[1]}: {passed} of {len(findings)} comparisons pass. "
        "Decibels are the peak signal-to-noise ratio over all samples; from 45 dB on a difference cannot be seen. "
        f"References: {libraries}.\n\n{table}\n",
        "utf-8",
    )
