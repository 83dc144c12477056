"""The transitions of the catalogue, one family a file. Importing the package registers them all."""

from importlib import import_module
from pkgutil import iter_modules

from gpu_tasks.engine.transitions.base import TRANSITIONS, Crossing, Rect, Transition

for _module in iter_modules(__path__):
    import_module(f"{__name__}.{_module.name}")

__all__ = ["TRANSITIONS", "Crossing", "Rect", "Transition"]
