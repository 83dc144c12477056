"""The examples of a README."""

import re
from pathlib import Path


def first_example(readme: Path, language: str) -> str:
    """The first block of a language that is meant to be run. Raises ValueError when there is none."""
    blocks = re.finditer(r"(<!-- not run:[^\n]*-->\n)?```(\S+)\n(.*?)```", readme.read_text("utf-8"), re.DOTALL)
    for block in blocks:
        if block[2] == language and not block[1]:
            return block[3]
    raise ValueError(f"{readme} holds no ```{language} example")
