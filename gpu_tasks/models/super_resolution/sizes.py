"""The scales that super-resolution takes, and which whole scale a network needs for them."""

from collections.abc import Collection

from gpu_tasks.timeline.sizes import Size, enlarged_size

__all__ = ["MAX_SCALE", "MIN_SCALE", "Size", "enlarged_size", "network_scale"]

MIN_SCALE, MAX_SCALE = 1.0, 4.0


def network_scale(scale: float, offered: Collection[int]) -> int:
    """The smallest scale on offer that is at least `scale`, else the largest there is."""
    enough = [one for one in offered if one >= scale]
    return min(enough) if enough else max(offered)
