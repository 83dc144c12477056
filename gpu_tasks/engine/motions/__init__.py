"""The motions of the catalogue, one family a file. The registry loads them when it is first asked."""

from gpu_tasks.engine.motions.base import MOTIONS, REST, Pose, Stage, pose_at

__all__ = ["MOTIONS", "REST", "Pose", "Stage", "pose_at"]
