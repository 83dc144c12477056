"""What the layout needs to know about a text: clean paragraphs, grapheme clusters, line breaks, scripts, language."""

import unicodedata
from collections.abc import Iterator

from fontTools.unicodedata import script
from icu4py.breakers import BaseBreaker, CharacterBreaker, LineBreaker

_NEWLINES = str.maketrans(
    {"\r": "\n", "\v": "\n", "\f": "\n", "\x1c": "\n", "\x85": "\n", "\u2028": "\n", "\u2029": "\n"}
)
_COMMON_SCRIPTS = frozenset({"Zyyy", "Zinh", "Zzzz"})
_TAB = " " * 4

# Unicode's emoji-data: characters below U+1F000 that are pictures unless a text selector follows.
_EMOJI_BELOW_1F000 = frozenset(
    "⌚⌛⏩⏪⏫⏬⏰⏳◽◾☔☕♈♉♊♋♌♍♎♏♐♑♒♓♿⚓⚡⚪⚫⚽⚾⛄⛅⛎⛔⛪⛲⛳⛵⛺⛽✅✊✋✨❌❎❓❔❕❗➕➖➗➰➿⬛⬜⭐⭕"
)
_TEXT_SELECTOR, _EMOJI_SELECTOR, _KEYCAP = "\ufe0e", "\ufe0f", "\u20e3"


def paragraphs(text: str) -> list[str]:
    """The text between newlines, without control characters and lone surrogates; a tab is four spaces."""
    whole = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "ignore")
    lines = whole.replace("\r\n", "\n").translate(_NEWLINES).replace("\t", _TAB).split("\n")
    return ["".join(character for character in line if _is_drawable(character)) for line in lines]


def _is_drawable(character: str) -> bool:
    return unicodedata.category(character) != "Cc" and ord(character) & 0xFFFE != 0xFFFE


def is_visible(text: str) -> bool:
    """Whether a text may hold ink: more than white space and format characters."""
    return any(not character.isspace() and unicodedata.category(character) != "Cf" for character in text)


def clusters(text: str, language: str) -> list[tuple[int, int]]:
    """Grapheme clusters as (start, end) in characters: what a reader takes for one letter or one emoji."""
    return list(_segments(CharacterBreaker(text, language), text))


def break_places(text: str, language: str) -> list[int]:
    """Where a line may end, ascending, the end of the text included (UAX #14; dictionaries for Thai, Lao, Khmer)."""
    return [end for _, end in _segments(LineBreaker(text, language), text)]


def _segments(breaker: BaseBreaker, text: str) -> Iterator[tuple[int, int]]:
    """ICU counts UTF-16 units; these are characters."""
    if max(text, default="") <= "\uffff":
        yield from breaker.segments()
        return
    character_at = [place for place, character in enumerate(text) for _ in range(1 + (character > "\uffff"))]
    character_at.append(len(text))
    for start, end in breaker.segments():
        yield character_at[start], character_at[end]


def is_emoji(cluster: str) -> bool:
    """Whether a grapheme cluster asks to be drawn as a coloured picture."""
    if _TEXT_SELECTOR in cluster:
        return False
    if _EMOJI_SELECTOR in cluster or _KEYCAP in cluster:
        return True
    return cluster[0] >= "\U0001f000" or cluster[0] in _EMOJI_BELOW_1F000


def scripts(text: str) -> list[str]:
    """The ISO 15924 script of every character; shared characters take that of the text before them, or else after."""
    found = [script(character) for character in text]
    current = next((name for name in found if name not in _COMMON_SCRIPTS), "Zyyy")
    for place, name in enumerate(found):
        if name in _COMMON_SCRIPTS:
            found[place] = current
        else:
            current = name
    return found


def language_of(text: str) -> str:
    """A BCP 47 guess that decides the shapes of Han characters and the breaking of lines."""
    names = {script(character) for character in text}
    if names & {"Hira", "Kana"}:
        return "ja"
    if "Hang" in names:
        return "ko"
    if "Bopo" in names or ("Hani" in names and _is_traditional(text)):
        return "zh-Hant"
    return "zh-Hans" if "Hani" in names else "th" if "Thai" in names else "en"


def _is_traditional(text: str) -> bool:
    """Whether the Han characters fit Big5 better than GB 2312."""
    han = [character for character in text if script(character) == "Hani"]
    return sum(_fits(character, "big5") - _fits(character, "gb2312") for character in han) > 0


def _fits(character: str, codec: str) -> bool:
    try:
        character.encode(codec)
    except UnicodeEncodeError:
        return False
    return True
