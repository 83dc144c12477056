"""The motions of the catalogue, one family a file. Importing the package registers them all."""

from importlib import import_module
from pkgutil import iter_modules

from gpu_tasks.engine.motions.base import MOTIONS, REST, Pose, Stage, pose_at

for _module in iter_modules(__path__):
    import_module(f"{__name__}.{_module.name}")

__all__ = ["MOTIONS", "REST", "Pose", "Stage", "pose_at"]
