"""Where an element's picture lies on the canvas, before any motion. Pure arithmetic on the request's fields."""

import math
from dataclasses import dataclass, replace

from gpu_tasks.timeline.finish import Border, Shadow, border_of, shadow_of
from gpu_tasks.timeline.request import MediaElement, TextElement, VisualElement
from gpu_tasks.timeline.transforms import Affine, Projective, rotation, tilting, translation
from gpu_tasks.timeline.values import parse_angle, parse_dimension

Size = tuple[float, float]
Rect = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class Placement:
    """A picture of `width` × `height` whole pixels and the way it lies on the canvas.

    `source` is the part of the upright source that fills the picture: left, top, right, bottom in source pixels.
    `matrix` maps picture pixels to canvas pixels, `tilt` (if any) the canvas to itself in perspective afterwards.
    `radius_px` rounds the picture's corners. `inset` is the sharp picture inside one that is only a blurred ground
    (`contain_blur`). `clip` is the box on the canvas that nothing may leave.
    """

    width: int
    height: int
    source: Rect
    matrix: Affine
    radius_px: float = 0.0
    flip_x: bool = False
    flip_y: bool = False
    tilt: Projective | None = None
    border: Border | None = None
    shadow: Shadow | None = None
    inset: "Placement | None" = None
    clip: Rect | None = None

    @property
    def center(self) -> Size:
        """The picture's centre on the canvas."""
        return self.matrix.apply(self.width / 2, self.height / 2)

    @property
    def is_plain(self) -> bool:
        """Whether the picture is shown as the bare rectangle that it is."""
        return not self.radius_px and self.tilt is None and self.border is None and not self.shadow and not self.clip

    def covers(self, canvas: tuple[int, int]) -> bool:
        """Whether the picture hides every pixel of the canvas behind it."""
        if not self.is_plain or not self.matrix.is_upright:
            return False
        left, top, right, bottom = self.matrix.bounds(self.width, self.height)
        return left <= 0 and top <= 0 and right >= canvas[0] and bottom >= canvas[1]


def place_media(element: MediaElement, source: tuple[int, int], canvas: tuple[int, int]) -> Placement | None:
    """Placement of a video or image whose upright size is `source`; None when it has no area."""
    crop = _cropped(element, source)
    box = _box(element, (crop[2] - crop[0], crop[3] - crop[1]), canvas)
    picture, visible = _fit(element.fit, crop, box)
    place = _place(element, box, picture, visible, canvas)
    return _with_inset(place, crop) if place is not None and element.fit == "contain_blur" else place


def place_text(element: TextElement, block: Size, canvas: tuple[int, int]) -> Placement | None:
    """Placement of a laid-out block of text of `block` pixels; None when it has no area."""
    return _place(element, block, block, (0.0, 0.0, *block), canvas)


def scale_of(element: VisualElement) -> Size:
    """The element's own scale as factors; 1 leaves the size alone."""
    return (parse_dimension(element.x_scale).resolve(1.0), parse_dimension(element.y_scale).resolve(1.0))


def _cropped(element: MediaElement, source: tuple[int, int]) -> Rect:
    width, height = source
    return (
        element.crop_left * width,
        element.crop_top * height,
        (1 - element.crop_right) * width,
        (1 - element.crop_bottom) * height,
    )


def _box(element: MediaElement, shape: Size, canvas: tuple[int, int]) -> Size:
    """Explicit sizes win; one alone draws the other after it; none means the canvas (or its largest `aspect_ratio`)."""
    given = element.model_fields_set & {"width", "height"}
    width = parse_dimension(element.width).resolve(canvas[0])
    height = parse_dimension(element.height).resolve(canvas[1])
    ratio = element.aspect_ratio or shape[0] / shape[1]
    if given == {"width"}:
        return (width, width / ratio)
    if given == {"height"}:
        return (height * ratio, height)
    if not given and element.aspect_ratio:
        return (min(canvas[0], canvas[1] * ratio), min(canvas[1], canvas[0] / ratio))
    return (width, height)


def _fit(fit: str, crop: Rect, box: Size) -> tuple[Size, Rect]:
    """The picture's size inside the box and the part of the source that it shows."""
    left, top, right, bottom = crop
    width, height = right - left, bottom - top
    if fit == "fill" or min(box) <= 0:
        return box, crop
    if fit == "contain":
        scale = min(box[0] / width, box[1] / height)
        return (width * scale, height * scale), crop
    scale = max(box[0] / width, box[1] / height)
    cut_x, cut_y = (width - box[0] / scale) / 2, (height - box[1] / scale) / 2
    return box, (left + cut_x, top + cut_y, right - cut_x, bottom - cut_y)


def _with_inset(ground: Placement, crop: Rect) -> Placement:
    """The whole picture, contained in a ground that is filled by the same picture."""
    width, height = crop[2] - crop[0], crop[3] - crop[1]
    scale = min(ground.width / width, ground.height / height)
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    if size == (ground.width, ground.height):
        return ground
    corner = ((ground.width - size[0]) // 2, (ground.height - size[1]) // 2)
    inset = Placement(*size, crop, translation(*corner), flip_x=ground.flip_x, flip_y=ground.flip_y)
    return replace(ground, inset=inset)


def _tilt(element: VisualElement, about: Size, canvas: tuple[int, int]) -> Projective | None:
    """Rotation about the horizontal and the vertical axis through the anchor, seen from one canvas width away."""
    x_degrees, y_degrees = parse_angle(element.x_rotation), parse_angle(element.y_rotation)
    if x_degrees % 360 == 0 and y_degrees % 360 == 0:
        return None
    return tilting(x_degrees, y_degrees, about, canvas[0])


def _place(
    element: VisualElement,
    box: Size,
    picture: Size,
    source: Rect,
    canvas: tuple[int, int],
) -> Placement | None:
    scale_x, scale_y = scale_of(element)
    width, height = round(picture[0] * abs(scale_x)), round(picture[1] * abs(scale_y))
    if width < 1 or height < 1 or min(box) <= 0:
        return None
    anchor = (
        parse_dimension(element.x_anchor).resolve(box[0]),
        parse_dimension(element.y_anchor).resolve(box[1]),
    )
    point = (parse_dimension(element.x).resolve(canvas[0]), parse_dimension(element.y).resolve(canvas[1]))
    left = point[0] - anchor[0] * abs(scale_x) + (box[0] - picture[0]) / 2 * abs(scale_x)
    top = point[1] - anchor[1] * abs(scale_y) + (box[1] - picture[1]) / 2 * abs(scale_y)
    # Whole pixels keep still pictures crisp; motion adds its fractions on top of this.
    corner = (_half_up(left), _half_up(top))
    matrix = translation(*corner)
    degrees = parse_angle(element.z_rotation)
    if degrees % 360:
        matrix = matrix.then(rotation(degrees, point))
    # The radius of a text belongs to its background plate, which the text itself draws.
    rounded = not isinstance(element, TextElement)
    radius = parse_dimension(element.border_radius).resolve(min(width, height)) if rounded else 0.0
    return Placement(
        width,
        height,
        source,
        matrix,
        min(max(radius, 0.0), min(width, height) / 2),
        element.flip_horizontal != (scale_x < 0),
        element.flip_vertical != (scale_y < 0),
        _tilt(element, point, canvas),
        border_of(element, canvas),
        shadow_of(element, canvas),
        clip=(corner[0], corner[1], corner[0] + width, corner[1] + height) if element.clip else None,
    )


def _half_up(value: float) -> int:
    return math.floor(value + 0.5)
