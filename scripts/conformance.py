"""Sends a live web process what its own OpenAPI document allows and forbids.

`python -m scripts.conformance [--budget-s 900]`. Schemathesis makes up the requests, single ones and sequences that
follow an object through its life. It fails on a 500 and on every answer that the document does not allow.
"""

import argparse
import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

from scripts.live import running_platform
from scripts.processes import ROOT

CHECKS = (
    "no_internal_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_headers_conformance",
    "response_schema_conformance",
    "unsupported_method",
    "ignored_auth",
)
HOOKS = "scripts.conformance_hooks"
UNLIMITED = {
    "FRAMELANE_RATE_LIMIT_FREE": "1000000",
    "FRAMELANE_RATE_LIMIT_PRO": "1000000",
    "FRAMELANE_RATE_LIMIT_ENTERPRISE": "1000000",
    "FRAMELANE_RATE_LIMIT_PUBLIC": "1000000",
    "FRAMELANE_RATE_LIMIT_SIGNUP": "1000000",
    "FRAMELANE_RATE_LIMIT_FAILED_AUTH": "1000000",
}


def main() -> int:
    """0 when everything held."""
    options = _options()
    with tempfile.TemporaryDirectory(prefix="framelane-conformance-") as folder:
        return run(Path(folder), options.budget_s, {})


def run(home: Path, budget_s: int, settings: Mapping[str, str]) -> int:
    """Start a web process with its state in `home`, try it for about `budget_s` seconds; Schemathesis' exit status."""
    with running_platform(home, {**UNLIMITED, **settings}, processes=("web",)) as platform:
        key = platform.create_workspace("Conformance", "conformance@example.com")
        command = [
            *(str(Path(sys.executable).with_name("schemathesis")), "run", f"{platform.url}/openapi.json"),
            *("--header", f"Authorization: Bearer {key}", "--checks", ",".join(CHECKS)),
            *("--max-time", str(budget_s), "--continue-on-failure", "--no-color", "--warnings", "off"),
            *("--request-timeout", "40", "--max-redirects", "0"),
        ]
        env = {**os.environ, "SCHEMATHESIS_HOOKS": HOOKS, "PYTHONPATH": str(ROOT)}
        # In a folder of its own: it leaves its examples there.
        return subprocess.run(command, cwd=home, env=env, check=False).returncode


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Try the API against its own description.")
    parser.add_argument("--budget-s", type=int, default=900, help="how long to try, in seconds")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
