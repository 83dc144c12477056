"""The documentation for programs that read: an index, all of it at once, and what an agent is taught."""

from django.conf import settings

from apps.docs.library import Library
from apps.docs.links import address_of
from apps.docs.pages import Page
from apps.docs.plain_text import markdown_of

INDEX_PAGE = "agents/llms"
SKILL_PAGE = "agents/skill"


def full(library: Library) -> str:
    """Every page one after another, each below its address."""
    url = settings.FRAMELANE_PUBLIC_URL
    texts = ((address_of(place.page.path), markdown_of(library, place, url)) for place in library.in_order())
    return "\n\n".join(f"<!-- {url}{address} -->\n\n{text}" for address, text in texts)


def index(library: Library) -> str:
    """The index (llmstxt.org) as somebody wrote it; until then, the table of contents."""
    place = library.places.get(INDEX_PAGE)
    return markdown_of(library, place, settings.FRAMELANE_PUBLIC_URL) if place else _listed(library)


def _listed(library: Library) -> str:
    url = settings.FRAMELANE_PUBLIC_URL
    lines = ["# Framelane", "", "> One JSON request becomes a finished video, over HTTP."]
    for chapter in library.chapters:
        lines += ["", f"## {chapter.title}", ""]
        lines += [f"- {_listed_page(one.page, url)}" for one in chapter.places]
    return "\n".join(lines) + "\n"


def _listed_page(page: Page, url: str) -> str:
    return f"[{page.title}]({url}{address_of(page.path, '.md')}): {page.description}"


def sitemap(library: Library) -> str:
    """Every page as sitemaps.org has it."""
    url = settings.FRAMELANE_PUBLIC_URL
    addresses = [address_of(path) for path in library.places] + ["/docs/api/"]
    inner = "".join(f"<url><loc>{url}{address}</loc></url>\n" for address in addresses)
    head = '<?xml version="1.0" encoding="UTF-8"?>\n<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n'
    return f"{head}{inner}</urlset>\n"
