"""Writes what is generated in this package, or checks that it is up to date.

    python generate.py           # write
    python generate.py --check   # change nothing; fails when a file is not what would be written

The models are made from the API's OpenAPI document, and the blocking client from the one for asyncio.
"""

import argparse
import difflib
import sys
from pathlib import Path

from tools import blocking, models

HERE = Path(__file__).resolve().parent
PACKAGE = HERE / "src" / "framelane"
DOCUMENT = HERE.parent / "openapi.json"


def wanted() -> dict[Path, str]:
    """Every generated file with its text."""
    generated = models.generate(DOCUMENT)
    files = {PACKAGE / "_generated.py": generated, PACKAGE / "types.py": models.exports(generated)}
    files.update(blocking.generate(PACKAGE / "_async", PACKAGE / "_sync"))
    return files


def differences(files: dict[Path, str]) -> list[str]:
    """What would change, as a unified diff."""
    lines: list[str] = []
    for path, text in files.items():
        old = path.read_text("utf-8") if path.exists() else ""
        lines += difflib.unified_diff(old.splitlines(), text.splitlines(), str(path), "generated", lineterm="", n=1)
    return lines


def main() -> int:
    """Write or check; the status is 1 when a check finds a difference."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true", help="change nothing, and fail when something is out of date")
    check = parser.parse_args().check
    files = wanted()
    changes = differences(files)
    if check and changes:
        print("\n".join(changes[:60]))
        print("\nOut of date: run `python generate.py`.", file=sys.stderr)
        return 1
    if not check:
        for path, text in files.items():
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
