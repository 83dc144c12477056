"""Every static check, each to its end, so that one run shows all there is to mend: `python -m scripts.lint`."""

import subprocess
import sys
from pathlib import Path

from scripts.processes import ROOT

BIN = Path(sys.executable).parent
CHECKS = (
    ("ruff check", [BIN / "ruff", "check", "."]),
    ("ruff format", [BIN / "ruff", "format", "--check", "."]),
    ("mypy", [BIN / "mypy"]),
    ("mypy scripts", [BIN / "mypy", "-p", "scripts", "-p", "examples"]),
    ("import rules", [BIN / "lint-imports"]),
    ("migrations", [sys.executable, "manage.py", "makemigrations", "--check", "--dry-run"]),
)


def main() -> int:
    """0 when every check passes, else 1; the names of the failed ones come last."""
    failed = [name for name, command in CHECKS if not _passes(name, list(map(str, command)))]
    print(f"lint: failed: {', '.join(failed)}" if failed else "lint: all checks passed", flush=True)
    return 1 if failed else 0


def _passes(name: str, command: list[str]) -> bool:
    print(f"---- {name}", flush=True)
    return subprocess.run(command, cwd=ROOT, check=False).returncode == 0


if __name__ == "__main__":
    sys.exit(main())
