"""Caption tracks: what every word looks like at a time, page by page. Pure arithmetic on a layout."""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from fractions import Fraction
from functools import lru_cache
from typing import TYPE_CHECKING, Final, NamedTuple

from gpu_tasks.engine.motions.base import REST, Pose
from gpu_tasks.engine.motions.chance import either_way
from gpu_tasks.engine.text.curves import back_out, cubic_out, held
from gpu_tasks.engine.text.pieces import HIDDEN, Color, Piece
from gpu_tasks.timeline.request import TextElement
from gpu_tasks.timeline.values import exact, parse_color

if TYPE_CHECKING:
    from gpu_tasks.engine.text.renderer import TextLayout
    from gpu_tasks.engine.text.spots import Spot
    from gpu_tasks.engine.text.track import Page

_SHORTEST_PAUSE_S: Final = Fraction(1, 2)
"""Over shorter silences a word stays marked until the next one."""
_BOX_COLOR: Final[Color] = (108, 61, 232, 255)
_WORD_COLOR: Final[Color] = (255, 214, 10, 255)
_DIMMED: Final = 0.45
_POP, _POP_S, _WIDEST_POP_EM = 0.15, 0.12, 0.45
_RISE_EM, _RISE_S = 0.6, 0.18
_FLIGHT_S, _FLIGHT_EM, _FLIGHT_SIDE_EM = 0.3, 1.2, 0.5


class Spoken(NamedTuple):
    """A word of the track: its place in `words`, its characters, and from when until when it is the active one."""

    number: int
    start: int
    end: int
    start_s: Fraction
    until_s: Fraction


class Moment(NamedTuple):
    """A word at a time: seconds since it became active, and since it ceased to be (negative before)."""

    word: Spoken
    since_s: float
    over_s: float

    @property
    def is_active(self) -> bool:
        return self.since_s >= 0 > self.over_s


Style = Callable[["Captions", Moment, "Spot"], Piece]


class Captions:
    """The states of a track that is laid out as `layout`."""

    def __init__(self, element: TextElement, layout: "TextLayout") -> None:
        assert element.word_animation is not None
        self.size_px = element.font_size
        self.color = parse_color(element.background_color) if element.background_color else None
        self._layout = layout
        self._style = STYLES[element.word_animation.style]
        self._spoken = _spoken(element, layout)
        self._starts_s = [word.start_s for word in self._spoken]
        self._in_order = sorted(self._spoken, key=lambda word: word.start)
        self._places = [word.start for word in self._in_order]
        self._spots = lru_cache(256)(layout.spots_in)

    def pieces_at(self, time_s: Fraction) -> list[Piece]:
        """All characters of the track as pieces, in their order."""
        page = self._page_at(time_s)
        before, after = Piece(0, page.start, HIDDEN), Piece(page.end, len(self._layout.block.text), HIDDEN)
        marked = _making_room(list(self._on(page, time_s)))
        shown = (_moved(piece, 0.0, page.shift_px) for piece in _filled(marked, page))
        return [piece for piece in (before, *shown, after) if piece.start < piece.end]

    def _page_at(self, time_s: Fraction) -> "Page":
        """The page of the word that began last; the first page until a word begins."""
        last = bisect_right(self._starts_s, time_s) - 1
        place = self._spoken[last].start if last >= 0 else 0
        return self._layout.pages[bisect_right(self._layout.pages, place, key=lambda page: page.start) - 1]

    def _on(self, page: "Page", time_s: Fraction) -> "Iterator[tuple[Piece, Spot]]":
        """Every word of a page, in as many pieces as it has lines, with where they rest."""
        for word in self._in_order[bisect_left(self._places, page.start) : bisect_left(self._places, page.end)]:
            moment = Moment(word, float(time_s - word.start_s), float(time_s - word.until_s))
            for spot in self._spots(word.start, word.end):
                yield self._style(self, moment, spot), spot


def _filled(pieces: Iterable[Piece], page: "Page") -> Iterator[Piece]:
    """The pieces and what lies between them."""
    reached = page.start
    for piece in pieces:
        yield Piece(reached, piece.start)
        yield piece
        reached = piece.end
    yield Piece(reached, page.end)


