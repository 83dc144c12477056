"""`RenderRequest`: the language of a composition, as Pydantic models.

The web validates with them, the engine renders from them, the OpenAPI document is exported from them. Fields, ranges
and defaults are those of the catalogue; unknown fields are ignored.
"""

from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Final, Literal, Self
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator
from pydantic.config import JsonDict
from pydantic_core import PydanticCustomError

from gpu_tasks.timeline.catalogue import motion_entry, names
from gpu_tasks.timeline.presets import unknown_preset
from gpu_tasks.timeline.values import Angle, Dimension, HexColor, PositiveSeconds, Seconds, Url

MAX_ELEMENTS = 1000
MAX_TEXT_LENGTH = 10_000


def _unit(name: str) -> JsonDict:
    """What a number counts, for those who read the document."""
    return {"x-unit": name}


if TYPE_CHECKING:
    # Their values come from the catalogue, which a type checker cannot read; validated models hold plain strings.
    OutputFormat = str
    EasingName = str
    MotionScope = str
    BlendMode = str
    FontStyle = str
    TextAlign = str
    TextDecoration = str
    TextWrap = str
    WordAnimationStyle = str
    EffectType = str
    MotionType = str
    TransitionType = str
    Fit = str
else:

    def _enum(name: str, values: tuple[str, ...]) -> type[StrEnum]:
        return StrEnum(name, {value.upper(): value for value in values}, module=__name__)

    OutputFormat = _enum("OutputFormat", names("output_formats"))
    EasingName = _enum("EasingName", names("easings"))
    MotionScope = _enum("MotionScope", names("motion_scopes"))
    BlendMode = _enum("BlendMode", names("blend_modes"))
    FontStyle = _enum("FontStyle", names("font_styles"))
    TextAlign = _enum("TextAlign", names("text_aligns"))
    TextDecoration = _enum("TextDecoration", names("text_decorations"))
    TextWrap = _enum("TextWrap", names("text_wraps"))
    WordAnimationStyle = _enum("WordAnimationStyle", names("word_animation_styles"))
    EffectType = _enum("EffectType", names("effects"))
    MotionType = _enum("MotionType", names("motions"))
    TransitionType = _enum("TransitionType", names("transitions"))
    Fit = _enum("Fit", ("cover", "contain", "fill", "contain_blur"))


class Model(BaseModel):
    """Base of every contract model: unknown fields ignored, no infinities, enums kept as plain strings."""

    model_config = ConfigDict(extra="ignore", allow_inf_nan=False, use_enum_values=True, validate_default=True)


class ChromaSettings(Model):
    """The colour range that `chroma_key` removes."""

    hue_min: float = Field(
        90,
        ge=0,
        le=360,
        description="The first hue that is removed, on the colour circle: 0 red, 120 green, 240 blue.",
        json_schema_extra=_unit("degrees"),
    )
    hue_max: float = Field(
        150, ge=0, le=360, description="The last hue that is removed.", json_schema_extra=_unit("degrees")
    )
    sat_min: float = Field(
        25, ge=0, le=100, description="The palest colour that is removed.", json_schema_extra=_unit("percent")
    )
    sat_max: float = Field(
        100, ge=0, le=100, description="The most vivid colour that is removed.", json_schema_extra=_unit("percent")
    )
    lum_min: float = Field(
        15, ge=0, le=100, description="The darkest colour that is removed.", json_schema_extra=_unit("percent")
    )
    lum_max: float = Field(
        95, ge=0, le=100, description="The lightest colour that is removed.", json_schema_extra=_unit("percent")
    )


def _known_preset(name: str) -> str:
    problem = unknown_preset(name)
    if problem is not None:
        raise PydanticCustomError("enum", "{problem}", {"problem": problem})
    return name


AnimationPreset = Annotated[str, Field(max_length=255), AfterValidator(_known_preset)]


class Effect(Model):
    """One visual effect; effects apply in list order."""

    type: EffectType = Field(description="Which effect.")
    intensity: float = Field(
        100, ge=0, le=100, description="0 leaves the input unchanged.", json_schema_extra=_unit("percent")
    )
    chroma_settings: ChromaSettings | None = Field(
        None, description="For `chroma_key`: the colours to remove; those of a green screen unless given."
    )


