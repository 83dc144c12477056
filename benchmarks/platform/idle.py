"""`python -m benchmarks.platform.idle`: what a platform costs that nobody uses, and how long it takes to start.

Starts everything that `make serve` starts in an empty home, waits, and measures for a minute. Prints the tables and
writes `results/idle.md`; ends with status 1 above one of the bars. Linux only.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from benchmarks.render.machine import machine_facts
from benchmarks.render.paths import RESULTS, ROOT
from scripts.live import Platform, processes_of, running_platform

BAR_CPU_SHARE = 0.10
"""Of one core, by all processes together."""
BAR_PSS_BYTES = 900 * 2**20
SETTLE_S = 20.0
MINUTE_S = 60.0
MARKS = {
    "scripts.serve": "supervisor",
    "gunicorn": "web",
    "cpu@": "worker-cpu",
    "io@": "worker-io",
    "webhooks@": "worker-webhooks",
    "ingest@": "worker-ingest",
    " beat": "beat",
}
"""A part of a command line → the process of the Procfile."""
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Usage:
    """What some processes take together. PSS counts a page that several share by its share."""

    processes: int
    rss_bytes: int
    pss_bytes: int
    cpu_s: float

    def __add__(self, other: "Usage") -> "Usage":
        return Usage(
            self.processes + other.processes,
            self.rss_bytes + other.rss_bytes,
            self.pss_bytes + other.pss_bytes,
            self.cpu_s + other.cpu_s,
        )


NOTHING = Usage(0, 0, 0, 0.0)


@dataclass(frozen=True, slots=True)
class Start:
    """How long the platform took to become ready; `cpu_s` is what all its processes had worked until then."""

    wall_s: float
    cpu_s: float

    def __str__(self) -> str:
        return f"{self.wall_s:.1f} s ({self.cpu_s:.1f} s of CPU time)"


def main() -> int:
    """0 within the bars."""
    options = _options()
    with tempfile.TemporaryDirectory(prefix="framelane-idle-") as folder:
        home = Path(folder)
        first, _ = started(home, lambda platform: None)
        again, usage = started(home, lambda platform: idle(platform, options.seconds))
        statements = statements_per_minute(home)
    text = report(usage, options.seconds, (first, again), statements)
    print(text)
    if options.seconds == MINUTE_S:
        (RESULTS / "idle.md").write_text(text, "utf-8")
    total = sum(usage.values(), NOTHING)
    return 0 if total.cpu_s <= BAR_CPU_SHARE * options.seconds and total.pss_bytes <= BAR_PSS_BYTES else 1


def started(home: Path, act: Callable[[Platform], T]) -> tuple[Start, T]:
    """What it took the platform to become ready, and what `act` made of it then."""
    started_at = time.monotonic()
    with running_platform(home) as platform:
        wall_s = time.monotonic() - started_at
        cpu_s = sum(usage_of(home).values(), NOTHING).cpu_s
        return Start(wall_s, cpu_s), act(platform)


def idle(platform: Platform, seconds: float) -> dict[str, Usage]:
    """What each process of the Procfile takes in so many seconds, children included, after it has settled."""
    time.sleep(SETTLE_S)
    before = usage_of(platform.home)
    time.sleep(seconds)
    after = usage_of(platform.home)
    return {
        name: Usage(now.processes, now.rss_bytes, now.pss_bytes, now.cpu_s - before[name].cpu_s)
        for name, now in after.items()
    }


def usage_of(home: Path) -> dict[str, Usage]:
    """By names of the Procfile."""
    commands = processes_of(home)
    names = {session_of(pid): name for pid, command in commands.items() if (name := name_of(command))}
    found = dict.fromkeys(MARKS.values(), NOTHING)
    for pid in commands:
        found[names[session_of(pid)]] += usage_of_process(pid)
    return found


def name_of(command: str) -> str | None:
    return next((name for mark, name in MARKS.items() if mark in command), None)


def session_of(pid: int) -> int:
    return os.getsid(pid)


def usage_of_process(pid: int) -> Usage:
    """See proc_pid_smaps(5) and proc_pid_stat(5); the CPU time includes that of children which have ended."""
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text("ascii").splitlines()[1:]
    kib = {name: int(rest.split()[0]) for name, _, rest in (line.partition(":") for line in lines)}
    ticks = Path(f"/proc/{pid}/stat").read_text("utf-8").rpartition(")")[2].split()[11:15]
    cpu_s = sum(map(int, ticks)) / os.sysconf("SC_CLK_TCK")
    return Usage(1, kib["Rss"] * 1024, kib["Pss"] * 1024, cpu_s)


def statements_per_minute(home: Path) -> dict[str, float]:
    """How often the clock lets each of its tasks ask the database in a minute when there is nothing to do."""
    env = {**os.environ, "FRAMELANE_HOME": str(home), "DJANGO_SETTINGS_MODULE": "framelane.settings"}
    command = [sys.executable, "-m", "benchmarks.platform.statements"]
    done = subprocess.run(command, cwd=ROOT, env=env, stdout=subprocess.PIPE, text=True, check=True)
    per_minute: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return per_minute


# --- The report -------------------------------------------------------------------------------------------------------


def report(
    usage: Mapping[str, Usage], seconds: float, starts: tuple[Start, Start], statements: Mapping[str, float]
) -> str:
    """The tables, in Markdown."""
    facts = machine_facts()
    machine = ", ".join(facts[name] for name in ("processor", "memory", "system"))
    return "\n".join(
        [
            "# A platform that nobody uses",
            "",
            f"{machine}, {facts['cores']} cores. SQLite, the embedded broker; {seconds:g} s without a request.",
            f"Ready after {starts[0]} when the home was empty, {starts[1]} at the next start.",
            "",
            *_usage_table(usage, seconds),
            "",
            *_statement_table(statements),
            "",
        ]
    )


def _usage_table(usage: Mapping[str, Usage], seconds: float) -> Iterator[str]:
    yield "| process | processes | RSS, MiB | PSS, MiB | CPU, % of a core |"
    yield "|---|---|---|---|---|"
    for name, used in [*usage.items(), ("together", sum(usage.values(), NOTHING))]:
        mib = [f"{size / 2**20:.0f}" for size in (used.rss_bytes, used.pss_bytes)]
        yield f"| {name} | {used.processes} | {' | '.join(mib)} | {100 * used.cpu_s / seconds:.2f} |"


def _statement_table(statements: Mapping[str, float]) -> Iterator[str]:
    yield "| periodic task | statements a minute |"
    yield "|---|---|"
    for name, rate in [*statements.items(), ("together", sum(statements.values()))]:
        yield f"| {name} | {rate:.1f} |"


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.platform.idle", description=__doc__)
    parser.add_argument("--seconds", type=float, default=MINUTE_S, help="how long to measure; only a minute is kept")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
