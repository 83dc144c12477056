"""Functions of three code values at once, by interpolation in a table."""

from torch import Tensor

Planes = tuple[Tensor, Tensor, Tensor]


def lut3d(planes: Planes, table: Tensor) -> tuple[Tensor, ...]:
    """table[first, second, third] for a table of 256 × n × n × channels, one plane for each channel.

    Exact in the first plane, linear in the second and third between n nodes from 0 to 256.
    """
    step = 256 / (table.shape[1] - 1)
    first = planes[0].long()
    second, third = planes[1].float() / step, planes[2].float() / step
    row, column = second.long(), third.long()
    down, across = (second - row)[..., None], (third - column)[..., None]
    values = table.float()
    upper = values[first, row, column] * (1 - across) + values[first, row, column + 1] * across
    lower = values[first, row + 1, column] * (1 - across) + values[first, row + 1, column + 1] * across
    return (upper * (1 - down) + lower * down).unbind(-1)