class Motion(Model):
    """An animation of an element. Times are absolute timeline seconds."""

    type: MotionType = Field(description="Which motion.")
    time: Seconds = Field(description="When it begins, on the timeline of the film, not of the element.")
    duration: PositiveSeconds = Field(description="How long it takes; of a loop, how long one round takes.")
    easing: EasingName = Field("ease_in_out", description="How its speed changes on the way.")
    reversed: bool = Field(False, description="Plays the motion as an exit.")
    scope: MotionScope = Field(
        "element", description="Whether the whole element moves, or each letter of a text after the other."
    )
    delay: Seconds = Field(0, description="Added to `time`.")
    loop: bool | None = Field(None, description="Defaults to true for `loop_*` types, else false.")

    @property
    def is_loop(self) -> bool:
        """Whether the type is of the looping family: at rest before, between and after its rounds."""
        return bool(motion_entry(self.type)["family"] == "loop")

    @property
    def is_exit(self) -> bool:
        return bool(self.reversed or motion_entry(self.type)["exit_only_forced"])

    @property
    def repeats(self) -> bool:
        """Whether the motion starts anew after each `duration`, until its element ends."""
        return self.is_loop and self.loop is not False


class Transition(Model):
    """Joins the outgoing element `from_id` to the incoming element `to_id`."""

    type: TransitionType = Field(description="Which transition.")
    duration: PositiveSeconds = Field(
        description="How long it takes: centred on a cut, or the end of the time in which both elements are there."
    )
    from_id: str | None = Field(
        None, description="`id` of the element that goes; none: the other comes out of nothing."
    )
    to_id: str | None = Field(None, description="`id` of the element that comes; none: the other goes into nothing.")
    z_index: int | None = Field(None, description="Where it lies in the stack; the place of its elements unless given.")


class Word(Model):
    """One spoken word with its absolute times in seconds."""

    text: str = Field(max_length=200, description="The word as it is shown, with its punctuation.")
    start: Seconds = Field(description="When it is begun to be spoken, on the timeline of the film.")
    end: PositiveSeconds = Field(description="When it has been spoken.")


class WordAnimation(Model):
    """Turns a text element into a caption track."""

    style: WordAnimationStyle = Field(description="What happens to the word that is spoken.")
    words: list[Word] = Field(min_length=1, max_length=10_000, description="All words, in the order of their times.")


class _Element(Model):
    id: str = Field("", max_length=255, description="A name of your own; transitions refer to it.")
    name: str | None = Field(None, max_length=255, description="What people call it; nothing depends on it.")
    track: int | None = Field(None, ge=0, le=255, description="A track of your editor; nothing depends on it.")
    time: Seconds = Field(0, description="When the element begins, in timeline seconds.")
    visible: bool = Field(True, description="`false` leaves the element out, with its sound.")


class _Visual(_Element):
    x: Dimension = Field("50%", description="Position of the anchor point on the canvas, from its left edge.")
    y: Dimension = Field("50%", description="Position of the anchor point on the canvas, from its top edge.")
    width: Dimension = Field(
        "100%", description="Width of the box. Given alone, the height follows from the shape of the source."
    )
    height: Dimension = Field(
        "100%", description="Height of the box. Given alone, the width follows from the shape of the source."
    )
    aspect_ratio: float | None = Field(
        None, gt=0, le=1000, description="Width by height of the box, where only one of them is given, or neither."
    )
    x_anchor: Dimension = Field(
        "50%", description="Which point of the element lies at `x`: a share of its width, 0% its left edge."
    )
    y_anchor: Dimension = Field(
        "50%", description="Which point of the element lies at `y`: a share of its height, 0% its top edge."
    )
    x_rotation: Angle = Field("0°", description="Turn about the horizontal axis, in perspective.")
    y_rotation: Angle = Field("0°", description="Turn about the vertical axis, in perspective.")
    z_rotation: Angle = Field("0°", description="Turn in the plane, clockwise.")
    x_scale: Dimension = Field("100%", description="Stretches the element in width, about its anchor point.")
    y_scale: Dimension = Field("100%", description="Stretches the element in height, about its anchor point.")
    flip_horizontal: bool = Field(False, description="Mirrors left and right.")
    flip_vertical: bool = Field(False, description="Mirrors top and bottom.")
    opacity: float = Field(100, ge=0, le=100, description="0 is invisible.", json_schema_extra=_unit("percent"))
    z_index: int | None = Field(
        None,
        ge=-1_000_000,
        le=1_000_000,
        description="Higher lies on top; 1 for texts and 0 for the rest unless given. Among equals the earlier one "
        "in `elements` lies on top.",
    )
    blend_mode: BlendMode = Field("none", description="How its colours mix with what lies below.")
    clip: bool = Field(
        False, description="Cuts off what leaves the element's box at rest, even while a motion moves it."
    )
    color_overlay: HexColor | None = Field(
        None, description="Painted over all that is opaque, as strongly as its alpha says."
    )
    border_radius: Dimension = Field(0, description="Rounds the corners; a share is one of the shorter side.")
    border_color: HexColor | None = Field(None, description="Colour of a line along the edge.")
    border_width: Dimension = Field(0, description="Width of that line.")
    shadow_color: HexColor | None = Field(None, description="Colour of a shadow in the shape of the element.")
    shadow_blur: Dimension = Field(0, description="How soft the shadow is.")
    shadow_x: Dimension = Field(0, description="How far to the right the shadow falls.")
    shadow_y: Dimension = Field(0, description="How far down the shadow falls.")
    motion: list[Motion] = Field(
        default_factory=list, max_length=64, description="Entrances, exits and loops. Several at a time add up."
    )


