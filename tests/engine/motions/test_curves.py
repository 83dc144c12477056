"""The timing curves that motions share."""

import math
from itertools import pairwise

import pytest

from gpu_tasks.engine.motions.chance import either_way, share
from gpu_tasks.engine.motions.curves import RESTITUTION, arch, drop, smooth, spring, swell

FALL = 1 / (1 + 2 * (RESTITUTION + RESTITUTION**2 + RESTITUTION**3 + RESTITUTION**4))
"""Share of a bounce that its first fall takes."""


@pytest.mark.parametrize("damping", [0.3, 0.4, 0.5, 0.6])
def test_a_spring_overshoots_as_its_damping_says(damping: float) -> None:
    """The first peak of a step response lies e^(−πζ/√(1−ζ²)) above its end, after half a period."""
    overshoot = math.exp(-math.pi * damping / math.sqrt(1 - damping**2))
    peak = max(range(1001), key=lambda step: spring(step / 1000, damping, 4))
    assert peak == 250
    assert spring(0.25, damping, 4) == pytest.approx(1 + overshoot)


def test_a_spring_sways_less_and_less_and_settles_exactly() -> None:
    peaks = [abs(spring(swing / 4, 0.3, 4) - 1) for swing in range(5)]
    assert peaks == sorted(peaks, reverse=True)
    assert spring(0, 0.3, 4) == 0
    assert spring(1, 0.3, 4) == 1


def test_a_spring_is_released_at_rest() -> None:
    assert spring(1e-4, 0.5, 3) < 1e-4


def test_a_ball_touches_the_ground_at_the_end_of_each_hop() -> None:
    contacts = [FALL]
    for hop in range(1, 5):
        contacts.append(contacts[-1] + 2 * FALL * RESTITUTION**hop)
    assert contacts[-1] == pytest.approx(1)
    assert [drop(contact) for contact in contacts] == pytest.approx([0] * 5, abs=1e-9)
    tops = [drop((a + b) / 2) for a, b in pairwise(contacts)]
    assert tops == pytest.approx([RESTITUTION ** (2 * hop) for hop in range(1, 5)])


def test_a_ball_falls_with_constant_gravity() -> None:
    """Second differences of the height are the same in the fall and in the hops."""
    step = FALL / 20
    in_fall = [drop(step * (5 + i)) for i in (-1, 0, 1)]
    in_hop = [drop(FALL * (1 + RESTITUTION) + step * i) for i in (-1, 0, 1)]
    assert second_difference(in_hop) == pytest.approx(second_difference(in_fall))


def second_difference(values: list[float]) -> float:
    return values[0] - 2 * values[1] + values[2]


def test_ramps_and_waves_keep_to_their_part() -> None:
    assert [smooth(x, 0.2, 0.6) for x in (0, 0.2, 0.4, 0.6, 1)] == pytest.approx([0, 0, 0.5, 1, 1])
    assert [swell(x, 0.2, 0.6) for x in (0, 0.2, 0.3, 0.4, 0.6, 1)] == pytest.approx([0, 0, 0.5, 1, 0, 0])
    assert [arch(x, 0.2, 0.6) for x in (0, 0.2, 0.3, 0.4, 0.6, 1)] == pytest.approx([0, 0, 0.75, 1, 0, 0], abs=1e-9)


def test_chance_is_even_and_depends_on_seed_and_draw() -> None:
    draws = [share(seed, draw) for seed in range(60) for draw in range(60)]
    assert len(set(draws)) == len(draws)
    assert min(draws) >= 0
    assert max(draws) < 1
    assert sum(draws) / len(draws) == pytest.approx(0.5, abs=0.02)
    assert sum(draw < 0.25 for draw in draws) / len(draws) == pytest.approx(0.25, abs=0.03)
    assert either_way(3, 4) == 2 * share(3, 4) - 1
