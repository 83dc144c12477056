"""Runs the tests: `python -m scripts.test` for everything on both back ends, `--quick` for the fast part on one.

Everything runs on the embedded defaults first; what is marked `stack` then runs again on PostgreSQL and Redis, which
this script starts itself. A service that cannot be had is a failure, never a reason to skip.
"""

import argparse
import os
import shutil
import sys
import tempfile
import time
import xml.etree.ElementTree as ElementTree
from collections import Counter
from collections.abc import Mapping
from pathlib import Path

from scripts.processes import ROOT, end_on_signals, spawn, stop
from scripts.services import stack_services
from scripts.setup import install_system_packages

LIVE = ("tests/e2e", "tests/chaos", "tests/demo", "tests/sdks", "tests/docs", "tests/docs_guides")
"""Folders whose tests start whole platforms: one at a time, they would starve each other."""
NEEDS_GPU = "tests/gpu"
SERVICE_VARIABLES = ("DATABASE_URL", "REDIS_URL", "CELERY_BROKER_URL", "STORAGE_URL", "FRAMELANE_HOME")
NO_TESTS_COLLECTED = 5


def main() -> int:
    """0 when every part passed; prints one closing line with the sums."""
    options = _options()
    end_on_signals()
    started = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="framelane-tests-") as folder:
        suite = Suite(Path(folder), options.pytest_arguments)
        if options.quick:
            suite.quick()
        else:
            suite.whole()
    print(suite.closing_line(time.monotonic() - started), flush=True)
    return 0 if suite.passed else 1


class Suite:
    """The parts of one run and the sum of their results."""

    def __init__(self, folder: Path, pytest_arguments: list[str]) -> None:
        self._folder = folder
        self._arguments = pytest_arguments
        self._counts: Counter[str] = Counter()
        self._failed_parts: list[str] = []
        self._embedded = {name: value for name, value in os.environ.items() if name not in SERVICE_VARIABLES}

    @property
    def passed(self) -> bool:
        return not self._failed_parts and self._counts["passed"] > 0

    def quick(self) -> None:
        """What takes no time, on the embedded defaults."""
        self._part("quick", ["-m", "not slow", *_parallel(), *_without(*LIVE, NEEDS_GPU)], self._embedded)

    def whole(self) -> None:
        """Everything on the embedded defaults, then the `stack` part on PostgreSQL and Redis."""
        install_system_packages(missing_packages())
        self._embedded["FRAMELANE_CHROMIUM"] = chromium()
        self._both_halves("embedded", [], self._embedded)
        with stack_services() as services:
            self._both_halves("PostgreSQL + Redis", ["-m", "stack"], {**self._embedded, **services})

    def closing_line(self, seconds: float) -> str:
        """Like pytest's own, over all parts."""
        names = ("failed", "errors", "passed", "skipped")
        sums = ", ".join(f"{self._counts[name]} {name}" for name in names if self._counts[name] or name == "passed")
        failed = f" (failed: {'; '.join(self._failed_parts)})" if self._failed_parts else ""
        return f"==== {sums} in {seconds:.0f}s{failed} ===="

    def _both_halves(self, title: str, selection: list[str], env: Mapping[str, str]) -> None:
        self._part(f"{title}", [*selection, *_parallel(), *_without(*LIVE, NEEDS_GPU)], env)
        live = [folder for folder in LIVE if (ROOT / folder).exists()]
        self._part(f"{title}, live platform", [*selection, *live], env)

    def _part(self, title: str, arguments: list[str], env: Mapping[str, str]) -> None:
        print(f"\n==== {title} ====", flush=True)
        report = self._folder / f"{len(list(self._folder.iterdir()))}.xml"
        command = [sys.executable, "-m", "pytest", "-q", f"--junitxml={report}", *arguments, *self._arguments]
        child = spawn(command, env=env)
        try:
            status = child.wait()
        finally:
            stop(child)
        if status not in (0, NO_TESTS_COLLECTED):
            self._failed_parts.append(title)
        self._counts += counts_of(report)


def counts_of(report: Path) -> Counter[str]:
    """Failed, errors, passed and skipped tests of a JUnit report; nothing when pytest wrote none."""
    if not report.exists():
        return Counter()
    suites = list(ElementTree.parse(report).getroot().iter("testsuite"))
    totals = Counter(
        {name: sum(int(suite.get(name, 0)) for suite in suites) for name in ("tests", "errors", "skipped")}
    )
    failed = sum(int(suite.get("failures", 0)) for suite in suites)
    passed = totals["tests"] - totals["errors"] - totals["skipped"] - failed
    return Counter(failed=failed, errors=totals["errors"], skipped=totals["skipped"], passed=passed)


def missing_packages() -> list[str]:
    """Debian packages of the programs that the tests start and this machine lacks."""
    has_postgres = shutil.which("initdb") or any(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    programs = {
        "redis-server": shutil.which("redis-server"),
        "postgresql": has_postgres,
        "curl": shutil.which("curl"),
        "chromium": chromium(),
    }
    return [package for package, found in programs.items() if not found]


def chromium() -> str:
    """Path of a browser that the pages can be tested in: the one that is named, else an installed one, else ""."""
    named = os.environ.get("FRAMELANE_CHROMIUM", "")
    names = ("chromium", "chromium-browser", "google-chrome")
    return named or next((path for name in names if (path := shutil.which(name))), "")


def _parallel() -> list[str]:
    return ["-n", str(min(os.cpu_count() or 1, 4)), "--dist", "loadfile"]


def _without(*folders: str) -> list[str]:
    return [f"--ignore={folder}" for folder in folders]


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Run the tests.")
    parser.add_argument("--quick", action="store_true", help="only what is not marked slow, embedded defaults only")
    parser.add_argument("pytest_arguments", nargs="*", help="passed on to pytest")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
