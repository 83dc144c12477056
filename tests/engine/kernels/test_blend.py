"""Sums of planes at one place, held to their definitions."""

import numpy as np
import pytest

from gpu_tasks.engine.kernels import definition
from tests.engine.kernels.planes import SHAPES, SIZE, Executor, host, noise, real

AMOUNTS = [0.0, 0.3, 0.5, 1.0]


@pytest.mark.parametrize("shape", SHAPES)
def test_over_adds_what_shines_through(executor: Executor, shape: tuple[int, int]) -> None:
    alpha, below = noise(1, shape), noise(3, shape)
    above = (noise(2, shape).astype(np.uint16) * alpha // 255).astype(np.uint8)
    target = executor.put(below)
    executor.k.over(target, executor.put(above), executor.put(alpha))
    executor.assert_close(target, definition.over(real(below), real(above), real(alpha)))


@pytest.mark.parametrize("amount", AMOUNTS)
def test_fade_and_mix_weigh_linearly(executor: Executor, amount: float) -> None:
    first, second = noise(4), noise(5)
    a, b = executor.put(first), executor.put(second)
    executor.assert_close(executor.k.fade(a, amount), definition.fade(real(first), amount))
    mixed = definition.mix(real(first), real(second), amount)
    executor.assert_close(executor.k.mix(a, b, amount), mixed)
    executor.assert_close(executor.k.mix(a, b, amount, a), mixed)


@pytest.mark.parametrize("shape", SHAPES)
def test_mix_by_weighs_sample_by_sample(executor: Executor, shape: tuple[int, int]) -> None:
    first, second, mask = noise(4, shape), noise(5, shape), noise(6, shape)
    expected = definition.mix_by(real(first), real(second), real(mask))
    a, b, m = executor.put(first), executor.put(second), executor.put(mask)
    executor.assert_close(executor.k.mix_by(a, b, m, executor.out(shape)), expected)
    executor.assert_close(executor.k.mix_by(a, b, m, b), expected)


@pytest.mark.parametrize(("value", "chosen"), [(0, "first"), (255, "second")])
def test_mix_by_an_even_mask_is_exactly_one_side(executor: Executor, value: int, chosen: str) -> None:
    sides = {"first": noise(4), "second": noise(5)}
    mask = executor.put(np.full(SIZE, value, np.uint8))
    first, second = executor.put(sides["first"]), executor.put(sides["second"])
    mixed = executor.k.mix_by(first, second, mask, executor.out(SIZE))
    assert np.array_equal(host(mixed), sides[chosen])


def test_multiply_and_divide_undo_each_other_where_alpha_is_high(executor: Executor) -> None:
    values, alpha = noise(6), np.maximum(noise(7), 128)
    a, b = executor.put(values), executor.put(alpha)
    product = executor.k.multiply(a, b)
    executor.assert_close(product, definition.multiply(real(values), real(alpha)))
    quotient = executor.k.divide(product, b, executor.out(SIZE))
    executor.assert_close(quotient, definition.divide(real(host(product)), real(alpha)))


def test_divide_clips_what_exceeds_its_alpha(executor: Executor) -> None:
    values, alpha = noise(6), noise(7)
    quotient = executor.k.divide(executor.put(values), executor.put(alpha), executor.out(SIZE))
    executor.assert_close(quotient, definition.divide(real(values), real(alpha)))


def test_divide_gives_zero_where_alpha_is_zero(executor: Executor) -> None:
    clear = executor.put(np.zeros(SIZE, np.uint8))
    assert not host(executor.k.divide(executor.put(noise(8)), clear, executor.out(SIZE))).any()


@pytest.mark.parametrize("value", [16, 128])
@pytest.mark.parametrize("with_alpha", [True, False])
@pytest.mark.parametrize("amount", AMOUNTS)
def test_toward_mixes_with_a_constant(executor: Executor, value: int, with_alpha: bool, amount: float) -> None:
    alpha = noise(9) if with_alpha else None
    values = noise(10) if alpha is None else np.minimum(noise(10), alpha)
    expected = definition.toward(real(values), None if alpha is None else real(alpha), value, amount)
    cover = None if alpha is None else executor.put(alpha)
    executor.assert_close(executor.k.toward(executor.put(values), cover, value, amount, executor.out(SIZE)), expected)


@pytest.mark.parametrize("value", [16, 128, 255])
@pytest.mark.parametrize("with_alpha", [True, False])
def test_toward_by_mixes_with_a_constant_by_a_mask(executor: Executor, value: int, with_alpha: bool) -> None:
    alpha, mask = noise(9) if with_alpha else None, noise(11)
    values = noise(10) if alpha is None else np.minimum(noise(10), alpha)
    expected = definition.toward_by(real(values), None if alpha is None else real(alpha), value, real(mask))
    cover, target = None if alpha is None else executor.put(alpha), executor.put(values)
    executor.assert_close(executor.k.toward_by(target, cover, value, executor.put(mask), target), expected)


@pytest.mark.parametrize("name", ["add", "subtract", "difference", "lighten", "darken"])
@pytest.mark.parametrize("shape", SHAPES)
def test_pairs_are_exact(executor: Executor, name: str, shape: tuple[int, int]) -> None:
    first, second = noise(12, shape), noise(13, shape)
    expected = getattr(definition, name)(real(first), real(second))
    a, b = executor.put(first), executor.put(second)
    kernel = getattr(executor.k, name)
    executor.assert_close(kernel(a, b), expected, tolerance=0)
    executor.assert_close(kernel(a, b, executor.out(shape)), expected, tolerance=0)
    executor.assert_close(kernel(a, b, a), expected, tolerance=0)


def test_invert_is_exact(executor: Executor) -> None:
    values = noise(14)
    executor.assert_close(executor.k.invert(executor.put(values)), definition.invert(real(values)), tolerance=0)


def test_by_table_looks_up_pairs(executor: Executor) -> None:
    below, above, table = noise(15), noise(16), noise(17, (256, 256))
    expected = definition.by_table(real(below), real(above), real(table))
    target = executor.put(below)
    executor.k.by_table(target, executor.put(above), executor.put(table), target)
    executor.assert_close(target, expected, tolerance=0)


def test_copies_and_fills_reach_every_sample_of_a_part(executor: Executor) -> None:
    target = executor.out(SIZE)
    executor.k.copy(executor.put(noise(18, (10, 20))), target[5:15, 7:27])
    executor.k.fill(target[20:, :3], 9)
    expected = np.full(SIZE, 77, np.uint8)
    expected[5:15, 7:27] = noise(18, (10, 20))
    expected[20:, :3] = 9
    assert np.array_equal(host(target), expected)
