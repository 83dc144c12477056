"""A fluent, immutable builder of scenes. Its twin in TypeScript does the same, by the vectors in `sdks/vectors`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from copy import deepcopy
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from framelane.timeline.captions import caption_text
from framelane.timeline.problems import InvalidTimeline, Violation
from framelane.timeline.times import MAX_S, end_s, exact, number, positive_s, time_s
from framelane.timeline.validation import Capabilities, validate

if TYPE_CHECKING:
    from typing_extensions import Self, Unpack

    from framelane.timeline._fields import (
        AudioFields,
        CanvasFields,
        CaptionStyle,
        ImageFields,
        TextFields,
        TransitionType,
        VideoFields,
    )

Element = Mapping[str, Any]
_ABOVE_TRACK = 1
"""`z_index` of clips that lie freely."""


@dataclass(frozen=True)
class _State:
    """What has been said so far. `last` is the clip of the main track that came last."""

    canvas: Mapping[str, Any]
    elements: tuple[Element, ...] = ()
    transitions: tuple[Element, ...] = ()
    last: Element | None = None
    pending: Element | None = None


class Timeline:
    """A scene in the making. Every method returns a new `Timeline`; the one that it is called on stays as it is.

    Clips (`video`, `image`) without `time` follow one another on the main track; a clip with `time` lies freely over
    it, as do `text`, `audio` and `captions`, which begin at 0 unless they say otherwise. All times are seconds.

    What cannot be built raises `InvalidTimeline`, a ValueError: a time out of range, a clip after one whose end nobody
    knows, a transition longer than its clip. Names and ranges of the other fields are for `validate`.

    >>> film = (
    ...     Timeline(width=1280, height=720)
    ...     .video("https://cdn.example.com/sea.mp4", duration=4)
    ...     .transition("cross_dissolve", duration=0.8)
    ...     .image("https://cdn.example.com/end.png", duration=2)
    ...     .text("Hello", time=0.5, duration=3, font_size=96)
    ... )
    >>> film.duration
    5.2
    """

    __slots__ = ("_state",)

    def __init__(
        self,
        *,
        width: int | None = None,
        height: int | None = None,
        duration: float | None = None,
        frame_rate: int = 30,
        background_color: str | None = None,
        **canvas: Unpack[CanvasFields],
    ) -> None:
        """An empty film of `width` × `height` pixels, 1280 × 720 unless given. It ends with its last element unless
        `duration` says when. Raises InvalidTimeline when `duration` is out of range."""
        sides = {"width": width, "height": height, "duration": duration, "background_color": background_color}
        said = {"frame_rate": frame_rate, **{name: value for name, value in sides.items() if value is not None}}
        if duration is not None:
            positive_s("duration", duration)
        self._state = _State(deepcopy({**said, **canvas}))

    def video(
        self,
        source_url: str,
        *,
        id: str | None = None,
        time: float | None = None,
        duration: float | None = None,
        **fields: Unpack[VideoFields],
    ) -> Self:
        """Add a clip with its sound. `duration` is how long it is shown, in seconds of the film: it sets `out_point`.

        Without `duration` and `out_point` it plays to the end of its source, which only the server knows; what follows
        it needs a `time` then. Raises InvalidTimeline when times are out of range or do not fit what is there.
        """
        said = {"type": "video", "source_url": source_url, **_played(fields, duration)}
        return self._with_clip(said, id, time)

    def image(
        self,
        source_url: str,
        *,
        duration: float,
        id: str | None = None,
        time: float | None = None,
        **fields: Unpack[ImageFields],
    ) -> Self:
        """Add a still picture for `duration` seconds. Raises InvalidTimeline as `video` does."""
        positive_s("duration", duration)
        return self._with_clip({"type": "image", "source_url": source_url, "duration": duration, **fields}, id, time)

    def transition(self, type: TransitionType, duration: float = 1.0, **fields: Any) -> Self:
        """Join the clip before and the clip after, which begins `duration` seconds earlier for that.

        Before the first clip it lets that one appear out of the background, after the last one it lets it disappear.
        Raises InvalidTimeline when it follows another transition, or is longer than the clip before it.
        """
        positive_s("duration", duration)
        if self._state.pending is not None:
            raise InvalidTimeline(f"transition {type!r} follows another one; put a clip between them")
        said = {"type": type, "duration": _plain(duration), **fields}
        _refuse_longer(said, self._state.last)
        return self._copy(pending=deepcopy(said))

    def text(
        self,
        text: str,
        *,
        id: str | None = None,
        time: float = 0,
        duration: float | None = None,
        **fields: Unpack[TextFields],
    ) -> Self:
        """Lay a text over the film; without `duration` it stays to the end of the film.

        Raises InvalidTimeline when times are out of range; `build` does when nobody knows the end of the film.
        """
        time_s("time", time)
        said: dict[str, Any] = {"type": "text", "text": text, "time": time, **fields}
        if duration is not None:
            said["duration"] = _plain(positive_s("duration", duration))
        return self._with_element(_named(said, id))

    def audio(
        self,
        source_url: str,
        *,
        id: str | None = None,
        time: float = 0,
        duration: float | None = None,
        **fields: Unpack[AudioFields],
    ) -> Self:
        """Add sound. `duration` is how long it plays, in seconds of the film: it sets `out_point`.

        Raises InvalidTimeline when times are out of range.
        """
        time_s("time", time)
        said = {"type": "audio", "source_url": source_url, "time": time, **_played(fields, duration)}
        return self._with_element(_named(said, id))

    def captions(
        self,
        words: Iterable[Any],
        style: CaptionStyle = "glow",
        *,
        id: str | None = None,
        **fields: Unpack[TextFields],
    ) -> Self:
        """Show spoken words as they are said: `words` have `text`, `start` and `end`, in seconds of the film.

        They make one text, which turns its pages as the speech goes on; `fields` are those of texts. Raises
        InvalidTimeline when there is no word, or one that ends before it starts.
        """
        return self._with_element(_named({**caption_text(words, style), **fields}, id))

    @property
    def duration(self) -> float | None:
        """How long the film is, in seconds; None where only its sources know, and for an empty one."""
        end = self._film_end()
        return None if end is None else float(number(end))

    def build(self) -> dict[str, Any]:
        """The scene, as `client.renders.create` takes it: a new dict each time.

        Raises InvalidTimeline when a text is to last to an end that nobody knows, and when a transition joins nothing.
        """
        elements = [self._to_the_end(element) for element in self._state.elements]
        transitions = [*self._state.transitions, *self._closing()]
        return deepcopy({**self._state.canvas, "elements": elements, "transitions": transitions})

    def validate(self, capabilities: Capabilities | None = None) -> list[Violation]:
        """What there is to say about the scene, see `framelane.timeline.validate`."""
        return validate(self.build(), capabilities)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Timeline) and self._state == other._state

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        count = len(self._state.elements)
        seconds = "unknown length" if self.duration is None else f"{self.duration:g} s"
        return f"<Timeline of {count} element{'' if count == 1 else 's'}, {seconds}>"

    def _copy(self, **changes: Any) -> Self:
        made = object.__new__(type(self))
        made._state = replace(self._state, **changes)
        return made

    def _with_element(self, said: Mapping[str, Any]) -> Self:
        return self._copy(elements=(*self._state.elements, deepcopy(said)))

    def _with_clip(self, said: dict[str, Any], id: str | None, time: float | None) -> Self:
        begins = self._next_start() if time is None else number(exact(time_s("time", time)))
        clip = {**said, "id": self._free_id() if id is None else id, "time": begins}
        if time is not None and self._state.pending is None:
            return self._with_element({"z_index": _ABOVE_TRACK, **clip})
        return self._with_element(clip)._joined(clip)

    def _joined(self, clip: Element) -> Self:
        """The clip as the last one of the main track, with the transition that waited for it."""
        pending, last = self._state.pending, self._state.last
        if pending is None:
            return self._copy(last=clip)
        _refuse_longer(pending, clip)
        ends = {"to_id": clip["id"]} if last is None else {"from_id": last["id"], "to_id": clip["id"]}
        return self._copy(transitions=(*self._state.transitions, {**pending, **ends}), pending=None, last=clip)

    def _next_start(self) -> float:
        """Where the main track goes on."""
        last, pending = self._state.last, self._state.pending
        if last is None:
            return 0
        end = end_s(last)
        if end is None:
            raise InvalidTimeline(
                f"time: only its source knows when clip {last['id']!r} ends; give it a duration, or this clip a time"
            )
        return number(end - (0 if pending is None else exact(pending["duration"])))

    def _closing(self) -> list[Element]:
        """A transition behind the last clip."""
        pending, last = self._state.pending, self._state.last
        if pending is None:
            return []
        if last is None:
            raise InvalidTimeline(f"transition {pending['type']!r} joins nothing; add a clip before or after it")
        return [{**pending, "from_id": last["id"]}]

    def _to_the_end(self, element: Element) -> Element:
        """A text without a duration, with the one that is left."""
        if element["type"] != "text" or "duration" in element:
            return element
        end = self._film_end()
        if end is None:
            raise InvalidTimeline("duration: nobody knows when the film ends; give the text or the film a duration")
        left = end - exact(element["time"])
        if left <= 0:
            raise InvalidTimeline(f"time {element['time']} s: the film ends at {float(end):g} s; a text begins before")
        return {**element, "duration": number(left)}

    def _film_end(self) -> Fraction | None:
        if "duration" in self._state.canvas:
            return exact(self._state.canvas["duration"])
        lasting = [e for e in self._state.elements if e["type"] != "text" or "duration" in e]
        ends = [end_s(element) for element in lasting if element.get("visible", True)]
        known = [end for end in ends if end is not None]
        return max(known) if known and len(known) == len(ends) else None

    def _free_id(self) -> str:
        used = {element.get("id") for element in self._state.elements}
        clip_number = 1 + sum(element["type"] in ("video", "image") for element in self._state.elements)
        while f"clip-{clip_number}" in used:
            clip_number += 1
        return f"clip-{clip_number}"


def _played(fields: Mapping[str, Any], duration: float | None) -> dict[str, Any]:
    """Fields of a video or a sound, `duration` said as the point where it leaves its source."""
    for name, check in (("in_point", time_s), ("out_point", positive_s), ("speed", positive_s)):
        if fields.get(name) is not None:
            check(name, fields[name])
    if duration is None:
        return dict(fields)
    if fields.get("out_point") is not None:
        raise InvalidTimeline("duration: give either duration or out_point, not both")
    played = exact(positive_s("duration", duration)) * exact(fields.get("speed", 1))
    out_point = number(exact(fields.get("in_point", 0)) + played)
    if out_point > MAX_S:
        raise InvalidTimeline(f"duration {duration!r}: the clip would leave its source at {out_point} s, after a day")
    return {**fields, "out_point": out_point}


def _named(said: dict[str, Any], id: str | None) -> dict[str, Any]:
    return said if id is None else {**said, "id": id}


def _plain(seconds: float) -> float:
    return number(exact(seconds))


def _refuse_longer(transition: Element, clip: Element | None) -> None:
    """Raises InvalidTimeline when a transition is longer than a clip that it joins, as far as that is known."""
    end = None if clip is None else end_s(clip)
    if clip is None or end is None:
        return
    length = end - exact(clip["time"])
    if exact(transition["duration"]) > length:
        raise InvalidTimeline(
            f"transition {transition['type']!r} lasts {transition['duration']:g} s, longer than clip {clip['id']!r}; "
            f"at most {float(length):g} s are accepted"
        )
