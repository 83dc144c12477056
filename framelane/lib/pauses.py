"""How long to wait before something that failed is tried again."""

_MAX_DOUBLINGS = 30


def growing_pause_s(failures: int, *, first_s: float, longest_s: float) -> float:
    """Seconds to wait after `failures` earlier ones: `first_s` after none, then twice as long each time."""
    return min(first_s * 2.0 ** min(failures, _MAX_DOUBLINGS), longest_s)
