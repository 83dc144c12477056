"""The request as a whole, and the kinds of values in it."""

from collections.abc import Iterable

from apps.docs.pages import Page
from apps.docs.reference.catalogue import served
from apps.docs.reference.fields import fields_table, model_table
from apps.docs.reference.writing import SAMPLES, example, page
from gpu_tasks.timeline.request import RenderRequest, Transition

FILM = {
    "width": 640,
    "height": 360,
    "background_color": "#101014",
    "elements": [
        {"type": "text", "text": "Hello", "duration": 2, "font_size": 64, "animation_preset": "fade_up"},
        {"type": "video", "id": "first", "source_url": f"{SAMPLES}/clip.mp4", "out_point": 2},
        {"type": "video", "id": "then", "source_url": f"{SAMPLES}/second.mp4", "time": 2, "out_point": 2},
    ],
    "transitions": [{"type": "cross_dissolve", "duration": 0.6, "from_id": "first", "to_id": "then"}],
}
VALUES = """## Kinds of values

A **dimension** is a number of pixels (`12`, `"12px"`), or a share (`"50%"`). A share is one of the canvas: of its
width for what lies or reaches sideways, of its height for what does so upright. Anchors and scales are shares of
the element, borders and blurs of the shorter side of the canvas.

An **angle** is a number of degrees (`45`, `"45deg"`, `"45°"`), or of radians (`"0.5rad"`).

A **colour** is `"#rrggbb"`, or `"#rrggbbaa"` with its opacity.

An **address** begins with `http://` or `https://`, and has up to 2,083 characters.

**Times** are seconds from the beginning of the film, as decimal numbers."""
STACKING = """## What lies on top

Elements are stacked by `z_index`, higher ones on top. Texts have 1 unless they say otherwise, all others 0. Among
equals the one that stands earlier in `elements` lies on top. A transition lies where its two elements do."""
ENDING = """## How long the film is

`duration` where it is given. Otherwise the film ends with its last visible element; a video or sound without
`out_point` ends with its source. A film of nothing takes 10 seconds. What would go on longer is cut off at the
end."""


def pages() -> Iterable[Page]:
    """The page of the canvas."""
    canvas = served()["canvas"]
    yield page(
        "canvas",
        "# Canvas",
        "A render request is one JSON object: the canvas, the elements on it and the transitions between them.",
        example(FILM),
        "Send it to `POST /v1/renders`; `POST /v1/renders/validate` only checks it.",
        "## Fields",
        fields_table(RenderRequest, canvas),
        "Elements have pages of their own: [video](elements/video.md), [image](elements/image.md), "
        "[text](elements/text.md) and [audio](elements/audio.md). Fields that do not exist are ignored; a check "
        "names them.",
        "## Fields of a transition",
        model_table(Transition),
        "[Transitions](transitions.md) shows all of them.",
        VALUES,
        STACKING,
        ENDING,
    )