class _Look(Model):
    crop_top: float = Field(0, ge=0, le=1, description="Share of the source's height that is cut off at the top.")
    crop_bottom: float = Field(0, ge=0, le=1, description="Share of the source's height that is cut off at the bottom.")
    crop_left: float = Field(0, ge=0, le=1, description="Share of the source's width that is cut off at the left.")
    crop_right: float = Field(0, ge=0, le=1, description="Share of the source's width that is cut off at the right.")
    brightness: float = Field(0, description="Adds light or takes it away.")
    contrast: float = Field(0, description="Pushes tones apart, or together towards grey.")
    saturation: float = Field(0, description="From grey to vivid colours.")
    exposure: float = Field(0, description="As if the shutter had been open for a shorter or a longer time.")
    hue_rotate: float = Field(
        0, description="Turns every colour around the colour circle.", json_schema_extra=_unit("degrees")
    )
    sharpness: float = Field(0, description="Crisper edges and texture.")
    blur: float = Field(0, description="An even softness.")
    noise: float = Field(0, description="Grain, new in every frame.")
    vignette: float = Field(0, description="The corners fall into the dark.")
    lut_url: Url | None = Field(None, description="Address of a colour table, a `.cube` file with a 1D or a 3D table.")
    lut_intensity: float = Field(
        100, ge=0, le=100, description="How much of the colour table is applied.", json_schema_extra=_unit("percent")
    )
    fit: Fit = Field("cover", description="How the media fill the element's box.")
    effects: list[Effect] = Field(default_factory=list, max_length=64, description="Applied in their order.")

    @model_validator(mode="after")
    def _crop_leaves_something(self) -> Self:
        if self.crop_left + self.crop_right >= 1 or self.crop_top + self.crop_bottom >= 1:
            raise PydanticCustomError("crop", "the crops of opposite edges must add up to less than 1")
        return self


class _Playback(Model):
    in_point: Seconds = Field(0, description="Where in the source the element begins.")
    out_point: PositiveSeconds | None = Field(
        None, description="Where in the source the element ends; defaults to the end of the source."
    )
    speed: float = Field(1.0, ge=0.25, le=4.0, description="2 plays twice as fast; the pitch of the sound stays.")
    fade_in_duration: Seconds = Field(0, description="How long the sound takes to become as loud as `volume`.")
    fade_out_duration: Seconds = Field(0, description="How long the sound takes to die away at its end.")

    @model_validator(mode="after")
    def _out_after_in(self) -> Self:
        if self.out_point is not None and self.out_point <= self.in_point:
            raise PydanticCustomError(
                "out_point",
                "out_point {out_point} must be greater than in_point {in_point}",
                {"out_point": self.out_point, "in_point": self.in_point},
            )
        return self


def _has_video_extension(url: str) -> bool:
    return urlsplit(url).path.lower().endswith(tuple(f".{ext}" for ext in names("video_source_extensions")))


