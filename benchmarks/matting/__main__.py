"""`python -m benchmarks.matting`: how stable and steady mattes are, and what is left of old backgrounds."""

import argparse
from collections.abc import Sequence
from pathlib import Path

from benchmarks.matting.cost import cost_ms
from benchmarks.matting.measure import all_consistency, colours, motion
from benchmarks.matting.pictures import BACKGROUNDS, solved_person
from benchmarks.matting.table import bars, markdown
from benchmarks.render.machine import load_average, machine_facts
from benchmarks.render.paths import RESULTS

MOVING = ("grey", "brick", "gravel")
FACTS = ("processor", "cores", "system")


def main(argv: Sequence[str] | None = None) -> int:
    """Measure, write `matting.md`, print it; status 1 below a bar."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.matting", description=__doc__)
    parser.add_argument("--results", type=Path, default=RESULTS, help="folder for the table (benchmarks/results)")
    arguments = parser.parse_args(argv)
    load = load_average()
    measured = all_consistency(), [motion(name) for name in MOVING], [colours(name) for name in BACKGROUNDS]
    facts = {name: fact for name, fact in machine_facts().items() if name in FACTS} | {"load before": f"{load:.1f}"}
    report = markdown(*measured, all_consistency(solved_person()), cost_ms(), facts)
    arguments.results.mkdir(parents=True, exist_ok=True)
    (arguments.results / "matting.md").write_text(report, "utf-8")
    print(report)
    return 0 if all(bar.verdict == "met" for bar in bars(*measured)) else 1


if __name__ == "__main__":
    raise SystemExit(main())
