"""Pages as HTML documents: the text in the frame of the site."""

from difflib import get_close_matches
from typing import Any, Final

from django.conf import settings
from django.template.loader import render_to_string

from apps.docs import api_console
from apps.docs.answers import HTML, Body, body
from apps.docs.api_reference.written import FOLDER
from apps.docs.library import Library, Place
from apps.docs.links import HOME, address_of
from apps.docs.rendering.page import Rendered, render

API: Final = "api/"
THEMES: Final = ("light", "dark")


def rendered(library: Library, place: Place) -> Rendered:
    """The text of a page as HTML, made once."""
    url = settings.FRAMELANE_PUBLIC_URL
    return library.keep(("text", place.page.path, url), lambda: render(library, place, url))


def page(library: Library, place: Place, theme: str) -> Body:
    """The document of a page, made once for every theme."""
    key = ("page", place.page.path, settings.FRAMELANE_PUBLIC_URL, theme)
    return library.keep(key, lambda: body(HTML, _document(library, place, theme)))


def _document(library: Library, place: Place, theme: str) -> str:
    path, text = place.page.path, rendered(library, place)
    facts = {
        "title": place.page.title,
        "description": place.page.description,
        "place": place,
        "text": text,
        "canonical": settings.FRAMELANE_PUBLIC_URL + address_of(path),
        "markdown": address_of(path, ".md"),
        "trail": _trail(library, place),
        "before": _neighbour(library, place.before),
        "after": _neighbour(library, place.after),
        "chapters": library.chapters if not path else (),
    }
    return _framed(library, "docs/start.html" if not path else "docs/page.html", facts, theme, path)


def _trail(library: Library, place: Place) -> list[tuple[str, str]]:
    """Folders above the page that are pages themselves: address and title."""
    parts = place.page.path.split("/")[:-1]
    above = ("/".join(parts[: count + 1]) for count in range(len(parts)))
    return [(address_of(path), library.places[path].title) for path in above if path in library.places]


def _neighbour(library: Library, path: str | None) -> dict[str, str] | None:
    return {"address": address_of(path), "title": library.places[path].title} if path is not None else None


def api_page(library: Library, theme: str) -> Body:
    """The interactive reference."""
    key = ("api", settings.FRAMELANE_PUBLIC_URL, theme)
    return library.keep(key, lambda: body(HTML, _framed(library, "docs/api.html", _api_facts(library), theme, API)))


def _api_facts(library: Library) -> dict[str, Any]:
    order = {place.page.path: position for position, place in enumerate(library.in_order())}
    return {
        "title": "Interactive API reference",
        "description": "Every operation of the HTTP API, with a form that sends it.",
        "canonical": f"{settings.FRAMELANE_PUBLIC_URL}/docs/api/",
        "subjects": sorted(api_console.subjects(), key=lambda one: order.get(f"{FOLDER}/{one.name}", len(order))),
    }


def not_found(library: Library, path: str, theme: str) -> str:
    """The page for an address without one, with those that are called alike."""
    facts = {
        "title": "There is no such page",
        "description": "",
        "asked": path[:200],
        "alike": [(address_of(one), library.places[one]) for one in alike(library, path)],
    }
    return _framed(library, "docs/not_found.html", facts, theme, None)


def alike(library: Library, path: str) -> list[str]:
    """Pages whose address resembles `path`, the best first."""
    wanted = path[:200].removesuffix(".md").strip("/")
    ends = {one.rpartition("/")[2]: one for one in library.places if one}
    close = get_close_matches(wanted, list(library.places), 3, 0.5)
    close += [ends[end] for end in get_close_matches(wanted.rpartition("/")[2], list(ends), 3, 0.6)]
    return list(dict.fromkeys(one for one in close if one))[:4]


def _framed(library: Library, template: str, facts: dict[str, Any], theme: str, current: str | None) -> str:
    frame = {
        "theme": theme if theme in THEMES else "",
        "navigation": _navigation(library, current),
        "is_api": current == API,
        "public_url": settings.FRAMELANE_PUBLIC_URL,
        "version": settings.FRAMELANE_VERSION,
    }
    return render_to_string(template, {**frame, **facts})


def _navigation(library: Library, current: str | None) -> list[dict[str, Any]]:
    """Chapters with their links; the one that is read, and the first, are open."""
    found = []
    for index, chapter in enumerate(library.chapters):
        links = [
            {"address": address_of(one.page.path), "title": one.title, "is_current": one.page.path == current}
            for one in chapter.places
        ]
        if chapter.places[0].page.path.startswith(FOLDER):
            links.insert(0, {"address": f"{HOME}{API}", "title": "Try it out", "is_current": current == API})
        is_open = index == 0 or any(link["is_current"] for link in links)
        found.append({"title": chapter.title, "links": links, "is_open": is_open})
    return found
