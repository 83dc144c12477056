"""Noise of an element: grain on luma, new in every frame."""

from gpu_tasks.engine.colour.base import Stage
from gpu_tasks.engine.effects._grain import grain
from gpu_tasks.engine.effects.base import Moment
from gpu_tasks.engine.surface import Surface

SIGMA_AT_FULL = 24.0
GRAIN_UNITS = 1.0


def noise_stage(noise: float) -> Stage:
    """Gaussian grain of σ = 0.24·noise code values: 50/3 is σ 4, 100 is σ 24. A grain is a unit (1/720) large."""
    sigma = SIGMA_AT_FULL * noise / 100

    def apply(picture: Surface, moment: Moment) -> Surface:
        out = moment.scratch.surface("noise", picture)
        out.copy_alpha_from(picture)
        moment.k.copy(picture.u, out.u)
        moment.k.copy(picture.v, out.v)
        moment.k.add_grain(picture.y, grain(picture.y.shape, moment, sigma, GRAIN_UNITS, salt="noise"), out.y)
        return out

    return Stage("noise", apply, animated=True, straight=True)
