"""The transitions of the catalogue, one family a file. Importing the package registers them all."""

from gpu_tasks.engine.transitions import dissolve, wipe
from gpu_tasks.engine.transitions.base import TRANSITIONS, Rect

__all__ = ["TRANSITIONS", "Rect", "dissolve", "wipe"]
