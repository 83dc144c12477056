"""The kernels on the CPU: OpenCV and numpy on uint8 planes. Each is held to its definition within 2/255.

Every function works on single planes or on premultiplied surfaces, and writes into `out` where it is given. This
package is one of the executors behind `gpu_tasks.engine.kernels.Kernels`.
"""

import cv2

from gpu_tasks.engine.kernels.cpu.blend import (
    add,
    by_table,
    copy,
    darken,
    difference,
    divide,
    empty,
    fade,
    fill,
    invert,
    lighten,
    mix,
    mix_by,
    multiply,
    over,
    subtract,
    toward,
    toward_by,
    upload,
)
from gpu_tasks.engine.kernels.cpu.cube import lut3d
from gpu_tasks.engine.kernels.cpu.disc import disc
from gpu_tasks.engine.kernels.cpu.displace import Field, displace, field
from gpu_tasks.engine.kernels.cpu.filter import box, gaussian
from gpu_tasks.engine.kernels.cpu.masks import full_mask, ring_mask, rounded_mask
from gpu_tasks.engine.kernels.cpu.pictures import from_rgba, premultiply, resize_rgba
from gpu_tasks.engine.kernels.cpu.rgb import from_rgb, to_rgb
from gpu_tasks.engine.kernels.cpu.sample import (
    enlarge,
    flip,
    mosaic,
    plane_matrix,
    plane_projective,
    project,
    rotate,
    shrink,
    subsample,
    upsample,
    warp,
)
from gpu_tasks.engine.kernels.cpu.tone import add_grain, lut, matrix, ramp, weigh

# One picture at a time: the machine's other cores belong to decoders and the encoder.
cv2.setNumThreads(1)

__all__ = [
    "Field",
    "add",
    "add_grain",
    "box",
    "by_table",
    "copy",
    "darken",
    "difference",
    "disc",
    "displace",
    "divide",
    "empty",
    "enlarge",
    "fade",
    "field",
    "fill",
    "flip",
    "from_rgb",
    "from_rgba",
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
    "plane_matrix",
    "plane_projective",
    "premultiply",
    "project",
    "ramp",
    "resize_rgba",
    "ring_mask",
    "rotate",
    "rounded_mask",
    "shrink",
    "subsample",
    "subtract",
    "to_rgb",
    "toward",
    "toward_by",
    "upload",
    "upsample",
    "warp",
    "weigh",
]
