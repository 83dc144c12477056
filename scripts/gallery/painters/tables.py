"""Colour tables in the .cube format: a dusk of teal shadows and orange lights, and a faded print."""

import itertools

SIZE_3D = 17
SIZE_1D = 64


def cube_table() -> str:
    """A 3D table; red runs fastest."""
    steps = [index / (SIZE_3D - 1) for index in range(SIZE_3D)]
    entries = [_dusk(red, green, blue) for blue, green, red in itertools.product(steps, repeat=3)]
    return _text("Dusk", f"LUT_3D_SIZE {SIZE_3D}", entries)


def curve_table() -> str:
    """A 1D table: lifted blacks, creamy whites."""
    steps = [index / (SIZE_1D - 1) for index in range(SIZE_1D)]
    entries = [(0.06 + 0.90 * v**0.92, 0.07 + 0.86 * v, 0.13 + 0.70 * v**1.05) for v in steps]
    return _text("Faded print", f"LUT_1D_SIZE {SIZE_1D}", entries)


def _dusk(red: float, green: float, blue: float) -> tuple[float, float, float]:
    luma = 0.2126 * red + 0.7152 * green + 0.0722 * blue
    weight = luma * luma * (3 - 2 * luma)
    tint = (0.92 + 0.20 * weight, 0.99 + 0.02 * weight, 1.14 - 0.30 * weight)
    lift = (-0.02, 0.02, 0.06)
    toned = [
        (luma + 0.9 * (value - luma)) * factor + raised * (1 - weight)
        for value, factor, raised in zip((red, green, blue), tint, lift, strict=True)
    ]
    return (_curve(toned[0]), _curve(toned[1]), _curve(toned[2]))


def _curve(value: float) -> float:
    held = min(max(value, 0.0), 1.0)
    return 0.75 * held + 0.25 * held * held * (3 - 2 * held)


def _text(title: str, size: str, entries: list[tuple[float, float, float]]) -> str:
    rows = [" ".join(f"{value:.6f}" for value in entry) for entry in entries]
    return "\n".join([f'TITLE "{title}"', size, *rows, ""])
