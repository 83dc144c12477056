"""Names of stored objects: `ws_…/uploads/<random>.mp4`, `ws_…/renders/<job>/attempt-N/output.mp4`."""

import re

from framelane.lib import ids

MAX_LENGTH = 512

_SEGMENT = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9._-]{0,127}")


class InvalidKey(ValueError):
    """The name is not one that the store would ever have given out."""


def validate(key: str) -> str:
    """`key` itself. Raises InvalidKey unless it names something inside a workspace's own folder.

    At least two segments, the first a workspace's id; letters, digits, `.`, `_`, `-`; no segment begins with a dot.
    """
    _validate_segments(key, key.split("/"))
    if "/" not in key:
        raise InvalidKey(f"key {key!r} names a workspace, not an object in it")
    return key


def is_key(name: str) -> bool:
    """Whether `name` could be that of an object."""
    try:
        validate(name)
    except InvalidKey:
        return False
    return True


def validate_prefix(prefix: str) -> str:
    """`prefix` itself, a folder that ends in a slash: `ws_…/` or deeper. Raises InvalidKey for anything else."""
    if not prefix.endswith("/"):
        raise InvalidKey(f"prefix {prefix!r} does not end in a slash")
    _validate_segments(prefix, prefix[:-1].split("/"))
    return prefix


def workspace_of(key: str) -> str:
    """The id of the workspace that a valid key belongs to."""
    return key.partition("/")[0]


def _validate_segments(name: str, segments: list[str]) -> None:
    if len(name) > MAX_LENGTH:
        raise InvalidKey(f"a key of {len(name)} characters; at most {MAX_LENGTH} are accepted")
    if not all(_SEGMENT.fullmatch(segment) for segment in segments):
        raise InvalidKey(f"key {name!r} has a segment outside [A-Za-z0-9._-]{{1,128}} or one that begins with a dot")
    if not ids.is_id(segments[0], "ws"):
        raise InvalidKey(f"key {name!r} does not begin with a workspace's id")
