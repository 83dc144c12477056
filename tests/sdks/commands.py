"""Commands of the SDKs' own tools, with the end of what they say when they fail."""

import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

from scripts import sdks

TAIL_CHARACTERS = 12_000


def output_of(
    command: Sequence[str | Path], folder: Path, variables: Mapping[str, str] | None = None, timeout_s: float = 900
) -> str:
    """What a command prints that succeeds, both streams together; else the test fails with the end of it."""
    done = subprocess.run(
        list(map(str, command)),
        cwd=folder,
        env=sdks.environment(variables),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=timeout_s,
        check=False,
    )
    said = done.stdout[-TAIL_CHARACTERS:]
    assert done.returncode == 0, f"{' '.join(map(str, command))} ended with status {done.returncode}:\n{said}"
    return done.stdout
