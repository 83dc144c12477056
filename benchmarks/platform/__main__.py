"""`python -m benchmarks.platform`: what it costs to find the next job, and to count a request, on both back ends.

Prints the table and writes `results/platform.md`; ends with status 1 when it usually takes longer than `BAR_MS` to see
whose turn it is among 20 workspaces with 1,000 queued jobs each.
"""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping

from benchmarks.render.machine import machine_facts
from benchmarks.render.paths import RESULTS, ROOT
from scripts.services import stack_services

BARRED = "whose turn, 20 workspaces × 1,000 jobs"
BAR_MS = 5.0
Figures = dict[str, dict[str, float]]


def main() -> int:
    with stack_services() as services:
        by_back_end = {"SQLite": measured({}), "PostgreSQL + Redis": measured(services)}
    text = report(by_back_end)
    print(text)
    (RESULTS / "platform.md").write_text(text, "utf-8")
    return 0 if all(figures[BARRED]["p50_ms"] <= BAR_MS for figures in by_back_end.values()) else 1


def measured(services: Mapping[str, str]) -> Figures:
    """The figures of one back end, from a process of its own with an empty home."""
    unset = {"DATABASE_URL", "REDIS_URL", "CELERY_BROKER_URL"}
    inherited = {name: value for name, value in os.environ.items() if name not in unset}
    with tempfile.TemporaryDirectory(prefix="framelane-bench-") as home:
        env = {**inherited, **services, "FRAMELANE_HOME": home, "DJANGO_SETTINGS_MODULE": "framelane.settings"}
        command = [sys.executable, "-m", "benchmarks.platform.measure"]
        done = subprocess.run(command, cwd=ROOT, env=env, stdout=subprocess.PIPE, text=True, check=True)
    figures: Figures = json.loads(done.stdout.splitlines()[-1])
    return figures


def report(by_back_end: Mapping[str, Figures]) -> str:
    """The table, in Markdown."""
    facts = machine_facts()
    machine = ", ".join(facts[name] for name in ("processor", "memory", "system"))
    lines = ["# The platform's own costs", "", f"{machine}, {facts['cores']} cores. Milliseconds of wall time.", ""]
    lines += ["| what | back end | p5 | p50 | p95 |", "|---|---|---|---|---|"]
    for name in next(iter(by_back_end.values())):
        for back_end, figures in by_back_end.items():
            values = " | ".join(f"{figures[name][column]:.2f}" for column in ("p5_ms", "p50_ms", "p95_ms"))
            lines.append(f"| {name} | {back_end} | {values} |")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    sys.exit(main())
