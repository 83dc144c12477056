"""Becomes one process of the Procfile: `python -m scripts.process worker-io`. What systemd and containers start.

The process keeps its id, so whoever started it signals the process itself, and sockets that systemd hands over arrive.
"""

import os
import sys
from pathlib import Path
from typing import NoReturn

from scripts.processes import ROOT
from scripts.supervisor import procfile_commands


def main(arguments: list[str]) -> NoReturn:
    """Never returns: the shell of the command takes this process's place, and the command the shell's."""
    if len(arguments) != 1:
        sys.exit(f"usage: python -m scripts.process NAME (received: {' '.join(arguments)})")
    try:
        command = procfile_commands((arguments[0],))[arguments[0]]
    except KeyError:
        sys.exit(f"{arguments[0]!r} is no process of the Procfile")
    os.chdir(ROOT)
    os.execve("/bin/sh", ["/bin/sh", "-c", f"exec {command}"], environment(os.environ))


def environment(base: os._Environ[str] | dict[str, str]) -> dict[str, str]:
    """`base` with the programs of this interpreter's environment first on the PATH."""
    return {**base, "PATH": f"{Path(sys.executable).parent}{os.pathsep}{base.get('PATH', os.defpath)}"}


if __name__ == "__main__":
    main(sys.argv[1:])
