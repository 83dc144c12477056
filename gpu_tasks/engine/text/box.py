"""A laid-out element: its box, the block of lines in it, and where the block's parts stand in the box."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from gpu_tasks.engine.text.layout import Block, WordBox
from gpu_tasks.engine.text.spots import Spot, Unit, spots
from gpu_tasks.engine.text.track import Page, Range


@dataclass(frozen=True, eq=False)
class TextLayout:
    """A laid-out element at scale 1: the box, where the block of lines lies in it, and what could not be honoured.

    Of a caption track also where its words stand in the text, and the pages of the box.
    """

    block: Block
    x: float
    y: float
    width: float
    height: float
    warnings: tuple[str, ...]
    track: tuple[Range, ...] = ()
    pages: tuple[Page, ...] = ()

    def boxes(self, start: int, end: int) -> list[WordBox]:
        """Rectangles of `block.text[start:end]` in box pixels, one for each line."""
        return [self._shifted(box) for box in self.block.boxes(start, end)]

    def words(self) -> list[WordBox]:
        """Rectangles of all words in box pixels, in reading order."""
        return [self._shifted(box) for box in self.block.words()]

    def spots(self, unit: Unit) -> tuple[Spot, ...]:
        """What moves as one letter, word or line, in reading order and in box pixels."""
        if unit not in self._spots:
            self._spots[unit] = self._moved(spots(self.block, unit))
        return self._spots[unit]

    def spots_in(self, start: int, end: int) -> tuple[Spot, ...]:
        """The parts of text[start:end] in the lines it reaches into, in box pixels."""
        lines = [(box.start, box.end) for box in self.block.boxes(start, end)]
        found = [Spot(*line, bounds) for line in lines if (bounds := self.block.outline(*line))]
        return self._moved(found)

    def centre(self, start: int, end: int) -> tuple[float, float]:
        """The middle of a range of characters in box pixels, which poses turn and grow it about."""
        found = self.block.outline(start, end) or (0.0, 0.0, 0.0, 0.0)
        return (found[0] + found[2]) / 2 + self.x, (found[1] + found[3]) / 2 + self.y

    @cached_property
    def _spots(self) -> dict[Unit, tuple[Spot, ...]]:
        return {}

    def _moved(self, found: Sequence[Spot]) -> tuple[Spot, ...]:
        x, y = self.x, self.y
        return tuple(
            Spot(start, end, (left + x, top + y, right + x, bottom + y))
            for start, end, (left, top, right, bottom) in found
        )

    def _shifted(self, box: WordBox) -> WordBox:
        return WordBox(box.text, box.start, box.end, box.line, box.x + self.x, box.y + self.y, box.width, box.height)
