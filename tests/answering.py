"""Web servers on the loopback that give one answer to everything."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager

from tests.loopback import QuietHandler, http_server, send, serving

Start = Callable[..., str]


@contextmanager
def answering_servers(path: str) -> Iterator[Start]:
    """Gives `start(body, status=200)`, which starts a server and returns its address, ending in `path`."""
    with ExitStack() as running:
        yield lambda body, status=200: running.enter_context(serving(http_server(_answer(body, status)))) + path


def _answer(body: bytes, status: int) -> type[QuietHandler]:
    class Answer(QuietHandler):
        def do_GET(self) -> None:
            send(self, body, status)

    return Answer
