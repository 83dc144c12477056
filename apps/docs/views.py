"""The addresses of the documentation. They are for everybody: no sign-in, no database."""

from collections.abc import Callable
from functools import wraps

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.http.response import HttpResponseBase

from apps.docs import drawing, for_agents, search
from apps.docs.answers import HTML, JSON, MARKDOWN, TEXT, XML, Body, body, send, send_file
from apps.docs.library import Library, Place, library
from apps.docs.links import address_of
from apps.docs.plain_text import markdown_of
from apps.docs.written import path_of
from framelane.api.errors import ApiError, not_found
from framelane.api.handlers import error_response

View = Callable[..., HttpResponseBase]
_VARY = ("Accept", "Cookie")


def reading(view: View) -> View:
    """A view that is only read."""

    @wraps(view)
    def answer(request: HttpRequest, *args: str, **kwargs: str) -> HttpResponseBase:
        if request.method not in ("GET", "HEAD"):
            message = f"{request.method} is not possible here."
            return error_response(ApiError(405, "method_not_allowed", message, headers={"Allow": "GET, HEAD"}), request)
        return view(request, *args, **kwargs)

    return answer


@reading
def home(request: HttpRequest) -> HttpResponseBase:
    """The start page."""
    return _found(request, library(), "")


@reading
def anything(request: HttpRequest, path: str) -> HttpResponseBase:
    """A page, its Markdown, or a file beside it."""
    shelf = library()
    if (file := shelf.files.get(path)) is not None:
        return send_file(request, file)
    return _found(request, shelf, path)


@reading
def api(request: HttpRequest) -> HttpResponseBase:
    """The interactive reference."""
    return send(request, drawing.api_page(library(), _theme(request)), vary=("Cookie",))


@reading
def search_index(request: HttpRequest) -> HttpResponseBase:
    """What the search looks through."""
    shelf = library()
    return send(request, shelf.keep(("search",), lambda: body(JSON, search.index(shelf))))


@reading
def llms(request: HttpRequest) -> HttpResponseBase:
    """The index for agents."""
    return _text(request, "llms", TEXT, for_agents.index)


@reading
def llms_full(request: HttpRequest) -> HttpResponseBase:
    """All pages at once."""
    return _text(request, "llms-full", TEXT, for_agents.full)


@reading
def skill(request: HttpRequest) -> HttpResponseBase:
    """What an agent is taught."""
    shelf = library()
    place = shelf.places.get(for_agents.SKILL_PAGE)
    return _missing(request, shelf, "skill.md") if place is None else send(request, _markdown(shelf, place))


@reading
def sitemap(request: HttpRequest) -> HttpResponseBase:
    """Every page, for search engines."""
    return _text(request, "sitemap", XML, for_agents.sitemap)


def _text(request: HttpRequest, name: str, content_type: str, make: Callable[[Library], str]) -> HttpResponseBase:
    shelf = library()
    return send(request, shelf.keep((name, settings.FRAMELANE_PUBLIC_URL), lambda: body(content_type, make(shelf))))


def _found(request: HttpRequest, shelf: Library, path: str) -> HttpResponseBase:
    if (place := shelf.places.get(path)) is not None:
        made = _markdown(shelf, place) if _wants_markdown(request) else drawing.page(shelf, place, _theme(request))
        return send(request, made, vary=_VARY)
    if path.endswith(".md") and (place := _by_markdown(shelf, path.removesuffix(".md"))) is not None:
        return send(request, _markdown(shelf, place))
    if (elsewhere := _elsewhere(shelf, path)) is not None:
        return HttpResponsePermanentRedirect(elsewhere)
    return _missing(request, shelf, path)


def _by_markdown(shelf: Library, path: str) -> Place | None:
    return shelf.places.get("" if path == "index" else path)


def _elsewhere(shelf: Library, path: str) -> str | None:
    """Where a page is that was asked for by another of its names: with a slash, as a file, as an index."""
    if path.endswith(".md"):
        page = path_of(path)
        return address_of(page, ".md") if page in shelf.places else None
    page = path.rstrip("/").removesuffix("index").rstrip("/")
    return address_of(page) if page != path and page in shelf.places else None


def _markdown(shelf: Library, place: Place) -> Body:
    url = settings.FRAMELANE_PUBLIC_URL
    return shelf.keep(("md", place.page.path, url), lambda: body(MARKDOWN, markdown_of(shelf, place, url)))


def _wants_markdown(request: HttpRequest) -> bool:
    return request.get_preferred_type(["text/html", "text/markdown"]) == "text/markdown"


def _theme(request: HttpRequest) -> str:
    theme = request.COOKIES.get("theme", "")
    return theme if theme in drawing.THEMES else ""


def _missing(request: HttpRequest, shelf: Library, path: str) -> HttpResponseBase:
    """People get a page that helps on, readers of Markdown a line, programs the envelope."""
    if path.endswith(".md") or _wants_markdown(request):
        text = f"# There is no such page\n\nAll pages: {settings.FRAMELANE_PUBLIC_URL}/llms.txt\n"
        return HttpResponse(text, status=404, content_type=MARKDOWN)
    if "text/html" in request.headers.get("Accept", "").lower():
        return HttpResponse(drawing.not_found(shelf, path, _theme(request)), status=404, content_type=HTML)
    return error_response(not_found(f"There is nothing at {request.path_info[:200]}."), request)
