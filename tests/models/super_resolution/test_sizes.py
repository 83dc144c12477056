"""Enlarged pictures have exactly the size that was asked for."""

from collections.abc import Collection

import pytest

from gpu_tasks.models.super_resolution.sizes import enlarged_size, network_scale


@pytest.mark.parametrize(
    ("size", "scale", "wanted"),
    [
        ((640, 360), 2, (1280, 720)),
        ((640, 360), 1.5, (960, 540)),
        ((101, 67), 3, (303, 201)),
        ((101, 67), 1.5, (152, 101)),
        ((5, 3), 2.5, (13, 8)),
        ((1, 1), 4, (4, 4)),
        ((1, 1), 1.2, (1, 1)),
        ((1000, 500), 1.001, (1001, 501)),
        # As binary fractions, 1.1 · 5 and 1.15 · 10 lie beside the half.
        ((5, 10), 1.1, (6, 11)),
        ((10, 10), 1.15, (12, 12)),
    ],
)
def test_products_are_rounded_halves_up(size: tuple[int, int], scale: float, wanted: tuple[int, int]) -> None:
    assert enlarged_size(*size, scale, even=False) == wanted


@pytest.mark.parametrize(
    ("size", "scale", "wanted"), [((101, 67), 1.5, (152, 102)), ((101, 67), 3, (304, 202)), ((1, 1), 1.2, (2, 2))]
)
def test_films_take_the_next_even_numbers(size: tuple[int, int], scale: float, wanted: tuple[int, int]) -> None:
    assert enlarged_size(*size, scale, even=True) == wanted


@pytest.mark.parametrize(
    ("scale", "offered", "wanted"),
    [(1.1, (2, 4), 2), (2, (2, 4), 2), (2.01, (2, 4), 4), (4, (4, 2), 4), (4, (2,), 2), (1.5, (4,), 4)],
)
def test_the_smallest_network_that_is_large_enough_is_taken(
    scale: float, offered: Collection[int], wanted: int
) -> None:
    assert network_scale(scale, offered) == wanted
