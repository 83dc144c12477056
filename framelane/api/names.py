"""What workspaces and keys may be called."""

from typing import Annotated

from pydantic import AfterValidator, StringConstraints
from pydantic_core import PydanticCustomError

from gpu_tasks.timeline.catalogue import limit

MIN_LENGTH, MAX_LENGTH = limit("workspace_name_length")


def _printable(name: str) -> str:
    if not name.isprintable():
        raise PydanticCustomError("not_printable", "A name may hold printable characters only")
    return name


Name = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=MIN_LENGTH, max_length=MAX_LENGTH),
    AfterValidator(_printable),
]
"""Printable characters, without the space around them."""
