"""Renders the golden films."""

from collections.abc import Mapping
from pathlib import Path

from tests.engine.films import Planes, composed
from tests.golden.scenes import Golden


def frames_shown(golden: Golden, paths: Mapping[str, Path]) -> list[Planes]:
    """The frames that the sheet of a golden film shows: single ones rendered alone, strips as parts of the film."""
    if len(golden.shown) == 1:
        return composed(golden.payload, paths, golden.shown)
    film = composed(golden.payload, paths)
    return [film[number] for number in golden.shown]
