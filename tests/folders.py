"""Folders of a platform that runs: what lies in them comes and goes while it is looked at."""

import os
from pathlib import Path


def files_below(folder: Path) -> list[Path]:
    """Every file in `folder` and the folders in it, sorted; none where there is no such folder.

    Unlike `rglob` and `glob`, `walk` passes over folders that vanish under its hands.
    """
    return sorted(Path(place, name) for place, _, names in os.walk(folder) for name in names)
