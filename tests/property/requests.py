"""Random requests that the contract allows: every element type, every field, every name of the catalogue."""

from typing import Any

from hypothesis import strategies as st

from gpu_tasks.media.fonts import committed_fonts
from gpu_tasks.timeline.catalogue import catalogue, names
from gpu_tasks.timeline.presets import PRESETS

VIDEOS = ("clip.mp4", "turned.mov", "veil.webm", "odd.mp4", "moving.mp4")
IMAGES = ("photo.png", "cutout.png")
SOUNDS = ("tone.mp3", "clip.mp4")
TABLES = ("look.cube", "curve.cube")
FITS = ("cover", "contain", "fill", "contain_blur")
SMALL, LARGE, LARGE_EVERY = 190, 1080, 20
"""Sides of canvases in pixels, and one of how many is large."""
FRAME_RATES = (1, 10, 24, 25, 30, 50)
SCRIPTS = (
    "Hello world",
    "Ünï\n\ncödé",
    "مرحبا بالعالم",
    "שלום",
    "नमस्ते",
    "你好，世界",
    "👩‍🚀🎬 fun",
    "fi ffl",
    " ",
    "a\tb\u200b",
)
Fields = dict[str, st.SearchStrategy[Any]]


def fraction(low: float, high: float) -> st.SearchStrategy[float]:
    return st.floats(low, high, allow_nan=False).map(lambda value: round(value, 3))


def some_of(fields: Fields, at_most: int = 8) -> st.SearchStrategy[dict[str, Any]]:
    """A few of the fields, each with a value."""
    chosen = st.lists(st.sampled_from(sorted(fields)), unique=True, max_size=at_most)
    return chosen.flatmap(lambda picked: st.fixed_dictionaries({name: fields[name] for name in picked}))


def one_name(section: str) -> st.SearchStrategy[str]:
    return st.sampled_from(names(section))


dimension = st.one_of(
    fraction(-40, 260), fraction(-30, 160).map(lambda v: f"{v}%"), fraction(1, 90).map(lambda v: f"{v}px")
)
size = st.one_of(fraction(1, 260), fraction(1, 150).map(lambda v: f"{v}%"))
small = st.one_of(fraction(0, 20), fraction(0, 30).map(lambda v: f"{v}%"))
offset = st.one_of(fraction(-25, 25), fraction(-20, 20).map(lambda v: f"{v}%"))
angle = st.one_of(
    fraction(-400, 400), fraction(-3, 3).map(lambda v: f"{v}rad"), fraction(-90, 90).map(lambda v: f"{v}°")
)
color = st.one_of(
    st.integers(0, 0xFFFFFF).map(lambda v: f"#{v:06x}"), st.integers(0, 0xFFFFFFFF).map(lambda v: f"#{v:08x}")
)
signed, share = fraction(-130, 130), fraction(0, 100)

