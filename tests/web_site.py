"""A web server on the loopback whose pages the test writes."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

Behaviour = Callable[[BaseHTTPRequestHandler], None]


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


def send(handler: BaseHTTPRequestHandler, body: bytes, status: int, headers: Mapping[str, str] | None = None) -> None:
    handler.send_response(status)
    for name, value in {"Content-Length": str(len(body)), **(headers or {})}.items():
        handler.send_header(name, value)
    handler.end_headers()
    handler.wfile.write(body)


@contextmanager
def web_site() -> Iterator[Site]:
    """A site that answers 404 to everything until the test says otherwise."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), BaseHTTPRequestHandler)
    server.daemon_threads = True
    site = Site(f"http://127.0.0.1:{server.server_port}")

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            site.asked.append(self.path)
            missing: Behaviour = lambda handler: send(handler, b"no such page", 404)  # noqa: E731
            site.pages.get(self.path.partition("?")[0], missing)(self)

        def log_message(self, format: str, *args: object) -> None:
            pass

    server.RequestHandlerClass = Handler
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield site
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
