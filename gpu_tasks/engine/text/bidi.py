"""The Unicode bidirectional algorithm (UAX #9): embedding levels of a paragraph and the visual order of its runs.

Rules are named as in the annex. Characters that X9 removes keep a level, as its implementation notes allow.
"""

import unicodedata
from collections.abc import Sequence

from gpu_tasks.engine.text.bidi_explicit import (
    EMBEDDINGS,
    ISOLATE_STARTS,
    ExplicitLevels,
    first_strong_level,
    isolate_partners,
)

_MAX_BRACKETS = 63
_REMOVED = frozenset({"RLE", "LRE", "RLO", "LRO", "PDF", "BN"})
_NEUTRAL = frozenset({"B", "S", "WS", "ON", "FSI", "LRI", "RLI", "PDI"})
_SEPARATOR_INSIDE = frozenset({("ES", "EN"), ("CS", "EN"), ("CS", "AN")})
_NOT_PLAIN = frozenset({"R", "AL", "AN", "RLI", "LRI", "FSI", *EMBEDDINGS})
# Brackets whose partner is not the next code point.
_CLOSERS = {"(": ")", "[": "]", "{": "}", "\u298d": "\u2990", "\u298f": "\u298e"}


def levels(text: str, base_level: int | None = None) -> list[int]:
    """The embedding level of every character of one paragraph; odd levels run right to left.

    `base_level` is 0 or 1; None takes it from the first strong character (P2, P3).
    """
    types = [unicodedata.bidirectional(character) or "L" for character in text]
    base = first_strong_level(types) if base_level is None else base_level
    if base == 0 and not _NOT_PLAIN.intersection(types):
        return [0] * len(text)
    return _Paragraph(text, types, base).resolve()


def paragraph_level(text: str) -> int:
    """0 when the paragraph reads left to right, 1 when right to left (P2, P3)."""
    return first_strong_level([unicodedata.bidirectional(character) for character in text])


def visual_order(run_levels: Sequence[int]) -> list[int]:
    """L2: the indices of a line's runs from left to right."""
    order = list(range(len(run_levels)))
    for level in range(max(run_levels, default=0), 0, -1):
        start = 0
        while start < len(order):
            end = start
            while end < len(order) and run_levels[order[end]] >= level:
                end += 1
            order[start:end] = reversed(order[start:end])
            start = end + 1
    return order


class _Paragraph:
    def __init__(self, text: str, types: list[str], base: int) -> None:
        self.text = text
        self.original = types
        self.base = base
        self.partner = isolate_partners(types)
        after_explicit = ExplicitLevels(types, base, self.partner)
        self.types = after_explicit.types
        self.explicit = after_explicit.levels
        self.levels = list(self.explicit)

    def resolve(self) -> list[int]:
        for sequence in self._sequences():
            self._resolve_sequence(sequence)
        self._reset_separators()
        return self.levels

    def _sequences(self) -> list[list[int]]:
        """X9 and BD13: isolating run sequences, as places in the text."""
        runs: list[list[int]] = []
        for place, kind in enumerate(self.original):
            if kind in _REMOVED:
                continue
            if runs and self.levels[runs[-1][-1]] == self.levels[place] and not self._isolated(runs[-1][-1]):
                runs[-1].append(place)
            else:
                runs.append([place])
        by_first = {run[0]: run for run in runs}
        continued = {self.partner[run[-1]] for run in runs if run[-1] in self.partner}
        return [self._chain(run, by_first) for run in runs if run[0] not in continued]

    def _isolated(self, place: int) -> bool:
        return self.original[place] in ISOLATE_STARTS

    def _chain(self, run: list[int], by_first: dict[int, list[int]]) -> list[int]:
        sequence = list(run)
        while (closing := self.partner.get(sequence[-1])) is not None and closing in by_first:
            sequence += by_first[closing]
        return sequence

    def _edge_types(self, sequence: list[int]) -> tuple[str, str]:
        """X10: sos and eos."""
        level = self.explicit[sequence[0]]
        before = next((self.explicit[p] for p in range(sequence[0] - 1, -1, -1) if not self._is_removed(p)), self.base)
        last = sequence[-1]
        after = self.base
        if not (self._isolated(last) and last not in self.partner):
            following = range(last + 1, len(self.text))
            after = next((self.explicit[p] for p in following if not self._is_removed(p)), self.base)
        return _direction(max(level, before)), _direction(max(level, after))

    def _is_removed(self, place: int) -> bool:
        return self.original[place] in _REMOVED

    def _resolve_sequence(self, sequence: list[int]) -> None:
        start, end = self._edge_types(sequence)
        kinds = [self.types[place] for place in sequence]
        _weak(kinds, start)
        self._brackets(sequence, kinds, start)
        _neutral(kinds, start, end, _direction(self.levels[sequence[0]]))
        for place, kind in zip(sequence, kinds, strict=True):
            self.levels[place] += _implicit(self.levels[place], kind)

    def _brackets(self, sequence: list[int], kinds: list[str], start: str) -> None:
        """N0."""
        embedding = _direction(self.levels[sequence[0]])
        for opening, closing in self._bracket_pairs(sequence, kinds):
            inside = {strong for kind in kinds[opening + 1 : closing] if (strong := _strong(kind))}
            if embedding in inside:
                direction = embedding
            elif inside:
                before = (strong for kind in reversed(kinds[:opening]) if (strong := _strong(kind)))
                context = next(before, start)
                direction = context if context != embedding else embedding
            else:
                continue
            for bracket in (opening, closing):
                kinds[bracket] = direction
                self._marks_follow(sequence, kinds, bracket, direction)

    def _marks_follow(self, sequence: list[int], kinds: list[str], bracket: int, direction: str) -> None:
        for following in range(bracket + 1, len(sequence)):
            if self.original[sequence[following]] != "NSM":
                break
            kinds[following] = direction

    def _bracket_pairs(self, sequence: list[int], kinds: list[str]) -> list[tuple[int, int]]:
        """BD16."""
        expected: list[tuple[str, int]] = []
        pairs: list[tuple[int, int]] = []
        for place, kind in enumerate(kinds):
            character = unicodedata.normalize("NFC", self.text[sequence[place]])
            if kind != "ON" or not unicodedata.mirrored(character):
                continue
            if unicodedata.category(character) == "Ps":
                if len(expected) == _MAX_BRACKETS:
                    return []
                expected.append((_closer(character), place))
            elif unicodedata.category(character) == "Pe":
                match = next((i for i in range(len(expected) - 1, -1, -1) if expected[i][0] == character), None)
                if match is not None:
                    pairs.append((expected[match][1], place))
                    del expected[match:]
        return sorted(pairs)

    def _reset_separators(self) -> None:
        """L1: separators, and white space before them or at the end, take the paragraph's level."""
        trailing = True
        for place in range(len(self.text) - 1, -1, -1):
            kind = self.original[place]
            if kind in ("B", "S"):
                trailing = True
            elif kind not in _REMOVED and kind not in ISOLATE_STARTS and kind not in ("WS", "PDI"):
                trailing = False
            if trailing:
                self.levels[place] = self.base


