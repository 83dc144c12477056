"""Every static check, each to its end, so that one run shows all there is to mend: `python -m scripts.lint`."""

import subprocess
import sys
from pathlib import Path

from scripts import sdks
from scripts.processes import ROOT

BIN = Path(sys.executable).parent
SDK_BIN = sdks.PYTHON.parent
MODULE = [sys.executable, "-m"]
NODE = BIN / "node"
REDOCLY = [NODE, "node_modules/@redocly/cli/bin/cli.js", "lint", "--format=stylish", "../openapi.json"]
WITH_SDK = "webhooks|browser_upload"
"""Folders of examples that use the SDK, whose package has the name of the server's."""
EXAMPLES = [ROOT / "examples" / name for name in WITH_SDK.split("|")]
LOOSELY = ["--ignore-missing-imports", "--allow-untyped-decorators"]
VERMIN = [SDK_BIN / "vermin", "-t=3.9-", "--quiet", "--violations", "--eval-annotations", "src"]
CHECKS = (
    ("ruff check", ROOT, [BIN / "ruff", "check", "."]),
    ("ruff format", ROOT, [BIN / "ruff", "format", "--check", "."]),
    ("mypy", ROOT, [BIN / "mypy"]),
    ("mypy scripts", ROOT, [BIN / "mypy", "-p", "scripts", "-p", "examples", "--exclude", f"examples/({WITH_SDK})/"]),
    ("import rules", ROOT, [BIN / "lint-imports"]),
    ("migrations", ROOT, [sys.executable, "manage.py", "makemigrations", "--check", "--dry-run"]),
    ("openapi document", ROOT, [*MODULE, "scripts.openapi", "--check"]),
    ("openapi rules", sdks.TOOLS, REDOCLY),
    ("openapi changes", ROOT, [*MODULE, "scripts.openapi_changes"]),
    ("what SDKs know of the platform", ROOT, [*MODULE, "scripts.sdk_capabilities", "--check"]),
    ("vectors of the SDKs", ROOT, [sys.executable, "sdks/vectors/generate.py", "--check"]),
    ("python sdk: generated", sdks.PYTHON_SDK, [sdks.PYTHON, "generate.py", "--check"]),
    ("python sdk: mypy", sdks.PYTHON_SDK, [SDK_BIN / "mypy"]),
    ("python sdk: examples", sdks.PYTHON_SDK, [SDK_BIN / "mypy", *LOOSELY, *EXAMPLES]),
    ("python sdk: runs on Python 3.9", sdks.PYTHON_SDK, VERMIN),
    ("typescript sdk: generated", sdks.TYPESCRIPT_SDK, [NODE, "scripts/generate.mjs", "--check"]),
    ("typescript sdk: types", sdks.TYPESCRIPT_SDK, [NODE, "node_modules/typescript/bin/tsc", "--noEmit"]),
)
SILENT = {"REDOCLY_TELEMETRY": "off", "REDOCLY_SUPPRESS_UPDATE_NOTICE": "true"}
"""The tool that checks the document asks nobody anything."""


def main() -> int:
    """0 when every check passes, else 1; the names of the failed ones come last."""
    failed = [name for name, folder, command in CHECKS if not _passes(name, folder, list(map(str, command)))]
    print(f"lint: failed: {', '.join(failed)}" if failed else "lint: all checks passed", flush=True)
    return 1 if failed else 0


def _passes(name: str, folder: Path, command: list[str]) -> bool:
    print(f"---- {name}", flush=True)
    return subprocess.run(command, cwd=folder, env=sdks.environment(SILENT), check=False).returncode == 0


if __name__ == "__main__":
    sys.exit(main())
