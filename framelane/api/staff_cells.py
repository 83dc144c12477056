"""What stands in the cells of the staff's pages: links, colours, sizes and lengths that people read, JSON."""

import json
import re
from collections.abc import Iterable
from typing import Any, Final

from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.http import urlencode
from django.utils.safestring import SafeString
from django.utils.text import Truncator

from framelane.lib.net import shown

LINK_LENGTH: Final = 40
"""Names may have 255 characters; a column of those leaves no room for the others."""
MEGABYTE: Final = 1_000_000
MANY_MEGABYTES: Final = 10_000
_URL: Final = re.compile(r"https?://\S+")
# They let a text look as if it said something else (Unicode Technical Report 36, 2.11).
_TURNS: Final = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_TONES: Final = {
    "good": {"completed", "succeeded", "ready", "active", "reported", "relayed", "sent", "made", "enabled", "working"},
    "busy": {"processing", "trialing", "receiving", "running", "copying", "fetching"},
    "wait": {"queued", "ingesting", "pending", "waiting", "uploading", "created", "past_due"},
    "bad": {"failed", "dead", "stuck", "failing", "gone", "given up", "unpaid", "silent"},
}
_TONE_OF: Final = {word: tone for tone, words in _TONES.items() for word in words}


def link_to(page: str, key: str, text: str) -> SafeString:
    """The page (`app_model`) of a row, called by as much of `text` as fits into a column."""
    address = reverse(f"admin:{page}_change", args=[key])
    return format_html('<a href="{}" title="{}">{}</a>', address, text, Truncator(text).chars(LINK_LENGTH))


def link_to_list(page: str, text: str, **lookups: Any) -> SafeString:
    """The list (`app_model`) of the rows that these lookups leave."""
    address = f"{reverse(f'admin:{page}_changelist')}?{urlencode(lookups)}"
    return format_html('<a href="{}">{}</a>', address, text)


def side_by_side(links: Iterable[SafeString]) -> SafeString:
    """Links in one line, as far as it is wide enough."""
    return format_html(
        '<ul class="staff-links">{}</ul>', format_html_join("", "<li>{}</li>", ((link,) for link in links))
    )


def badge(state: str, text: str = "") -> SafeString:
    """A state in its colour. The word tells of it too: nobody has to see the colour."""
    tone = _TONE_OF.get(state, "plain")
    return format_html('<span class="badge badge-{}">{}</span>', tone, text or state.replace("_", " "))


def megabytes(size_bytes: int | None) -> str:
    """A size in MB of 10⁶ bytes (IEC 80000-13), to as many places as matter, or kB or GB; "-" for none."""
    if size_bytes is None:
        return "-"
    size = size_bytes / MEGABYTE
    if size >= MANY_MEGABYTES:
        return f"{size / 1000:,.1f} GB"
    return f"{size:,.0f} MB" if size >= 100 else f"{size:.1f} MB" if size >= 0.1 else f"{size_bytes / 1000:.1f} kB"


def length(seconds: Any) -> str:
    """A length as m:ss, or h:mm:ss from an hour on; "-" for none."""
    if seconds is None:
        return "-"
    whole = round(float(seconds))
    hours, rest = divmod(whole, 3600)
    minutes, left = divmod(rest, 60)
    return f"{hours}:{minutes:02d}:{left:02d}" if hours else f"{minutes}:{left:02d}"


def readable(value: Any) -> SafeString:
    """JSON on many lines. The queries of URLs, which may be somebody's permission to read, are left out."""
    text = _TURNS.sub(_escaped, json.dumps(without_queries(value), indent=2, ensure_ascii=False))
    return format_html('<pre class="staff-json">{}</pre>', text)


def _escaped(found: re.Match[str]) -> str:
    return f"\\u{ord(found[0]):04x}"


def without_queries(value: Any) -> Any:
    """The same JSON with every URL in it, be it within a sentence, as it may be shown."""
    if isinstance(value, dict):
        return {without_queries(name): without_queries(one) for name, one in value.items()}
    if isinstance(value, list):
        return [without_queries(one) for one in value]
    return _URL.sub(lambda found: shown(found[0]), value) if isinstance(value, str) else value
