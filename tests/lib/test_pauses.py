"""Pauses double, and have an end."""

from framelane.lib.pauses import growing_pause_s


def test_pauses_double_up_to_the_longest() -> None:
    assert [growing_pause_s(failures, first_s=5, longest_s=60) for failures in range(6)] == [5, 10, 20, 40, 60, 60]


def test_any_number_of_failures_has_a_pause() -> None:
    assert growing_pause_s(1_000_000, first_s=0.1, longest_s=600) == 600
