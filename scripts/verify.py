"""Compares the engine with things that we did not write: `python -m scripts.verify`. Status 1 where a bar is missed."""

import sys

from benchmarks.verify.report import all_findings, line, write_report
from scripts.processes import ROOT

SIZE = (1280, 720)
RESULT = ROOT / "benchmarks" / "results" / "verify.md"


def main() -> int:
    """0 when every comparison reaches its bar, else 1. The table is printed, and kept in `benchmarks/results`."""
    findings = []
    for finding in all_findings(SIZE):
        findings.append(finding)
        print(line(finding), flush=True)
    write_report(RESULT, findings, SIZE)
    missed = [finding.operation for finding in findings if not finding.passed]
    print(f"verify: missed: {', '.join(missed)}" if missed else f"verify: all {len(findings)} comparisons pass")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
