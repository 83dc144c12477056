"""Affine and perspective maps of the plane, in continuous coordinates: a pixel's centre lies at +0.5."""

import math
from dataclasses import dataclass

Point = tuple[float, float]


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

    def inverse(self) -> "Projective":
        """The map back, by cofactors."""
        (a, b, c), (d, e, f), (g, h, i) = self.rows
        across, down, away = e * i - f * h, f * g - d * i, d * h - e * g
        determinant = a * across + b * down + c * away
        return Projective(
            (
                (across / determinant, (c * h - b * i) / determinant, (b * f - c * e) / determinant),
                (down / determinant, (a * i - c * g) / determinant, (c * d - a * f) / determinant),
                (away / determinant, (b * g - a * h) / determinant, (a * e - b * d) / determinant),
            )
        )

    def on_centres(self) -> "Projective":
        """The same map between sample indices, whose 0 is a pixel's centre."""
        half = Projective.of(translation(0.5, 0.5))
        return half.then(self).then(Projective.of(translation(-0.5, -0.5)))


def tilting(x_degrees: float, y_degrees: float, about: Point, camera_px: float) -> Projective:
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


def scaling(x: float, y: float, about: Point = (0.0, 0.0)) -> Affine:
    return Affine(a=x, e=y, c=about[0] * (1 - x), f=about[1] * (1 - y))


def rotation(degrees: float, about: Point) -> Affine:
    """Clockwise on the screen, as the y axis points down."""
    cos, sin = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))
    x, y = about
    return Affine(cos, -sin, x - cos * x + sin * y, sin, cos, y - sin * x - cos * y)
