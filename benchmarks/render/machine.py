"""Facts about the machine and the tools that belong beside every figure. No host names, no paths."""

import os
import platform
import re
import shutil
import subprocess
from importlib.metadata import version
from pathlib import Path

from benchmarks.render.twins.moviepy_venv import REQUIREMENTS


def machine_facts() -> dict[str, str]:
    """Name → fact, in the order in which to print them."""
    return {
        "processor": _cpu_model(),
        "cores": str(os.cpu_count()),
        "memory": f"{os.sysconf('SC_PHYS_PAGES') * os.sysconf('SC_PAGE_SIZE') / 2**30:.0f} GiB",
        "system": f"{platform.system()} {platform.release()}, Python {platform.python_version()}",
        "PyAV": version("av"),
        "ffmpeg": _first_line("ffmpeg", "-version"),
        "MLT": _first_line("melt", "--version"),
        "moviepy": REQUIREMENTS[0].partition("==")[2],
    }


def _cpu_model() -> str:
    found = re.search(r"^model name\s*:\s*(.+)$", Path("/proc/cpuinfo").read_text(), re.MULTILINE)
    return found[1] if found else platform.machine()


def _first_line(program: str, option: str) -> str:
    if shutil.which(program) is None:
        return "not installed"
    shown = subprocess.run([program, option], capture_output=True, text=True, check=False, timeout=30)
    found = re.search(rf"{program}(?: version)? (\S+)", shown.stdout + shown.stderr)
    return found[1] if found else "unknown"


def load_average() -> float:
    """Runnable tasks over the last minute: above zero before a run, something else was working."""
    return os.getloadavg()[0]
