"""Short texts in Markdown as HTML: descriptions that come from the OpenAPI document."""

from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt

_PARSER = MarkdownIt("commonmark", {"html": False}).enable("table")


def formatted(text: str) -> SafeString:
    """A text as HTML; one paragraph alone stands without its tags. Tags in the text are shown as they are."""
    html = str(_PARSER.render(text)).strip()
    if html.count("<p>") == 1 and html.startswith("<p>") and html.endswith("</p>"):
        html = html.removeprefix("<p>").removesuffix("</p>")
    # The parser escapes what it is given.
    return mark_safe(html)
