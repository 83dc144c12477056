"""Makes ready what the SDKs are built and tested with: `python -m scripts.sdks`.

The Python SDK has an environment of its own, for the server's package has its name; the TypeScript SDK and the tools
have their `node_modules`. What is there already is left alone, so a second run only looks.
"""

import hashlib
import json
import os
import subprocess
import sys
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from scripts.processes import ROOT

SDKS = ROOT / "sdks"
PYTHON_SDK = SDKS / "python"
TYPESCRIPT_SDK = SDKS / "typescript"
TOOLS = SDKS / "tools"
PYTHON = PYTHON_SDK / ".venv" / "bin" / "python"
SNIPPETS = "requirements-docs.txt"
"""What the snippets of the documentation import beside the SDK."""
SOURCES = ("src/**/*", "scripts/**/*", "package.json", "package-lock.json", "tsconfig*.json")
"""What the build of the TypeScript SDK depends on, below its folder."""


class CommandFailed(RuntimeError):
    """A command ended badly; the message names it."""


def main() -> int:
    """0 when everything is there."""
    try:
        prepare()
    except CommandFailed as failed:
        print(failed, file=sys.stderr)
        return 1
    return 0


def prepare() -> None:
    """Make what is missing or out of date. Raises CommandFailed."""
    prepare_python()
    prepare_node(TOOLS)
    prepare_node(TYPESCRIPT_SDK)
    build_typescript()


def prepare_python() -> None:
    """The environment of the Python SDK: the package as it lies there, and what it is tested and checked with."""
    stamp = PYTHON_SDK / ".venv" / "installed.sha256"
    digest = digest_of([PYTHON_SDK / "pyproject.toml", PYTHON_SDK / SNIPPETS])
    if PYTHON.exists() and read(stamp) == digest:
        return
    if not PYTHON.exists():
        run([sys.executable, "-m", "venv", str(PYTHON_SDK / ".venv")], ROOT)
    pip = [str(PYTHON), "-m", "pip", "install", "--disable-pip-version-check", "--quiet"]
    run([*pip, "-e", ".[dev]", "-r", SNIPPETS], PYTHON_SDK)
    stamp.write_text(digest, "ascii")


def prepare_node(package: Path) -> None:
    """The `node_modules` of a package, exactly as its lock file has them."""
    if not is_as_locked(package):
        run(["npm", "ci", "--no-audit", "--no-fund"], package)


def is_as_locked(package: Path) -> bool:
    """Whether npm's own record of what it installed agrees with the lock file."""
    locked, installed = packages_of(package / "package-lock.json"), packages_of(package / INSTALLED)
    wanted = {path: entry for path, entry in locked.items() if path and not entry.get("optional")}
    return bool(installed) and all(
        installed.get(path, {}).get("version") == entry.get("version") for path, entry in wanted.items()
    )


INSTALLED = Path("node_modules", ".package-lock.json")


def packages_of(lock: Path) -> dict[str, Any]:
    """The packages that a lock file names, by their path; nothing where there is no file."""
    if not lock.exists():
        return {}
    packages: dict[str, Any] = json.loads(lock.read_text("utf-8")).get("packages", {})
    return packages


def build_typescript() -> None:
    """`dist/` of the TypeScript SDK, when its sources are not those that it was built from."""
    stamp = TYPESCRIPT_SDK / "node_modules" / ".built.sha256"
    digest = digest_of(path for pattern in SOURCES for path in TYPESCRIPT_SDK.glob(pattern))
    if not (TYPESCRIPT_SDK / "dist").exists() or read(stamp) != digest:
        run(["npm", "run", "--silent", "build"], TYPESCRIPT_SDK)
        stamp.write_text(digest, "ascii")


def digest_of(paths: Iterable[Path]) -> str:
    """Hash of the names and contents of files; folders count for nothing."""
    digest = hashlib.sha256()
    for path in sorted(path for path in paths if path.is_file()):
        digest.update(f"{path.relative_to(SDKS)}\n".encode() + hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def read(path: Path) -> str:
    """What a stamp says; "" where there is none."""
    return path.read_text("ascii").strip() if path.exists() else ""


def environment(variables: Mapping[str, str] | None = None) -> dict[str, str]:
    """This environment, in which `node` and `npm` are those that are installed beside this Python."""
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', '')}"
    return {**os.environ, **(variables or {}), "PATH": path}


def run(command: Sequence[str], folder: Path) -> None:
    """Run a command there. Raises CommandFailed."""
    print(f"{folder.relative_to(ROOT)}: {' '.join(command)}", flush=True)
    status = subprocess.run(command, cwd=folder, env=environment(), check=False).returncode
    if status:
        raise CommandFailed(f"{' '.join(command)} in {folder.relative_to(ROOT)} ended with status {status}")


if __name__ == "__main__":
    sys.exit(main())
