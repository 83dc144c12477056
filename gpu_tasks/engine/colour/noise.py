"""Noise of an element: grain on luma, new in every frame."""

from dataclasses import replace

from gpu_tasks.engine.colour.base import Stage
from gpu_tasks.engine.effects._grain import grain
from gpu_tasks.engine.effects.base import Moment
from gpu_tasks.engine.surface import Surface

SIGMA_AT_FULL = 24.0
GRAIN_UNITS = 0.0


def noise_stage(noise: float) -> Stage:
    """White Gaussian noise of σ = 0.24·noise code values: 50/3 is σ 4, 100 is σ 24. Each pixel has its own.

    As in other editors it is a sensor's noise, as fine as the film's pixels; grain that has a size is an effect.
    """
    sigma = SIGMA_AT_FULL * noise / 100

    def apply(picture: Surface, moment: Moment) -> Surface:
        luma = moment.scratch.plane("noise", tuple(picture.y.shape))
        noise = grain(picture.y.shape, moment, sigma, GRAIN_UNITS, salt="noise")
        return replace(picture, y=moment.k.add_grain(picture.y, noise, luma), frame=None)

    return Stage("noise", apply, animated=True, straight=True)