def _direction(level: int) -> str:
    return "R" if level % 2 else "L"


def _strong(kind: str) -> str | None:
    return "L" if kind == "L" else "R" if kind in ("R", "AL", "EN", "AN") else None


def _implicit(level: int, kind: str) -> int:
    """I1 and I2."""
    if level % 2:
        return int(kind in ("L", "EN", "AN"))
    return {"R": 1, "AN": 2, "EN": 2}.get(kind, 0)


def _closer(opening: str) -> str:
    """The bracket that closes `opening`: outside ASCII, Unicode puts it right behind."""
    return _CLOSERS.get(opening) or chr(ord(opening) + 1)


def _weak(kinds: list[str], start: str) -> None:
    """W1 to W7, in place."""
    previous = start
    for place, kind in enumerate(kinds):  # W1
        if kind == "NSM":
            kinds[place] = "ON" if previous in ISOLATE_STARTS or previous == "PDI" else previous
        previous = kinds[place]
    strong = start
    for place, kind in enumerate(kinds):  # W2, W3
        if kind in ("L", "R", "AL"):
            strong = kind
        if kind == "EN" and strong == "AL":
            kinds[place] = "AN"
    kinds[:] = ["R" if kind == "AL" else kind for kind in kinds]
    for place in range(1, len(kinds) - 1):  # W4
        before, kind, after = kinds[place - 1 : place + 2]
        if before == after and (kind, before) in _SEPARATOR_INSIDE:
            kinds[place] = before
    _terminators(kinds)
    strong = start
    for place, kind in enumerate(kinds):  # W6, W7
        if kind in ("ES", "ET", "CS"):
            kinds[place] = "ON"
        elif kind in ("L", "R"):
            strong = kind
        elif kind == "EN" and strong == "L":
            kinds[place] = "L"


def _terminators(kinds: list[str]) -> None:
    """W5."""
    place = 0
    while place < len(kinds):
        end = place
        while end < len(kinds) and kinds[end] == "ET":
            end += 1
        touches = (end < len(kinds) and kinds[end] == "EN") or (place > 0 and kinds[place - 1] == "EN")
        if end > place and touches:
            kinds[place:end] = ["EN"] * (end - place)
        place = max(end, place + 1)


def _neutral(kinds: list[str], start: str, end: str, embedding: str) -> None:
    """N1 and N2, in place."""
    place = 0
    while place < len(kinds):
        stop = place
        while stop < len(kinds) and kinds[stop] in _NEUTRAL:
            stop += 1
        if stop > place:
            before = _strong(kinds[place - 1]) if place else start
            after = _strong(kinds[stop]) if stop < len(kinds) else end
            kinds[place:stop] = [before if before == after and before else embedding] * (stop - place)
        place = max(stop, place + 1)