PLACING: Fields = {
    "x": dimension,
    "y": dimension,
    "width": size,
    "height": size,
    "aspect_ratio": fraction(0.1, 8),
    "x_anchor": dimension,
    "y_anchor": dimension,
    "x_rotation": angle,
    "y_rotation": angle,
    "z_rotation": angle,
    "x_scale": fraction(-200, 200).map(lambda v: f"{v}%"),
    "y_scale": fraction(-200, 200).map(lambda v: f"{v}%"),
    "flip_horizontal": st.booleans(),
    "flip_vertical": st.booleans(),
    "z_index": st.integers(-2, 2),
    "clip": st.booleans(),
}
FINISH: Fields = {
    "opacity": share,
    "blend_mode": one_name("blend_modes"),
    "color_overlay": color,
    "border_radius": dimension,
    "border_color": color,
    "border_width": small,
    "shadow_color": color,
    "shadow_blur": small,
    "shadow_x": offset,
    "shadow_y": offset,
    "visible": st.sampled_from([True, True, True, False]),
    "name": st.text(max_size=5),
    "track": st.integers(0, 255),
}
COLOUR: Fields = {
    "brightness": signed,
    "contrast": signed,
    "saturation": signed,
    "exposure": signed,
    "hue_rotate": fraction(-200, 200),
    "sharpness": fraction(0, 120),
    "blur": fraction(0, 120),
    "noise": fraction(0, 120),
    "vignette": fraction(0, 120),
    "lut_url": st.sampled_from(TABLES),
    "lut_intensity": share,
}
CROPPING: Fields = {
    "crop_left": fraction(0, 0.6),
    "crop_right": fraction(0, 0.39),
    "crop_top": fraction(0, 0.09),
    "crop_bottom": fraction(0, 0.9),
    "fit": st.sampled_from(FITS),
}
PLAYING: Fields = {
    "speed": fraction(0.25, 4),
    "in_point": fraction(0, 0.3),
    "out_point": fraction(0.35, 3),
    "fade_in_duration": fraction(0, 1),
    "fade_out_duration": fraction(0, 1),
    "volume": fraction(1, 100),
}
TYPE: Fields = {
    "font_family": st.sampled_from([*sorted(family.name for family in committed_fonts().families), "No Such Font"]),
    "font_weight": st.integers(100, 900),
    "font_style": one_name("font_styles"),
    "text_color": color,
    "text_align": one_name("text_aligns"),
    "text_decoration": one_name("text_decorations"),
    "text_wrap": one_name("text_wraps"),
    "tracking": fraction(-200, 400),
    "leading": fraction(0, 3),
    "stroke_color": color,
    "stroke_width": fraction(0, 6),
    "background_color": color,
    "background_opacity": share,
    "x_padding": small,
    "y_padding": small,
}


@st.composite
def effects(draw: st.DrawFn) -> dict[str, Any]:
    effect: dict[str, Any] = {"type": draw(one_name("effects"))}
    effect |= draw(some_of({"intensity": share}))
    if draw(st.booleans()):
        fields = catalogue()["sub_objects"]["effect"]["chroma_settings"]["fields"]
        effect["chroma_settings"] = draw(some_of({name: fraction(*ends) for name, ends in fields.items()}))
    return effect


def uses_of_motions(scopes: tuple[str, ...]) -> list[dict[str, Any]]:
    """Every motion in every scope and direction that the catalogue allows."""
    uses = []
    for entry in catalogue()["motions"]:
        for scope in scopes:
            cell = entry[scope] or {}
            for direction in ("entrance", "exit", "loop"):
                if cell.get(direction):
                    leaving = direction == "exit" and not entry["exit_only_forced"]
                    uses.append({"type": entry["type"], "scope": scope, "reversed": leaving})
    return uses


@st.composite
def motions(draw: st.DrawFn, scopes: tuple[str, ...]) -> dict[str, Any]:
    use = draw(st.sampled_from(uses_of_motions(scopes)))
    repeating = st.booleans() if use["type"].startswith("loop_") else st.just(False)
    optional: Fields = {"easing": one_name("easings"), "delay": fraction(0, 0.4), "loop": repeating}
    return {
        **use,
        "time": draw(fraction(0, 1)),
        "duration": draw(fraction(0.01, 1)),
        **draw(some_of(optional)),
    }


@st.composite
def spoken(draw: st.DrawFn) -> dict[str, Any]:
    """A `word_animation`."""
    words = []
    for index in range(draw(st.integers(1, 6))):
        start = draw(fraction(0, 0.9))
        text = draw(st.one_of(st.sampled_from(SCRIPTS), st.just(f"word{index}")))
        words.append({"text": text, "start": start, "end": round(start + draw(fraction(0.01, 0.6)), 3)})
    return {"style": draw(one_name("word_animation_styles")), "words": words}


@st.composite
def pictures(draw: st.DrawFn, kind: str) -> dict[str, Any]:
    """What videos and images have beyond their kind."""
    fields: Fields = {"effects": st.lists(effects(), min_size=1, max_size=3)}
    found = {**draw(some_of(COLOUR, 3)), **draw(some_of(CROPPING, 3)), **draw(some_of(fields))}
    if kind == "video":
        return {"source_url": draw(st.sampled_from(VIDEOS)), **found, **draw(some_of(PLAYING, 4))}
    return {"source_url": draw(st.sampled_from(IMAGES)), "duration": draw(fraction(0.01, 1)), **found}


