"""Functions of the code values at one place: laying over, fading, masking, mixing."""

import torch
from torch import Tensor


def over(below: Tensor, above: Tensor, alpha: Tensor) -> Tensor:
    """Porter & Duff 1984, premultiplied."""
    return above + below * (1 - alpha / 255)


def fade(plane: Tensor, amount: float) -> Tensor:
    return plane * amount


def multiply(plane: Tensor, mask: Tensor) -> Tensor:
    return plane * (mask / 255)


def mix(first: Tensor, second: Tensor, amount: float) -> Tensor:
    return first * (1 - amount) + second * amount


def mix_by(first: Tensor, second: Tensor, mask: Tensor) -> Tensor:
    share = mask / 255
    return first * (1 - share) + second * share


def toward(plane: Tensor, alpha: Tensor | None, value: int, amount: float) -> Tensor:
    """Towards the colour `value` under the plane's own alpha, so that the result stays premultiplied."""
    if alpha is None:
        return plane * (1 - amount) + value * amount
    return plane * (1 - amount) + alpha * (value * amount / 255)


def toward_by(plane: Tensor, alpha: Tensor | None, value: int, mask: Tensor) -> Tensor:
    share = mask / 255
    target = value if alpha is None else alpha * (value / 255)
    return plane * (1 - share) + target * share


def divide(plane: Tensor, alpha: Tensor) -> Tensor:
    """Undoes premultiplication; 0 where alpha is 0."""
    quotient = plane / alpha.clamp(min=1) * 255
    return torch.where(alpha > 0, quotient, torch.zeros_like(quotient)).clamp(0, 255)


def add(first: Tensor, second: Tensor) -> Tensor:
    return (first + second).clamp(max=255)


def subtract(first: Tensor, second: Tensor) -> Tensor:
    return (first - second).clamp(min=0)


def difference(first: Tensor, second: Tensor) -> Tensor:
    return (first - second).abs()


def lighten(first: Tensor, second: Tensor) -> Tensor:
    return torch.maximum(first, second)


def darken(first: Tensor, second: Tensor) -> Tensor:
    return torch.minimum(first, second)


def invert(plane: Tensor) -> Tensor:
    return 255 - plane


def by_table(below: Tensor, above: Tensor, table: Tensor) -> Tensor:
    """Row `below`, column `above` of a 256 × 256 table."""
    return table[below.long(), above.long()]