def _making_room(words: "list[tuple[Piece, Spot]]") -> list[Piece]:
    """The words of a line move aside for one that grows."""
    pieces = [piece for piece, _ in words]
    for grown, at in words:
        wider_px = (grown.pose.scale_x - 1) * (at.bounds[2] - at.bounds[0])
        for place, (other, spot) in enumerate(words):
            if wider_px and other is not grown and spot.bounds[1] == at.bounds[1]:
                side = 1 if spot.centre[0] > at.centre[0] else -1
                pieces[place] = _moved(pieces[place], side * wider_px / 2, 0.0)
    return pieces


def _moved(piece: Piece, x_px: float, y_px: float) -> Piece:
    if not (x_px or y_px):
        return piece
    return replace(piece, pose=replace(piece.pose, x_px=piece.pose.x_px + x_px, y_px=piece.pose.y_px + y_px))


def _spoken(element: TextElement, layout: "TextLayout") -> list[Spoken]:
    """The words that have letters, in the order of their times. A word ends when the next one begins."""
    assert element.word_animation is not None
    words = sorted(
        (
            (exact(word.start), exact(word.end), number, start, end)
            for number, (word, (start, end)) in enumerate(zip(element.word_animation.words, layout.track, strict=True))
            if start < end
        ),
        key=lambda word: (word[0], word[2]),
    )
    found = []
    for place, (start_s, end_s, number, start, end) in enumerate(words):
        next_s = words[place + 1][0] if place + 1 < len(words) else None
        stays = next_s is not None and next_s - end_s < _SHORTEST_PAUSE_S
        found.append(Spoken(number, start, end, start_s, next_s if stays and next_s is not None else end_s))
    return found


def _box(track: Captions, moment: Moment, spot: "Spot") -> Piece:
    return Piece(spot.start, spot.end, plate=(track.color or _BOX_COLOR) if moment.is_active else None)


def _color(track: Captions, moment: Moment, spot: "Spot") -> Piece:
    return Piece(spot.start, spot.end, color=(track.color or _WORD_COLOR) if moment.is_active else None)


def _glow(track: Captions, moment: Moment, spot: "Spot") -> Piece:
    if moment.is_active:
        return Piece(spot.start, spot.end, color=track.color, glow=1.0)
    return Piece(spot.start, spot.end, Pose(opacity=_DIMMED))


def _scale_pop(track: Captions, moment: Moment, spot: "Spot") -> Piece:
    """Grows, a long word less than a short one, and shrinks back when its time is over."""
    if moment.since_s <= 0 or moment.over_s >= _POP_S:
        return Piece(spot.start, spot.end)
    most = min(_POP, _WIDEST_POP_EM * track.size_px / max(spot.bounds[2] - spot.bounds[0], 1.0))
    grown = back_out(moment.since_s / _POP_S, 2.6) * (1 - cubic_out(moment.over_s / _POP_S))
    scale = 1 + most * grown
    return Piece(spot.start, spot.end, Pose(scale_x=scale, scale_y=scale))


def _slide_up(track: Captions, moment: Moment, spot: "Spot") -> Piece:
    if moment.since_s <= 0:
        return Piece(spot.start, spot.end, HIDDEN)
    amount = cubic_out(moment.since_s / _RISE_S)
    pose = Pose(y_px=_RISE_EM * track.size_px * (1 - amount), opacity=amount)
    return Piece(spot.start, spot.end, pose if amount < 1 else REST)


def _fly_in(track: Captions, moment: Moment, spot: "Spot") -> Piece:
    """Thrown in from below, a little from one side and askew; swings past its place and back."""
    progress = moment.since_s / _FLIGHT_S
    if progress <= 0:
        return Piece(spot.start, spot.end, HIDDEN)
    if progress >= 1:
        return Piece(spot.start, spot.end)
    side, away, em = either_way(moment.word.number, 0), 1 - back_out(progress, 1.3), track.size_px
    pose = Pose(
        x_px=_FLIGHT_SIDE_EM * em * side * away,
        y_px=_FLIGHT_EM * em * away,
        turn_deg=14 * side * away,
        opacity=held(progress * 3.5),
        blur_px=0.16 * em * max(away, 0.0),
    )
    return Piece(spot.start, spot.end, pose)


STYLES: Final[dict[str, Style]] = {
    "box": _box,
    "color": _color,
    "glow": _glow,
    "scale_pop": _scale_pop,
    "slide_up": _slide_up,
    "fly_in": _fly_in,
}
