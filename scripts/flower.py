"""Runs Flower for the staff: `python -m scripts.flower [--address=...] [--port=...]`, options as Flower has them.

It answers below /flower/ and to this installation alone: the password is derived from the installation's secret, and
stands in the environment of this process, where no list of processes shows it.
"""

import os
import sys

PREFIX = "flower"
MAX_TASKS = 5000
"""How many tasks it keeps in memory to show them."""
OPEN_TO_ALL = "/metrics"
"""Flower asks nobody for the password there; `/metrics` of the web tells more."""


def main() -> None:
    """Become Flower."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "framelane.settings")
    from apps.operations.flower.credentials import environment

    os.environ.update(environment())
    from celery.__main__ import main as celery
    from flower import urls

    urls.handlers[:] = [handler for handler in urls.handlers if not _is_open(handler)]
    options = [f"--url-prefix={PREFIX}", f"--max_tasks={MAX_TASKS}", *sys.argv[1:]]
    sys.argv = ["celery", "-A", "framelane", "flower", *options]
    celery()


def _is_open(handler: object) -> bool:
    return isinstance(handler, tuple) and handler[0] == OPEN_TO_ALL


if __name__ == "__main__":
    main()