class VideoElement(_Visual, _Look, _Playback):
    """A clip with its sound."""

    type: Literal["video"] = Field(description="Always `video`.")
    source_url: Url = Field(description="Ends in mp4, mov or webm; a query is ignored.")
    volume: float = Field(
        100, ge=0, le=100, description="Linear gain; 0 is silent.", json_schema_extra=_unit("percent")
    )

    @model_validator(mode="after")
    def _known_extension(self) -> Self:
        if not _has_video_extension(self.source_url):
            raise PydanticCustomError("source_extension", "source_url must end in .mp4, .mov or .webm")
        return self


class AudioElement(_Element, _Playback):
    """Sound without a picture."""

    type: Literal["audio"] = Field(description="Always `audio`.")
    source_url: Url = Field(description="Address of a file with sound; of a film its sound is taken.")
    volume: float = Field(100, gt=0, le=100, description="Linear gain.", json_schema_extra=_unit("percent"))


class ImageElement(_Visual, _Look):
    """A still picture."""

    type: Literal["image"] = Field(description="Always `image`.")
    id: str = Field(min_length=1, max_length=255, description="A name of your own; transitions refer to it.")
    duration: PositiveSeconds = Field(description="How long it is shown.")
    source_url: Url = Field(description="Address of the picture.")


class TextElement(_Visual):
    """Text; `width` is its wrap width."""

    type: Literal["text"] = Field(description="Always `text`.")
    duration: PositiveSeconds = Field(description="How long it is shown.")
    width: Dimension = Field("100%", description="Lines are broken at this width.")
    height: Dimension = Field(
        "100%",
        description="Height of the box, in the middle of which the lines lie; as high as they are unless given. "
        "Captions that need more lines than it has room for turn pages.",
    )
    aspect_ratio: float | None = Field(None, gt=0, le=1000, description="Without effect on texts.")
    text: str = Field(
        min_length=1, max_length=MAX_TEXT_LENGTH, description="What it says; a line break begins a new line."
    )
    font_family: str = Field("Inter", max_length=255, description="One of the families of `/v1/capabilities`.")
    font_size: float = Field(16, gt=0, le=4096, description="Pixels.", json_schema_extra=_unit("pixels"))
    font_weight: int = Field(400, ge=100, le=900, description="100 thin, 400 regular, 700 bold, 900 black.")
    font_style: FontStyle = Field("normal", description="Upright, italic, bold, or both.")
    text_color: HexColor = Field("#ffffff", description="Colour of the letters.")
    text_align: TextAlign = Field("center", description="How lines are aligned with each other.")
    text_decoration: TextDecoration = Field("none", description="A line below or through the letters.")
    text_wrap: TextWrap = Field("wrap", description="`nowrap` breaks lines only where the text does.")
    tracking: float = Field(
        0,
        ge=-10_000,
        le=10_000,
        description="More room between letters, or less: thousandths of an em.",
        json_schema_extra=_unit("1/1000 em"),
    )
    leading: float = Field(1.2, ge=0, le=100, description="Distance of lines: a multiple of the font size.")
    stroke_color: HexColor | None = Field(None, description="Colour of the outline.")
    stroke_width: float = Field(
        0, ge=0, le=4096, description="Width of the outline: a share of the font size when ≤ 1, pixels above."
    )
    background_color: HexColor | None = Field(
        None, description="Colour of the plate; with `word_animation` the one that marks the spoken word."
    )
    background_opacity: float = Field(
        100, ge=0, le=100, description="Opacity of the plate.", json_schema_extra=_unit("percent")
    )
    x_padding: Dimension = Field(0, description="How far the plate reaches beyond the text at its left and right.")
    y_padding: Dimension = Field(0, description="How far the plate reaches beyond the text above and below.")
    background: bool = Field(False, description="Puts a plate behind the text.")
    stroke: bool = Field(False, description="Draws the outline alone, without filling the letters.")
    shadow: bool = Field(False, description="Puts a soft shadow behind the text.")
    word_animation: WordAnimation | None = Field(None, description="Makes captions of it, word by word.")
    animation_preset: AnimationPreset | None = Field(None, description="The name of a ready-made text animation.")

    @model_validator(mode="after")
    def _one_decoration(self) -> Self:
        if self.background + self.stroke + self.shadow > 1:
            raise PydanticCustomError("text_flags", "at most one of background, stroke and shadow may be true")
        return self


