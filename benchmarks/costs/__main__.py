"""`python -m benchmarks.costs`: what each effect, transition and motion costs beside the encoding of a frame."""

import argparse
import sys
from collections.abc import Sequence
from itertools import groupby
from pathlib import Path

from benchmarks.costs.meter import Baselines, Paths, composing_ms
from benchmarks.costs.scenes import CLIPS, Entry, ensure_clips, entries
from benchmarks.costs.table import Cost, markdown
from benchmarks.render.machine import load_average, machine_facts
from benchmarks.render.paths import RESULTS

FAMILIES = ("effects", "transitions", "motions")
FACTS = ("processor", "cores", "system", "PyAV")
ENTRIES_BETWEEN_BASELINES = 12


def main(argv: Sequence[str] | None = None) -> int:
    """Measure, write `costs.md`, and print it."""
    arguments = _arguments(argv)
    chosen = [entry for entry in entries() if entry.family in arguments.families]
    paths, load = ensure_clips(), load_average()
    baselines = Baselines(paths)
    measured = _measured(chosen, paths, baselines, arguments.rounds)
    costs = [_cost(entry, measured[entry.family, entry.name], baselines) for entry in chosen]
    facts = {name: fact for name, fact in machine_facts().items() if name in FACTS}
    facts |= {
        "load before": f"{load:.1f}",
        "rounds": str(arguments.rounds),
        "encoding a frame": f"{baselines.encoding_ms:.1f} ms (largest over smallest: {baselines.spread:.2f})",
        "decoding a frame": f"{baselines.decoding_ms(CLIPS[0]):.1f} ms",
    }
    report = markdown(costs, facts)
    arguments.results.mkdir(parents=True, exist_ok=True)
    (arguments.results / "costs.md").write_text(report, "utf-8")
    print(report)
    return 0


def _measured(chosen: Sequence[Entry], paths: Paths, baselines: Baselines, rounds: int) -> dict[tuple[str, str], float]:
    """The least CPU milliseconds a frame of every entry: whatever else the machine does can only add to it."""
    least: dict[tuple[str, str], float] = {}
    for number in range(rounds):
        for family, group in groupby(chosen, key=lambda entry: entry.family):
            print(f"{family}, round {number + 1} of {rounds}", file=sys.stderr, flush=True)
            for index, entry in enumerate(group):
                if index % ENTRIES_BETWEEN_BASELINES == 0:
                    baselines.measure()
                key = (entry.family, entry.name)
                least[key] = min(least.get(key, float("inf")), composing_ms(entry.payload, paths))
    return least


def _cost(entry: Entry, film_ms: float, baselines: Baselines) -> Cost:
    added_ms = max(0.0, film_ms - baselines.decoding_ms(*entry.decoded))
    return Cost(entry.family, entry.name, added_ms, added_ms / baselines.encoding_ms)


def _arguments(argv: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.costs", description=__doc__)
    parser.add_argument("--families", nargs="+", choices=FAMILIES, default=FAMILIES)
    parser.add_argument("--rounds", type=int, default=2, help="the least of so many measurements counts (2)")
    parser.add_argument("--results", type=Path, default=RESULTS, help="folder for the table (benchmarks/results)")
    return parser.parse_args(argv)


if __name__ == "__main__":
    raise SystemExit(main())
