"""Which characters the committed CJK subsets hold, taken from the national character sets that Python knows."""

from collections.abc import Iterable, Iterator

# Punctuation, enclosed numbers and box drawing, kana, bopomofo, jamo for display, compatibility and full-width forms.
CJK_COMMON = [
    *range(0x2010, 0x2060),
    *range(0x2100, 0x2150),
    *range(0x2160, 0x2180),
    *range(0x2300, 0x2400),
    *range(0x2460, 0x2670),
    *range(0x2776, 0x2794),
    *range(0x3000, 0x3100),
    *range(0x3105, 0x3130),
    *range(0x3131, 0x318F),
    *range(0x31F0, 0x3200),
    *range(0x3200, 0x3400),
    *range(0xFE30, 0xFE50),
    *range(0xFF01, 0xFFEF),
]


def _decode(codec: str, lead: Iterable[int], trail: Iterable[int]) -> Iterator[int]:
    trail_bytes = list(trail)
    for first in lead:
        for second in trail_bytes:
            try:
                yield ord(bytes([first, second]).decode(codec))
            except UnicodeDecodeError:
                continue


def gb2312_level_1() -> set[int]:
    """The 3,755 most used simplified Chinese characters (GB 2312 rows 16 to 55)."""
    return set(_decode("gb2312", range(0xB0, 0xD8), range(0xA1, 0xFF)))


def jis_level_1() -> set[int]:
    """The 2,965 characters of JIS X 0208 level 1 (rows 16 to 47)."""
    return set(_decode("euc_jp", range(0xB0, 0xD0), range(0xA1, 0xFF)))


def big5_level_1() -> set[int]:
    """The 5,401 most used traditional Chinese characters (Big5 A440 to C67E)."""
    return {
        code
        for code in _decode("big5", range(0xA4, 0xC7), [*range(0x40, 0x7F), *range(0xA1, 0xFF)])
        if 0x4E00 <= code <= 0x9FFF
    }


def ksx1001_hangul() -> set[int]:
    """The 2,350 Hangul syllables of KS X 1001."""
    return set(_decode("euc_kr", range(0xB0, 0xC9), range(0xA1, 0xFF)))


def parse_ranges(text: str) -> set[int]:
    """Code points of `"20-7E A0"` (hexadecimal, inclusive)."""
    points: set[int] = set()
    for part in text.split():
        first, _, last = part.partition("-")
        points.update(range(int(first, 16), int(last or first, 16) + 1))
    return points


def format_ranges(points: Iterable[int]) -> str:
    """The inverse of `parse_ranges`, as short as possible."""
    parts: list[list[int]] = []
    for point in sorted(points):
        if parts and point == parts[-1][1] + 1:
            parts[-1][1] = point
        else:
            parts.append([point, point])
    return " ".join(f"{first:X}" if first == last else f"{first:X}-{last:X}" for first, last in parts)
