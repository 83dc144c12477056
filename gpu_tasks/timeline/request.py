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

    hue_min: float = Field(90, ge=0, le=360)
    hue_max: float = Field(150, ge=0, le=360)
    sat_min: float = Field(25, ge=0, le=100)
    sat_max: float = Field(100, ge=0, le=100)
    lum_min: float = Field(15, ge=0, le=100)
    lum_max: float = Field(95, ge=0, le=100)


def _known_preset(name: str) -> str:
    problem = unknown_preset(name)
    if problem is not None:
        raise PydanticCustomError("enum", "{problem}", {"problem": problem})
    return name


AnimationPreset = Annotated[str, Field(max_length=255), AfterValidator(_known_preset)]


class Effect(Model):
    """One visual effect; effects apply in list order."""

    type: EffectType
    intensity: float = Field(100, ge=0, le=100, description="0 leaves the input unchanged.")
    chroma_settings: ChromaSettings | None = None


class Motion(Model):
    """An animation of an element. Times are absolute timeline seconds."""

    type: MotionType
    time: Seconds
    duration: PositiveSeconds
    easing: EasingName = Field("ease_in_out")
    reversed: bool = Field(False, description="Plays the motion as an exit.")
    scope: MotionScope = Field("element")
    delay: Seconds = Field(0, description="Seconds, added to `time`.")
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

    type: TransitionType
    duration: PositiveSeconds
    from_id: str | None = None
    to_id: str | None = None
    z_index: int | None = None


class Word(Model):
    """One spoken word with its absolute times in seconds."""

    text: str = Field(max_length=200)
    start: Seconds
    end: PositiveSeconds


class WordAnimation(Model):
    """Turns a text element into a caption track."""

    style: WordAnimationStyle
    words: list[Word] = Field(min_length=1, max_length=10_000)


class _Element(Model):
    id: str = Field("", max_length=255)
    name: str | None = Field(None, max_length=255)
    track: int | None = Field(None, ge=0, le=255)
    time: Seconds = Field(0, description="When the element begins, in timeline seconds.")
    visible: bool = True


class _Visual(_Element):
    x: Dimension = Field("50%", description="Position of the anchor point on the canvas.")
    y: Dimension = Field("50%", description="Position of the anchor point on the canvas.")
    width: Dimension = "100%"
    height: Dimension = "100%"
    aspect_ratio: float | None = Field(None, gt=0, le=1000)
    x_anchor: Dimension = "50%"
    y_anchor: Dimension = "50%"
    x_rotation: Angle = "0°"
    y_rotation: Angle = "0°"
    z_rotation: Angle = "0°"
    x_scale: Dimension = "100%"
    y_scale: Dimension = "100%"
    flip_horizontal: bool = False
    flip_vertical: bool = False
    opacity: float = Field(100, ge=0, le=100)
    z_index: int | None = Field(None, ge=-1_000_000, le=1_000_000)
    blend_mode: BlendMode = Field("none")
    clip: bool = False
    color_overlay: HexColor | None = None
    border_radius: Dimension = 0
    border_color: HexColor | None = None
    border_width: Dimension = 0
    shadow_color: HexColor | None = None
    shadow_blur: Dimension = 0
    shadow_x: Dimension = 0
    shadow_y: Dimension = 0
    motion: list[Motion] = Field(default_factory=list, max_length=64)


class _Look(Model):
    crop_top: float = Field(0, ge=0, le=1)
    crop_bottom: float = Field(0, ge=0, le=1)
    crop_left: float = Field(0, ge=0, le=1)
    crop_right: float = Field(0, ge=0, le=1)
    brightness: float = 0
    contrast: float = 0
    saturation: float = 0
    exposure: float = 0
    hue_rotate: float = 0
    sharpness: float = 0
    blur: float = 0
    noise: float = 0
    vignette: float = 0
    lut_url: Url | None = None
    lut_intensity: float = Field(100, ge=0, le=100)
    fit: Fit = Field("cover", description="How the media fill the element's box.")
    effects: list[Effect] = Field(default_factory=list, max_length=64)

    @model_validator(mode="after")
    def _crop_leaves_something(self) -> Self:
        if self.crop_left + self.crop_right >= 1 or self.crop_top + self.crop_bottom >= 1:
            raise PydanticCustomError("crop", "the crops of opposite edges must add up to less than 1")
        return self


class _Playback(Model):
    in_point: Seconds = 0
    out_point: PositiveSeconds | None = Field(None, description="Defaults to the end of the source.")
    speed: float = Field(1.0, ge=0.25, le=4.0)
    fade_in_duration: Seconds = 0
    fade_out_duration: Seconds = 0

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

    type: Literal["video"]
    source_url: Url = Field(description="Ends in mp4, mov or webm; a query is ignored.")
    volume: float = Field(100, ge=0, le=100)

    @model_validator(mode="after")
    def _known_extension(self) -> Self:
        if not _has_video_extension(self.source_url):
            raise PydanticCustomError("source_extension", "source_url must end in .mp4, .mov or .webm")
        return self


class AudioElement(_Element, _Playback):
    """Sound without a picture."""

    type: Literal["audio"]
    source_url: Url
    volume: float = Field(100, gt=0, le=100)


class ImageElement(_Visual, _Look):
    """A still picture."""

    type: Literal["image"]
    id: str = Field(min_length=1, max_length=255)
    duration: PositiveSeconds
    source_url: Url


class TextElement(_Visual):
    """Text; `width` is its wrap width."""

    type: Literal["text"]
    duration: PositiveSeconds
    text: str = Field(min_length=1, max_length=MAX_TEXT_LENGTH)
    font_family: str = Field("Inter", max_length=255)
    font_size: float = Field(16, gt=0, le=4096, description="Pixels.")
    font_weight: int = Field(400, ge=100, le=900)
    font_style: FontStyle = Field("normal")
    text_color: HexColor = "#ffffff"
    text_align: TextAlign = Field("center")
    text_decoration: TextDecoration = Field("none")
    text_wrap: TextWrap = Field("wrap")
    tracking: float = Field(0, ge=-10_000, le=10_000, description="Thousandths of an em.")
    leading: float = Field(1.2, ge=0, le=100, description="Multiple of the font size.")
    stroke_color: HexColor | None = None
    stroke_width: float = Field(0, ge=0, le=4096, description="Share of the font size when ≤ 1, pixels above.")
    background_color: HexColor | None = None
    background_opacity: float = Field(100, ge=0, le=100)
    x_padding: Dimension = 0
    y_padding: Dimension = 0
    background: bool = False
    stroke: bool = False
    shadow: bool = False
    word_animation: WordAnimation | None = None
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

    width: int | None = Field(None, ge=16, le=8192)
    height: int | None = Field(None, ge=16, le=8192)
    duration: PositiveSeconds | None = Field(None, description="Seconds; defaults to the latest end of any element.")
    frame_rate: int = Field(30, ge=1, le=240)
    output_format: OutputFormat = Field("mp4")
    output_filename: str | None = Field(None, max_length=255)
    background_color: HexColor = "#000000ff"
    background_image_url: Url | None = None
    alpha: bool = False
    poster_time: Seconds | None = Field(None, description="Time of the frame that a png or jpg output shows.")
    elements: list[Element] = Field(default_factory=list, max_length=MAX_ELEMENTS)
    transitions: list[Transition] = Field(default_factory=list, max_length=MAX_ELEMENTS)
    metadata: dict[str, str] = Field(default_factory=dict, max_length=64)
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
