"""The colour fields against FFmpeg's `hue`, which works in Y'CbCr, and `lutrgb`, which works in R'G'B'."""

from collections.abc import Iterator

from benchmarks.verify.finding import Finding, Size, alike
from benchmarks.verify.graph import EXACT_SCALE, Filter, filtered, frame_of, planes_of
from benchmarks.verify.pictures import moment_of, natural, surface_of
from gpu_tasks.engine.colour import colour_stages
from gpu_tasks.engine.surface import Plane, Surface
from gpu_tasks.timeline.request import ImageElement

_TO_RGB = (("scale", f"{EXACT_SCALE}:in_color_matrix=bt709:in_range=tv:out_range=pc"), ("format", "gbrp"))
_FROM_RGB = (("scale", f"{EXACT_SCALE}:out_color_matrix=bt709:out_range=tv"), ("format", "yuv444p"))
IN_CHROMA = {
    "saturation": (30, "s=1.3"),
    "hue_rotate": (50, "h=50"),
}
"""Our value, and what FFmpeg calls it."""
IN_RGB = {
    "brightness": (12, "val+0.12*255"),
    "contrast": (25, "(val-127.5)*1.25+127.5"),
    "exposure": (25, "val*pow(2\\,0.5/2.2)"),
}
"""Our value, and the formula of its documentation for values of 0-255."""


def findings(size: Size) -> Iterator[Finding]:
    surface = surface_of(natural(size), 1)
    for field, (value, arguments) in IN_CHROMA.items():
        yield _compared(surface, field, value, "hue", (("hue", arguments),))
    for field, (value, formula) in IN_RGB.items():
        curves = ":".join(f"{channel}=clip({formula}\\,0\\,255)" for channel in "rgb")
        yield _compared(surface, field, value, "lutrgb", (*_TO_RGB, ("lutrgb", curves), *_FROM_RGB))


def _compared(surface: Surface, field: str, value: float, name: str, chain: tuple[Filter, ...]) -> Finding:
    theirs = planes_of(filtered(frame_of(surface.every_plane(), "yuv444p"), *chain))
    return alike(f"{field} {value:+d}", f"FFmpeg {name}", _graded(surface, field, value), theirs)


def _graded(surface: Surface, field: str, value: float) -> list[Plane]:
    element = ImageElement(type="image", id="a", duration=1, source_url="https://a.test/a.png", **{field: value})
    (stage,) = colour_stages(element)
    return stage.apply(surface, moment_of(surface)).every_plane()
