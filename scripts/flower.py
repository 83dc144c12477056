"""Runs Flower for the staff: `python -m scripts.flower [--address=...] [--port=...]`, options as Flower has them.

It answers below /flower/ and to this installation alone: the password is derived from the installation's secret, and
is passed on in the environment, where no list of processes shows it.
"""

import os
import sys

PREFIX = "flower"
MAX_TASKS = 5000
"""How many tasks it keeps in memory to show them."""


def main() -> None:
    """Become Flower."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "framelane.settings")
    from apps.operations.flower.credentials import environment

    command = [sys.executable, "-m", "celery", "-A", "framelane", "flower"]
    command += [f"--url-prefix={PREFIX}", f"--max-tasks={MAX_TASKS}", *sys.argv[1:]]
    os.execve(sys.executable, command, {**os.environ, **environment()})


if __name__ == "__main__":
    main()
