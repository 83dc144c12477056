"""The font families that every installation has."""

from collections.abc import Iterable
from itertools import pairwise
from typing import Any

from apps.docs.pages import Page
from apps.docs.reference.catalogue import entries
from apps.docs.reference.writing import example, name, page, table, unsupported


def pages() -> Iterable[Page]:
    """The page of fonts."""
    known = entries("fonts")
    yield page(
        "fonts",
        "# Fonts",
        f"`font_family` of a text names one of {len(known)} families, or a font of your own.",
        example(
            {
                "type": "text",
                "text": "The golden hour",
                "duration": 2,
                "font_family": "Poppins",
                "font_size": 48,
                "font_weight": 700,
            },
            "element",
        ),
        "Capitals, spaces and hyphens of a name do not matter. Several families, separated by commas, are tried in "
        "their order. What the chosen family lacks, such as Chinese characters or emoji, is taken from one that "
        "has it. A family that does not exist is replaced, and the job says so: the warning is `FONT_FALLBACK`.",
        "## Families",
        table(("family", "kind", "weights", "styles", "scripts", "licence"), map(_row, known)),
        "## Your own fonts",
        "Upload a font file like any other file (`POST /v1/uploads` with `font/ttf`, `font/otf`, `font/woff` or "
        "`font/woff2`). From then on texts of your workspace can name its family. See [media](../media.md).",
        "## Scripts",
        "Which families draw a script:",
        table(("script", "families"), _by_script(known)),
    )


def _row(entry: dict[str, Any]) -> tuple[str, ...]:
    family = f"{name(entry['type'])} {unsupported(entry)}".strip()
    return (
        family,
        entry["category"],
        weights(entry["weights"]),
        ", ".join(entry["styles"]),
        ", ".join(entry["scripts"]),
        entry["licence"],
    )


def weights(values: list[int]) -> str:
    """`100–900` where every hundred is there, else each of them."""
    is_whole = len(values) > 2 and all(second - first == 100 for first, second in pairwise(values))
    return f"{values[0]}–{values[-1]}" if is_whole else ", ".join(map(str, values))


def _by_script(known: list[dict[str, Any]]) -> Iterable[tuple[str, str]]:
    scripts = dict.fromkeys(script for entry in known for script in entry["scripts"])
    return ((script, ", ".join(entry["type"] for entry in known if script in entry["scripts"])) for script in scripts)
