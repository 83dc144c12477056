"""Generated text in the form that the rest of the package has."""

import subprocess
import sys
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent


def formatted(text: str, name: str) -> str:
    """Python text with sorted imports and even lines, by this project's settings. `name` is its file's."""
    for arguments in (["check", "--select", "I", "--fix", "--exit-zero", "--quiet"], ["format", "--quiet"]):
        command = [sys.executable, "-m", "ruff", *arguments, "--stdin-filename", f"src/framelane/{name}", "-"]
        text = subprocess.run(command, input=text, capture_output=True, text=True, check=True, cwd=PROJECT).stdout
    return text
