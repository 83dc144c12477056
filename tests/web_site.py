"""A web server on the loopback whose pages the test writes."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field

from tests.loopback import Behaviour, QuietHandler, http_server, send, serving


@dataclass
class Site:
    """What a server answers, by path without query. `asked` are the paths, with queries, that have been asked for."""

    url: str
    pages: dict[str, Behaviour] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    def put(self, path: str, body: bytes, status: int = 200, headers: Mapping[str, str] | None = None) -> str:
        """Answer `path` with `body`; its URL."""
        return self.behave(path, lambda handler: send(handler, body, status, headers))

    def redirect(self, path: str, location: str) -> str:
        """Send whoever asks for `path` elsewhere; its URL."""
        return self.put(path, b"", 302, {"Location": location})

    def behave(self, path: str, behaviour: Behaviour) -> str:
        self.pages[path] = behaviour
        return self.url + path


@contextmanager
def web_site() -> Iterator[Site]:
    """A site that answers 404 to everything until the test says otherwise."""
    site = Site("")

    class Handler(QuietHandler):
        def do_GET(self) -> None:
            site.asked.append(self.path)
            missing: Behaviour = lambda handler: send(handler, b"no such page", 404)  # noqa: E731
            site.pages.get(self.path.partition("?")[0], missing)(self)

    with serving(http_server(Handler)) as site.url:
        yield site
