"""`python -m benchmarks.console`: every page of a workspace that has been in use for long, on both back ends.

A page is asked for in process, in turn with the frame of the console alone: what it costs beside that limit is its own.
Prints the table and writes `results/console.md`; ends with status 1 where a page of the console sends more than
`BAR_QUERIES` statements, takes longer than `BAR_MS` even in the quickest of its requests, which the rest of the machine
disturbed least, or would have PostgreSQL read a large table from end to end.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from typing import Any

from benchmarks.render.machine import load_average, machine_facts
from benchmarks.render.paths import RESULTS, ROOT
from scripts.services import stack_services

BAR_QUERIES = 10
BAR_MS = 100.0
VISITS = 20
COLUMNS = ("page", "status", "statements", "quickest", "p50", "p95", "×", "CPU", "database", "KiB")
STAFF = ("staff", "metrics")
POSTGRES = "PostgreSQL + Redis"
Rows = list[dict[str, Any]]


def main() -> int:
    options = _options()
    by_back_end = {"SQLite": measured({}, options.visits)}
    if not options.sqlite:
        with stack_services() as services:
            by_back_end[POSTGRES] = measured(services, options.visits)
    text = report(by_back_end)
    troubles = list(above_the_bar(by_back_end))
    print(text, *troubles, sep="\n")
    if not options.sqlite and options.visits >= VISITS:
        (RESULTS / "console.md").write_text(text, "utf-8")
    return 1 if troubles else 0


def measured(services: Mapping[str, str], visits: int) -> Rows:
    """The rows of one back end, from a process of its own with an empty home."""
    unset = {"DATABASE_URL", "REDIS_URL", "CELERY_BROKER_URL", "STORAGE_URL"}
    inherited = {name: value for name, value in os.environ.items() if name not in unset}
    with tempfile.TemporaryDirectory(prefix="framelane-bench-") as home:
        own = {"FRAMELANE_HOME": home, "DJANGO_SETTINGS_MODULE": "framelane.settings", "FRAMELANE_LOG_LEVEL": "ERROR"}
        command = [sys.executable, "-m", "benchmarks.console.measure", str(visits)]
        env = {**inherited, **services, **own}
        done = subprocess.run(command, cwd=ROOT, env=env, stdout=subprocess.PIPE, text=True, check=True)
    rows: Rows = json.loads(done.stdout.splitlines()[-1])
    return rows


def above_the_bar(by_back_end: Mapping[str, Rows]) -> Iterator[str]:
    """What is wrong, a line each. Pages for the staff may be slower, and read what they sum up."""
    for back_end, rows in by_back_end.items():
        for row in rows:
            if row["name"].startswith(STAFF):
                continue
            if row["queries"] > BAR_QUERIES:
                yield f"{row['name']} on {back_end}: {row['queries']} statements"
            if row["best_ms"] > BAR_MS:
                yield f"{row['name']} on {back_end}: {row['best_ms']:.0f} ms"
            if row["scans"] and back_end == POSTGRES:
                yield f"{row['name']} reads a table from end to end:\n{row['scans'][0]}"


def report(by_back_end: Mapping[str, Rows]) -> str:
    """The table, in Markdown."""
    facts = machine_facts()
    machine = ", ".join(facts[name] for name in ("processor", "memory", "system"))
    lines = [
        "# What pages cost",
        "",
        f"{machine}, {facts['cores']} cores, {load_average():.0f} runnable tasks.",
        "A workspace with 10,000 jobs of 90 days, 2,000 assets with previews, 50 keys, 20 webhooks, 5,000 deliveries;",
        "beside it another with as much.",
        "Milliseconds of one request of 20, answered in process: the quickest, which the rest of the machine disturbed",
        "least, half of them (p50), all but one (p95). × is p50 beside that of the frame of the console, with nothing",
        "in it, asked for in turn. CPU is the work of the web process, SQLite included; the database's part is wall.",
    ]
    for back_end, rows in by_back_end.items():
        lines += ["", f"## {back_end}", "", f"| {' | '.join(COLUMNS)} |", "|---" * len(COLUMNS) + "|"]
        lines += [_line(row) for row in rows]
    return "\n".join(lines) + "\n"


def _line(row: Mapping[str, Any]) -> str:
    wall = [f"{row[name]:.1f}" for name in ("best_ms", "p50_ms", "p95_ms")]
    times = [*wall, *(f"{value:.1f}" for value in (row["p50_ms"] / row["limit_ms"], row["cpu_ms"], row["database_ms"]))]
    cells = [row["name"], row["status"], row["queries"], *times, f"{row['size_bytes'] / 1024:.0f}"]
    return f"| {' | '.join(map(str, cells))} |"


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.console", description=__doc__)
    parser.add_argument("--sqlite", action="store_true", help="leave PostgreSQL out, and keep no table")
    parser.add_argument("--visits", type=int, default=VISITS, help="requests for each page; fewer keep no table")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
