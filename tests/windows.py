"""The windows in which requests are counted, by the machine's own clock."""

import time


def not_at_a_windows_end(needed_s: float = 5) -> None:
    """Wait, where less than that is left of the minute: of what comes before its end and after it, each counts anew."""
    if (left_s := 60 - time.time() % 60) < needed_s:
        time.sleep(left_s + 0.1)
