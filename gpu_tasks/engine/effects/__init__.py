"""The effects of the catalogue, one family a file. The registry loads them when it is first asked."""

from gpu_tasks.engine.effects.base import EFFECTS, Effect, Moment

__all__ = ["EFFECTS", "Effect", "Moment"]
