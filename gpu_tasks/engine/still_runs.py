"""Stretches of frames that show the same: found in the draw lists, before anything is composed."""

from collections.abc import Callable, Hashable, Iterator

from gpu_tasks.engine.drawlist import Draw, Item, Mix, Scene
from gpu_tasks.timeline.plan import Span

LONGEST = 240
"""A longer stillness is told in parts, so that sound, progress and seeking keep up."""

Items = tuple[Item, ...]


def still_runs(scene: Scene, span: Span, is_animated: Callable[[int], bool]) -> Iterator[tuple[int, Items, int]]:
    """(frame, draw list, how many frames in a row show it) over a span.

    Only stills and texts are counted on; what a video shows its file alone knows. `is_animated` tells whether a clip's
    look moves by itself.
    """
    frame, items = span.first, scene.items(span.first, span)
    while frame < span.stop:
        count, following = 1, None
        state = _state(items, is_animated)
        while frame + count < span.stop:
            following = scene.items(frame + count, span)
            if state is None or count == LONGEST or _state(following, is_animated) != state:
                break
            count += 1
        yield frame, items, count
        frame += count
        items = following or scene.items(frame, span) if frame < span.stop else ()


def _state(items: Items, is_animated: Callable[[int], bool]) -> Hashable:
    """Everything that the pixels of a draw list depend on; None when that cannot be told from it."""
    draws = [draw for item in items for draw in (item.draws() if isinstance(item, Mix) else (item,))]
    if any(draw.time_s is not None or is_animated(draw.clip) for draw in draws):
        return None
    return tuple((item.type, item.progress) if isinstance(item, Mix) else () for item in items), tuple(
        map(_seen, draws)
    )


def _seen(draw: Draw) -> Hashable:
    return (draw.clip, draw.appearance, draw.pieces)