Element = Annotated[VideoElement | AudioElement | TextElement | ImageElement, Field(discriminator="type")]
VisualElement = VideoElement | ImageElement | TextElement
MediaElement = VideoElement | ImageElement


_EXAMPLE_FILM: Final[JsonDict] = {
    "width": 1280,
    "height": 720,
    "elements": [
        {
            "type": "text",
            "text": "Hello, world",
            "time": 0.5,
            "duration": 3,
            "font_size": 96,
            "font_weight": 800,
            "motion": [{"type": "fade", "time": 0.5, "duration": 0.6}],
        },
        {"type": "video", "id": "sea", "source_url": "https://cdn.example.com/sea.mp4", "out_point": 4},
        {"type": "image", "id": "end", "source_url": "https://cdn.example.com/end.png", "time": 4, "duration": 2},
    ],
    "transitions": [{"type": "cross_dissolve", "duration": 0.8, "from_id": "sea", "to_id": "end"}],
}


class RenderRequest(Model):
    """A whole film: the canvas, its elements and the transitions between them."""

    model_config = ConfigDict(json_schema_extra={"example": _EXAMPLE_FILM})

    width: int | None = Field(
        None,
        ge=16,
        le=8192,
        description="Width of the film; 1280 unless given. Give both sides, or neither.",
        json_schema_extra=_unit("pixels"),
    )
    height: int | None = Field(
        None,
        ge=16,
        le=8192,
        description="Height of the film; 720 unless given. Give both sides, or neither.",
        json_schema_extra=_unit("pixels"),
    )
    duration: PositiveSeconds | None = Field(None, description="Seconds; defaults to the latest end of any element.")
    frame_rate: int = Field(
        30, ge=1, le=240, description="Frames a second.", json_schema_extra=_unit("frames a second")
    )
    output_format: OutputFormat = Field("mp4", description="What kind of file is made.")
    output_filename: str | None = Field(None, max_length=255, description="What the file is called when it is saved.")
    background_color: HexColor = Field("#000000ff", description="What is behind all elements.")
    background_image_url: Url | None = Field(
        None, description="Address of a picture that covers the canvas behind all elements."
    )
    alpha: bool = Field(
        False, description="Keeps the film transparent where nothing is; `output_format` must be `webm` or `mov`."
    )
    poster_time: Seconds | None = Field(None, description="Time of the frame that a png or jpg output shows.")
    elements: list[Element] = Field(
        default_factory=list,
        max_length=MAX_ELEMENTS,
        description="Videos, images, texts and sounds. Earlier ones lie on top.",
    )
    transitions: list[Transition] = Field(
        default_factory=list, max_length=MAX_ELEMENTS, description="How one element becomes another."
    )
    metadata: dict[str, str] = Field(
        default_factory=dict,
        max_length=64,
        description="Up to 64 notes of your own, returned with the job wherever it appears.",
    )
    webhook_url: Url | None = Field(
        None, description="Receives this render's events instead of the workspace's webhooks."
    )
    ingest_external: bool | None = Field(None, description="Copy foreign sources into storage before rendering.")

    @model_validator(mode="after")
    def _both_sides_or_neither(self) -> Self:
        if (self.width is None) != (self.height is None):
            raise PydanticCustomError("canvas_size", "give both width and height, or neither")
        return self

    @model_validator(mode="after")
    def _alpha_needs_a_format(self) -> Self:
        if self.alpha and self.output_format not in names("alpha_output_formats"):
            raise PydanticCustomError(
                "alpha_format",
                "alpha needs output_format webm or mov, not {format}",
                {"format": self.output_format},
            )
        return self

    @property
    def size(self) -> tuple[int, int]:
        """Width and height of the canvas in pixels."""
        return (self.width or 1280, self.height or 720)

    def source_urls(self) -> list[str]:
        """Every URL that the film reads, each once, in order of appearance."""
        urls = [self.background_image_url]
        for element in self.elements:
            if not isinstance(element, TextElement):
                urls.append(element.source_url)
            if isinstance(element, (VideoElement, ImageElement)):
                urls.append(element.lut_url)
        return list(dict.fromkeys(url for url in urls if url))
