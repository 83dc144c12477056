"""Keeps the OpenAPI document beside the SDKs that are made from it: `python -m scripts.openapi [--check]`.

What is written is the document of an installation that nobody has set up: the same on every machine.
"""

import argparse
import difflib
import json
import os
import sys
import tempfile
from pathlib import Path
from typing import Any

from scripts.processes import ROOT

PATH = ROOT / "sdks" / "openapi.json"
SERVER_URL = "http://localhost:8000"
COMMAND = "python -m scripts.openapi"
KEPT_VARIABLES = frozenset({"PATH", "HOME", "LANG", "LC_ALL", "TMPDIR", "PYTHONPATH"})
"""All that the document may be made under; settings are named by too many prefixes to list what must go."""
MAX_SHOWN_LINES = 60


def main() -> int:
    """Write the document; with `--check` only compare, and 1 when it is not the committed one."""
    options = _options()
    text = in_default_environment()
    if not options.check:
        PATH.write_text(text, "utf-8")
        return 0
    difference = difference_to(PATH.read_text("utf-8") if PATH.exists() else "", text)
    if difference:
        print(f"{difference}\nsdks/openapi.json is not what the code says. Write it anew:\n\n    {COMMAND}\n")
    return 1 if difference else 0


def in_default_environment() -> str:
    """The document as this process makes it when no setting is given. Call before Django is set up."""
    for name in set(os.environ) - KEPT_VARIABLES:
        del os.environ[name]
    with tempfile.TemporaryDirectory(prefix="framelane-openapi-") as home:
        os.environ |= {"FRAMELANE_HOME": home, "DJANGO_SETTINGS_MODULE": "framelane.settings"}
        import django

        django.setup()
        from framelane.api.openapi import build

        return written(build())


def written(document: dict[str, Any]) -> str:
    """The document as it is committed: in the order of the code, one value a line, at a server of nobody's own."""
    neutral = {**document, "servers": [{"url": SERVER_URL}]}
    return json.dumps(neutral, ensure_ascii=False, indent=2) + "\n"


def difference_to(committed: str, made: str) -> str:
    """The beginning of a unified diff; "" when both are the same."""
    lines = difflib.unified_diff(
        committed.splitlines(), made.splitlines(), "committed", "made from the code", lineterm="", n=2
    )
    return "\n".join(list(lines)[:MAX_SHOWN_LINES])


def committed() -> dict[str, Any]:
    """The document as it lies beside the SDKs."""
    document: dict[str, Any] = json.loads(Path(PATH).read_text("utf-8"))
    return document


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Write the OpenAPI document to sdks/openapi.json.")
    parser.add_argument("--check", action="store_true", help="write nothing; fail when it differs")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
