"""The motions of the catalogue, one family a file. Importing the package registers them all."""

from gpu_tasks.engine.motions import fade, ken_burns, slide, zoom
from gpu_tasks.engine.motions.base import MOTIONS, REST, Pose, Stage, pose_at

__all__ = ["MOTIONS", "REST", "Pose", "Stage", "fade", "ken_burns", "pose_at", "slide", "zoom"]