@st.composite
def texts(draw: st.DrawFn) -> dict[str, Any]:
    flag = draw(st.sampled_from([None, None, "background", "stroke", "shadow"]))
    moving: Fields = {"word_animation": spoken(), "animation_preset": st.sampled_from(sorted(PRESETS))}
    return {
        "text": draw(st.one_of(st.sampled_from(SCRIPTS), st.text(min_size=1, max_size=12))),
        "font_size": draw(fraction(1, 60)),
        "duration": draw(fraction(0.01, 1)),
        **({flag: True} if flag else {}),
        **draw(some_of(TYPE, 5)),
        **draw(some_of(moving, 1)),
    }


@st.composite
def sounds(draw: st.DrawFn) -> dict[str, Any]:
    return {"source_url": draw(st.sampled_from(SOUNDS)), **draw(some_of(PLAYING, 4))}


@st.composite
def elements(draw: st.DrawFn, index: int, kind: str) -> dict[str, Any]:
    common = {"type": kind, "id": f"e{index}", "time": draw(fraction(0, 0.8))}
    if kind == "audio":
        return {**common, **draw(sounds())}
    own = draw(texts() if kind == "text" else pictures(kind))
    scopes = ("element", "character") if kind == "text" else ("element",)
    moved = draw(some_of({"motion": st.lists(motions(scopes), min_size=1, max_size=3)}))
    return {**common, **own, **moved, **draw(some_of(PLACING, 5)), **draw(some_of(FINISH, 4))}


@st.composite
def transitions(draw: st.DrawFn, ids: list[str]) -> dict[str, Any]:
    """Of two elements, or of one from or to nothing."""
    first = draw(st.sampled_from(ids))
    second = draw(st.sampled_from([None, *(other for other in ids if other != first)]))
    from_id, to_id = (first, second) if draw(st.booleans()) else (second, first)
    return {
        "type": draw(one_name("transitions")),
        "duration": draw(fraction(0.01, 1)),
        "from_id": from_id,
        "to_id": to_id,
        **draw(some_of({"z_index": st.integers(-2, 2)})),
    }


@st.composite
def canvases(draw: st.DrawFn) -> dict[str, Any]:
    """Mostly small ones for up to a second; large ones for a few frames."""
    width, height = draw(st.integers(16, SMALL)), draw(st.integers(16, SMALL))
    if draw(st.integers(0, LARGE_EVERY)) == LARGE_EVERY:
        width, height = draw(st.integers(SMALL, LARGE)), draw(st.integers(16, LARGE))
    frame_rate = draw(st.sampled_from(FRAME_RATES))
    longest_s = 1.0 if width * height <= SMALL**2 else max(2 / frame_rate, 0.05)
    return {"width": width, "height": height, "frame_rate": frame_rate, "duration": draw(fraction(0.03, longest_s))}


@st.composite
def requests(draw: st.DrawFn, *, formats: tuple[str, ...] = names("output_formats")) -> dict[str, Any]:
    """A whole request of up to four elements and three transitions."""
    kinds = draw(st.lists(st.sampled_from(["video", "video", "image", "image", "text", "text", "audio"]), max_size=4))
    found = [draw(elements(index, kind)) for index, kind in enumerate(kinds)]
    ids = [element["id"] for element in found if element["type"] != "audio"]
    joins = draw(st.lists(transitions(ids), max_size=3)) if ids else []
    output_format = draw(st.sampled_from(formats))
    optional: Fields = {"background_image_url": st.just("photo.png"), "poster_time": fraction(0, 2)}
    return {
        **draw(canvases()),
        "output_format": output_format,
        "alpha": output_format in names("alpha_output_formats") and draw(st.booleans()),
        "background_color": draw(color),
        "elements": found,
        "transitions": joins,
        **draw(some_of(optional)),
    }
