"""`python -m scripts.openapi_changes`: fails when `sdks/openapi.json` breaks clients of `sdks/released.json`.

`--release` makes the document the released one: what breaks then breaks on purpose, and the diff shows it.
"""

import argparse
import json
import shutil
import sys
from pathlib import Path
from typing import Any

from scripts import openapi
from scripts.openapi_changes.operations import breaking_changes
from scripts.processes import ROOT

RELEASED = ROOT / "sdks" / "released.json"
ADVICE = """\
These break programs that were written against sdks/released.json. Add beside what is there instead of changing it.
If it is meant to break, raise the version, and release the document on purpose (CONTRIBUTING.md):

    python -m scripts.openapi_changes --release
"""


def main() -> int:
    """1 when something breaks, and nothing was released."""
    options = _options()
    found = breaking_changes(_read(RELEASED), _read(openapi.PATH))
    for finding in found:
        print(finding)
    if options.release:
        shutil.copyfile(openapi.PATH, RELEASED)
        print(f"released, with {len(found)} breaking changes")
        return 0
    if found:
        print(f"\n{ADVICE}")
    return 1 if found else 0


def _read(path: Path) -> dict[str, Any]:
    document: dict[str, Any] = json.loads(path.read_text("utf-8"))
    return document


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Find what breaks clients of the released API.")
    parser.add_argument("--release", action="store_true", help="make the document the released one")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
