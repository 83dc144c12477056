"""Writes the caption words into S3: one text element a word, and a highlighted twin for its half second.

The positions come from the engine's own measure of each word, so that the words stand on one line:
`python -m benchmarks.render.captions` after a change of font, size or wording.
"""

import json
from typing import Any

from benchmarks.render.lettering import word_width
from benchmarks.render.paths import SCENES

LINES = (
    "Every picture tells stories",
    "light falls through leaves",
    "the city never sleeps",
    "waves carry warm light",
    "and meadows bloom again",
)
WORD_S = 0.5
WORD_GAP_PX = 16
STYLE: dict[str, Any] = {
    "font_family": "Inter",
    "font_weight": 700,
    "font_size": 52,
    "stroke_color": "#000000",
    "stroke_width": 3,
}
PLAIN, HIGHLIGHT = "#ffffff", "#ffd24a"
CANVAS_PX = (1280, 720)
CENTRE_X_PX, LINE_Y_PX = 640, 620


def caption_elements() -> list[dict[str, Any]]:
    """Two text elements a word, in reading order."""
    elements = []
    for index, line in enumerate(LINES):
        words = line.split()
        line_s = index * len(words) * WORD_S
        for place, (word, x) in enumerate(zip(words, _centres(words), strict=True)):
            common = {**_text(word), "x": x, "y": LINE_Y_PX}
            begin_s = line_s + place * WORD_S
            elements += [
                {**common, "time": line_s, "duration": len(words) * WORD_S, "text_color": PLAIN},
                {**common, "time": begin_s, "duration": WORD_S, "text_color": HIGHLIGHT, "z_index": 2},
            ]
    return elements


def _text(word: str) -> dict[str, Any]:
    return {"type": "text", "duration": WORD_S, "text": word, **STYLE}


def _centres(words: list[str]) -> list[int]:
    """Centre x of every word in pixels, the line centred on CENTRE_X_PX."""
    widths = [word_width(_text(word), CANVAS_PX) for word in words]
    left = CENTRE_X_PX - (sum(widths) + WORD_GAP_PX * (len(words) - 1)) / 2
    centres = []
    for width in widths:
        centres.append(round(left + width / 2))
        left += width + WORD_GAP_PX
    return centres


def main() -> None:
    path = SCENES / "S3.json"
    request = json.loads(path.read_text("utf-8"))
    others = [element for element in request["elements"] if element["type"] != "text"]
    request["elements"] = others + caption_elements()
    path.write_text(json.dumps(request, indent=2) + "\n", "utf-8")


if __name__ == "__main__":
    main()
