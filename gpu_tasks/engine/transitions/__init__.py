"""The transitions of the catalogue, one family a file. The registry loads them when it is first asked."""

from gpu_tasks.engine.transitions.base import TRANSITIONS, Crossing, Rect, Transition

__all__ = ["TRANSITIONS", "Crossing", "Rect", "Transition"]
