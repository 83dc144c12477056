"""The kernels as float definitions in torch: the truth that every executor is held to, within 2/255.

Planes are tensors of code values 0-255, float32 in the tests; results are neither rounded nor clipped unless a
definition says so. The CUDA executor runs most of these very functions; what is plain and slow here it does its own
way. Never imported when a CPU renders.
"""

from gpu_tasks.engine.kernels.definition.blend import (
    add,
    by_table,
    darken,
    difference,
    divide,
    fade,
    invert,
    lighten,
    mix,
    mix_by,
    multiply,
    over,
    subtract,
    toward,
    toward_by,
)
from gpu_tasks.engine.kernels.definition.cube import lut3d
from gpu_tasks.engine.kernels.definition.displace import Field, displace, field
from gpu_tasks.engine.kernels.definition.filter import box, disc, gaussian
from gpu_tasks.engine.kernels.definition.masks import full_mask, ring_mask, rounded_mask
from gpu_tasks.engine.kernels.definition.resize import enlarge, mosaic, shrink, subsample, upsample
from gpu_tasks.engine.kernels.definition.rgb import from_rgb, to_rgb, yuv_from_rgba
from gpu_tasks.engine.kernels.definition.sample import project, warp
from gpu_tasks.engine.kernels.definition.tone import add_grain, lut, matrix, ramp, weigh

__all__ = [
    "Field",
    "add",
    "add_grain",
    "box",
    "by_table",
    "darken",
    "difference",
    "disc",
    "displace",
    "divide",
    "enlarge",
    "fade",
    "field",
    "from_rgb",
    "full_mask",
    "gaussian",
    "invert",
    "lighten",
    "lut",
    "lut3d",
    "matrix",
    "mix",
    "mix_by",
    "mosaic",
    "multiply",
    "over",
    "project",
    "ramp",
    "ring_mask",
    "rounded_mask",
    "shrink",
    "subsample",
    "subtract",
    "to_rgb",
    "toward",
    "toward_by",
    "upsample",
    "warp",
    "weigh",
    "yuv_from_rgba",
]
