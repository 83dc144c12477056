"""Makes the golden sheets anew: `python -m tests.golden.update`, or with families to renew only those.

Look at what has changed before committing it: the sheets are what the engine promises to draw.
"""

import sys
import tempfile
from itertools import groupby
from pathlib import Path

from tests.golden.films import frames_shown
from tests.golden.scenes import goldens
from tests.golden.sheets import strip_of, write_sheet
from tests.golden.sources import make_sources


def main(families: list[str]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        paths = make_sources(Path(folder))
        for family, entries in groupby(goldens(), key=lambda golden: golden.family):
            if not families or family in families:
                strips = {golden.name: strip_of(frames_shown(golden, paths)) for golden in entries}
                path = write_sheet(family, strips)
                print(f"{path.name}: {len(strips)} entries, {path.stat().st_size / 1000:.0f} kB")


if __name__ == "__main__":
    main(sys.argv[1:])
