"""What a browser would make of a page: whether anything in it could run, or was written by somebody else."""

from html.parser import HTMLParser


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        inline = [name for name in values if name == "style" or name.startswith("on")]
        self.found += [f"<{tag} {name}={values[name]!r}>" for name in inline]
        if tag == "style" or (tag == "script" and "src" not in values):
            self.found.append(f"<{tag}>")
        if values.get("src") == "x" or str(values.get("href", "")).lower().startswith("javascript:"):
            self.found.append(f"<{tag}> of somebody else")


def troubles_of(page: str) -> list[str]:
    """Inline scripts and styles, which our policy keeps from working, and elements that nobody of us wrote."""
    reader = _Reader()
    reader.feed(page)
    return reader.found
