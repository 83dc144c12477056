"""Settings of gunicorn that the Procfile cannot spell out: `--config python:framelane.gunicorn`.

The processes of one web count their requests together, in files of a folder that belongs to its first process. This
module is imported by that process once, before the application is: prometheus-client looks for the folder then.
"""

import os
import shutil
from contextlib import suppress
from pathlib import Path
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "framelane.settings")

from django.conf import settings


def counting_folder(home: Path) -> Path:
    """An empty folder for the counts of this process and its children; those of dead processes are cleared away."""
    root = home / "metrics"
    root.mkdir(mode=0o700, exist_ok=True)
    for folder in root.iterdir():
        if folder.name == str(os.getpid()) or not _lives(folder.name):
            shutil.rmtree(folder, ignore_errors=True)
    own = root / str(os.getpid())
    own.mkdir(mode=0o700)
    return own


def _lives(pid: str) -> bool:
    return not pid.isdigit() or Path(f"/proc/{pid}").exists()


os.environ["PROMETHEUS_MULTIPROC_DIR"] = str(counting_folder(settings.FRAMELANE_HOME))
# gunicorn's own lines as all the others.
_LOGGING: dict[str, Any] = settings.LOGGING
logconfig_dict = {
    **_LOGGING,
    "loggers": {**_LOGGING["loggers"], "gunicorn.error": {"handlers": [], "level": "INFO", "propagate": True}},
}


def child_exit(server: Any, worker: Any) -> None:
    """What a process has counted stays; what it alone could tell goes with it."""
    from prometheus_client import multiprocess

    multiprocess.mark_process_dead(worker.pid)  # type: ignore[no-untyped-call]


def on_exit(server: Any) -> None:
    """Leave nothing behind."""
    with suppress(KeyError):
        shutil.rmtree(os.environ["PROMETHEUS_MULTIPROC_DIR"], ignore_errors=True)
