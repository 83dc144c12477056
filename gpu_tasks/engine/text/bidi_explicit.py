"""The explicit part of the bidirectional algorithm (UAX #9, X1 to X8): embeddings, overrides and isolates."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

ISOLATE_STARTS = frozenset({"LRI", "RLI", "FSI"})
EMBEDDINGS: Mapping[str, tuple[int, str | None]] = {
    "LRE": (0, None),
    "RLE": (1, None),
    "LRO": (0, "L"),
    "RLO": (1, "R"),
}
_MAX_DEPTH = 125


def first_strong_level(types: Sequence[str]) -> int:
    """P2 and P3 over bidirectional classes: characters inside isolates don't count."""
    depth = 0
    for kind in types:
        if kind in ISOLATE_STARTS:
            depth += 1
        elif kind == "PDI":
            depth = max(depth - 1, 0)
        elif depth == 0 and kind in ("L", "R", "AL"):
            return int(kind != "L")
    return 0


def isolate_partners(types: Sequence[str]) -> dict[int, int]:
    """BD9: from the place of an isolate's start to that of the PDI that closes it."""
    partners: dict[int, int] = {}
    still_open: list[int] = []
    for place, kind in enumerate(types):
        if kind in ISOLATE_STARTS:
            still_open.append(place)
        elif kind == "PDI" and still_open:
            partners[still_open.pop()] = place
    return partners


@dataclass(frozen=True, slots=True)
class _Status:
    level: int
    override: str | None
    isolate: bool


class ExplicitLevels:
    """Walks a paragraph once; afterwards `levels` and the overridden `types` are those after X8."""

    def __init__(self, types: Sequence[str], base: int, partners: Mapping[int, int]) -> None:
        self.types = list(types)
        self.levels = [base] * len(types)
        self._original = types
        self._base = base
        self._partners = partners
        self._stack = [_Status(base, None, False)]
        self._overflow_isolates = self._overflow_embeddings = self._valid_isolates = 0
        for place, kind in enumerate(types):
            self._step(place, kind)

    def _step(self, place: int, kind: str) -> None:
        self.levels[place] = self._stack[-1].level
        if kind in EMBEDDINGS:
            self._embed(*EMBEDDINGS[kind])
        elif kind in ISOLATE_STARTS:
            self._override(place)
            self._isolate(self._isolate_parity(place, kind))
        elif kind == "PDI":
            self._end_isolate()
            self.levels[place] = self._stack[-1].level
            self._override(place)
        elif kind == "PDF":
            self._end_embedding()
        elif kind == "B":
            self.levels[place] = self._base
        elif kind != "BN":
            self._override(place)

    def _override(self, place: int) -> None:
        self.types[place] = self._stack[-1].override or self.types[place]

    def _next_level(self, parity: int) -> int:
        level = self._stack[-1].level + 1
        return level if level % 2 == parity else level + 1

    def _fits(self, level: int) -> bool:
        return level <= _MAX_DEPTH and not self._overflow_isolates and not self._overflow_embeddings

    def _embed(self, parity: int, override: str | None) -> None:
        """X2 to X5."""
        level = self._next_level(parity)
        if self._fits(level):
            self._stack.append(_Status(level, override, False))
        elif not self._overflow_isolates:
            self._overflow_embeddings += 1

    def _isolate(self, parity: int) -> None:
        """X5a to X5c."""
        level = self._next_level(parity)
        if self._fits(level):
            self._valid_isolates += 1
            self._stack.append(_Status(level, None, True))
        else:
            self._overflow_isolates += 1

    def _isolate_parity(self, place: int, kind: str) -> int:
        if kind == "FSI":
            return first_strong_level(self._original[place + 1 : self._partners.get(place, len(self._original))])
        return int(kind == "RLI")

    def _end_isolate(self) -> None:
        """X6a."""
        if self._overflow_isolates:
            self._overflow_isolates -= 1
        elif self._valid_isolates:
            self._overflow_embeddings = 0
            while not self._stack.pop().isolate:
                pass
            self._valid_isolates -= 1

    def _end_embedding(self) -> None:
        """X7."""
        if self._overflow_isolates:
            return
        if self._overflow_embeddings:
            self._overflow_embeddings -= 1
        elif not self._stack[-1].isolate and len(self._stack) > 1:
            self._stack.pop()
