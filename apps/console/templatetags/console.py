"""What the templates of the console are written with."""

from datetime import datetime

from django import template
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString

from apps.console.navigation import Link
from apps.console.navigation import navigation as links

register = template.Library()


@register.simple_tag
def icon(name: str) -> SafeString:
    """A symbol of static/console/icons.svg. It says nothing: the text beside it does."""
    return format_html(
        '<svg class="icon" aria-hidden="true"><use href="{}#{}"></use></svg>', static("console/icons.svg"), name
    )


@register.simple_tag(takes_context=True)
def navigation(context: template.Context) -> dict[str, list[Link]]:
    """The links of the navigation by group."""
    return links(context["request"].path)


@register.simple_tag
def badge(status: str, text: str = "") -> SafeString:
    """A status as a coloured pill; its class is the status."""
    return format_html('<span class="badge {}">{}</span>', status, text or status.replace("_", " "))


@register.simple_tag
def moment(at: datetime | None, empty: str = "–") -> SafeString | str:
    """A moment in UTC, which a script turns into how long ago that is in the reader's own time."""
    if at is None:
        return empty
    iso, text = at.isoformat(timespec="seconds"), f"{at:%d %b %Y, %H:%M} UTC"
    return format_html('<time datetime="{}" title="{}" data-ago>{}</time>', iso, text, text)


@register.filter
def seconds(value: float | None) -> str:
    """A length in words: `0.4 s`, `12 s`, `3 min 05 s`, `2 h 10 min`; "–" for None."""
    if value is None:
        return "–"
    if value < 10:
        return f"{value:.1f} s"
    whole = round(value)
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return f"{whole // 60} min {whole % 60:02} s"
    return f"{whole // 3600} h {whole % 3600 // 60:02} min"
