"""Where an element's picture lies on the canvas, before any motion. Pure arithmetic on the request's fields."""

import math
from dataclasses import dataclass

from gpu_tasks.timeline.request import MediaElement, TextElement, VisualElement
from gpu_tasks.timeline.values import parse_angle, parse_dimension

Size = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Affine:
    """x' = a·x + b·y + c, y' = d·x + e·y + f, in continuous coordinates (a pixel's centre lies at +0.5)."""

    a: float = 1.0
    b: float = 0.0
    c: float = 0.0
    d: float = 0.0
    e: float = 1.0
    f: float = 0.0

    def then(self, other: "Affine") -> "Affine":
        """The map that applies `self` first and `other` after it."""
        return Affine(
            other.a * self.a + other.b * self.d,
            other.a * self.b + other.b * self.e,
            other.a * self.c + other.b * self.f + other.c,
            other.d * self.a + other.e * self.d,
            other.d * self.b + other.e * self.e,
            other.d * self.c + other.e * self.f + other.f,
        )

    def apply(self, x: float, y: float) -> tuple[float, float]:
        return (self.a * x + self.b * y + self.c, self.d * x + self.e * y + self.f)

    @property
    def is_upright(self) -> bool:
        """Whether axes stay axes: no rotation, no mirror."""
        return abs(self.b) < 1e-9 and abs(self.d) < 1e-9 and self.a > 0 and self.e > 0

    @property
    def is_translation(self) -> bool:
        return self.is_upright and abs(self.a - 1) < 1e-9 and abs(self.e - 1) < 1e-9

    def bounds(self, width: float, height: float) -> tuple[float, float, float, float]:
        """Left, top, right and bottom of the image of the rectangle (0, 0, width, height)."""
        corners = [self.apply(x, y) for x in (0, width) for y in (0, height)]
        xs, ys = zip(*corners, strict=True)
        return (min(xs), min(ys), max(xs), max(ys))


@dataclass(frozen=True, slots=True)
class Projective:
    """A perspective map of the plane in continuous coordinates: (x, y, 1) · rows, divided by the third component."""

    rows: tuple[tuple[float, float, float], ...]

    @classmethod
    def of(cls, matrix: Affine) -> "Projective":
        return cls(((matrix.a, matrix.b, matrix.c), (matrix.d, matrix.e, matrix.f), (0.0, 0.0, 1.0)))

    def then(self, other: "Projective") -> "Projective":
        """The map that applies `self` first and `other` after it."""
        product = [tuple(sum(other.rows[i][k] * self.rows[k][j] for k in range(3)) for j in range(3)) for i in range(3)]
        return Projective(tuple((a, b, c) for a, b, c in product))

    def apply(self, x: float, y: float) -> tuple[float, float]:
        u, v, w = (row[0] * x + row[1] * y + row[2] for row in self.rows)
        return (u / w, v / w)

    def depth(self, x: float, y: float) -> float:
        """The third component: positive in front of the camera, 1 in the plane of the canvas."""
        a, b, c = self.rows[2]
        return a * x + b * y + c

    def on_centres(self) -> "Projective":
        """The same map between sample indices, whose 0 is a pixel's centre."""
        half = Projective.of(translation(0.5, 0.5))
        return half.then(self).then(Projective.of(translation(-0.5, -0.5)))


def tilting(x_degrees: float, y_degrees: float, about: Size, camera_px: float) -> Projective:
    """Rotation about the x axis, then about the y axis, through the point `about`, seen in perspective from
    `camera_px` in front of it (CSS Transforms Level 2, section 11: rotateX, rotateY, perspective)."""
    sin_x, cos_x = math.sin(math.radians(x_degrees)), math.cos(math.radians(x_degrees))
    sin_y, cos_y = math.sin(math.radians(y_degrees)), math.cos(math.radians(y_degrees))
    # Of the rotated plane z = 0 only what maps (x, y) is needed; depth z moves a point by the factor 1 / (1 − z/d).
    x_row = (cos_y, sin_y * sin_x, 0.0)
    y_row = (0.0, cos_x, 0.0)
    w_row = (sin_y / camera_px, -cos_y * sin_x / camera_px, 1.0)
    there = Projective.of(translation(-about[0], -about[1]))
    return there.then(Projective((x_row, y_row, w_row))).then(Projective.of(translation(*about)))


def translation(x: float, y: float) -> Affine:
    return Affine(c=x, f=y)


def scaling(x: float, y: float, about: Size = (0.0, 0.0)) -> Affine:
    return Affine(a=x, e=y, c=about[0] * (1 - x), f=about[1] * (1 - y))


def rotation(degrees: float, about: Size) -> Affine:
    """Clockwise on the screen, as the y axis points down."""
    cos, sin = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))
    x, y = about
    return Affine(cos, -sin, x - cos * x + sin * y, sin, cos, y - sin * x - cos * y)


@dataclass(frozen=True, slots=True)
class Placement:
    """A picture of `width` × `height` whole pixels and the way it lies on the canvas.

    `source` is the part of the upright source that fills the picture: left, top, right, bottom in source pixels.
    `matrix` maps picture pixels to canvas pixels. `radius_px` rounds the picture's corners.
    """

    width: int
    height: int
    source: tuple[float, float, float, float]
    matrix: Affine
    radius_px: float = 0.0
    flip_x: bool = False
    flip_y: bool = False

    @property
    def center(self) -> Size:
        """The picture's centre on the canvas."""
        return self.matrix.apply(self.width / 2, self.height / 2)

    def covers(self, canvas: tuple[int, int]) -> bool:
        """Whether the picture hides every pixel of the canvas behind it."""
        if self.radius_px or not self.matrix.is_upright:
            return False
        left, top, right, bottom = self.matrix.bounds(self.width, self.height)
        return left <= 0 and top <= 0 and right >= canvas[0] and bottom >= canvas[1]


def place_media(element: MediaElement, source: tuple[int, int], canvas: tuple[int, int]) -> Placement | None:
    """Placement of a video or image whose upright size is `source`; None when it has no area."""
    crop = _cropped(element, source)
    box = _box(element, (crop[2] - crop[0], crop[3] - crop[1]), canvas)
    picture, visible = _fit(element.fit, crop, box)
    return _place(element, box, picture, visible, canvas)


def place_text(element: TextElement, block: Size, canvas: tuple[int, int]) -> Placement | None:
    """Placement of a laid-out block of text of `block` pixels; None when it has no area."""
    return _place(element, block, block, (0.0, 0.0, *block), canvas)


def scale_of(element: VisualElement) -> Size:
    """The element's own scale as factors; 1 leaves the size alone."""
    return (parse_dimension(element.x_scale).resolve(1.0), parse_dimension(element.y_scale).resolve(1.0))


def _cropped(element: MediaElement, source: tuple[int, int]) -> tuple[float, float, float, float]:
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


def _fit(
    fit: str, crop: tuple[float, float, float, float], box: Size
) -> tuple[Size, tuple[float, float, float, float]]:
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


def _place(
    element: VisualElement,
    box: Size,
    picture: Size,
    source: tuple[float, float, float, float],
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
    matrix = translation(_half_up(left), _half_up(top))
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
    )


def _half_up(value: float) -> int:
    return math.floor(value + 0.5)
