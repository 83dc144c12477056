"""One call of the API, and how it is made: with the key, with an `Idempotency-Key`, again after a failure."""

from __future__ import annotations

import json
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Generic, Protocol, TypeVar, Union, cast
from urllib.parse import quote, urljoin

from pydantic import BaseModel
from pydantic_core import to_jsonable_python

from framelane import errors
from framelane._answers import error_of, failure_of, parsed
from framelane._retry import delay_after_answer, delay_after_break
from framelane._settings import USER_AGENT, Settings
from framelane._wire import Answer, Broken, Flow, Request, Send, Sleep

T = TypeVar("T")

REPEATABLE = ("GET", "HEAD", "PUT", "PATCH", "DELETE")
Body = Union[Mapping[str, Any], BaseModel]


class HasId(Protocol):
    """An object of the API."""

    @property
    def id(self) -> str:
        """Its id."""
        ...


Reference = Union[str, HasId]


@dataclass(frozen=True)
class Call(Generic[T]):
    """What to ask for. `kind` is the type of the answer; None where it has no body.

    `repeatable` says that making the call twice does no harm; unless given, it follows from the method, and a POST is
    made so by its `idempotency_key`.
    """

    method: str
    path: str
    kind: Any = None
    params: Mapping[str, Any] = field(default_factory=dict)
    body: Any = None
    idempotency_key: str | None = None
    repeatable: bool | None = None
    public: bool = False
    extra_timeout_s: float = 0

    @property
    def may_repeat(self) -> bool:
        """Whether it may be made again when it is not known whether it was received."""
        if self.repeatable is not None:
            return self.repeatable
        return self.method in REPEATABLE or self.idempotency_key is not None

    def with_params(self, **params: Any) -> Call[T]:
        """The same call with further parameters."""
        return replace(self, params={**self.params, **params})


def creating(path: str, kind: type[T], body: Any, idempotency_key: str | None) -> Call[T]:
    """A POST that makes an object, once, however often it is sent."""
    return Call("POST", path, kind, body=body, idempotency_key=_key(idempotency_key))


def _key(given: str | None) -> str:
    if given is None:
        return str(uuid.uuid4())
    if not (1 <= len(given) <= 255 and given.isascii() and given.isprintable()):
        raise ValueError(f"idempotency_key is {given[:40]!r}; it must be 1 to 255 printable ASCII characters")
    return given


def at(path: str, *references: Reference) -> str:
    """A path with ids put into its `{}`. Raises ValueError for an empty id, which would be another address."""
    return path.format(*(quote(id_of(reference), safe="") for reference in references))


def id_of(reference: Reference) -> str:
    """The id of an object, or the id itself."""
    found: Any = reference if isinstance(reference, str) else reference.id
    if not isinstance(found, str) or not found.strip(". "):
        raise ValueError(f"{found!r} is not an id")
    return str(found)


def given(**fields: Any) -> dict[str, Any]:
    """The fields that are not None."""
    return {name: value for name, value in fields.items() if value is not None}


def jsonable(body: Any) -> Any:
    """What a body is as JSON. Of a model only what was set counts, so that the server's defaults hold."""
    if isinstance(body, BaseModel):
        return body.model_dump(mode="json", by_alias=True, exclude_unset=True)
    if isinstance(body, Mapping):
        return {str(name): jsonable(value) for name, value in body.items()}
    if isinstance(body, (list, tuple)):
        return [jsonable(value) for value in body]
    return to_jsonable_python(body, fallback=_refused)


def _refused(value: Any) -> Any:
    raise TypeError(f"{value!r} cannot be part of a request")


def request_of(settings: Settings, call: Call[Any]) -> Request:
    """The request of a call. Raises MissingApiKey."""
    headers = {"Accept": "application/json", "User-Agent": USER_AGENT}
    if not call.public:
        if settings.api_key is None:
            raise errors.MissingApiKey()
        headers["Authorization"] = f"Bearer {settings.api_key}"
    if call.idempotency_key is not None:
        headers["Idempotency-Key"] = call.idempotency_key
    content = None
    if call.body is not None:
        headers["Content-Type"] = "application/json"
        content = json.dumps(jsonable(call.body), ensure_ascii=False, allow_nan=False).encode()
    timeout_s = settings.timeout_s + call.extra_timeout_s
    return Request(call.method, settings.base_url + call.path, timeout_s, headers, given(**call.params), content)


def run(settings: Settings, call: Call[T]) -> Flow[T]:
    """Make a call; returns its answer. Raises ApiError, ConnectionFailed, TimedOut, UnexpectedAnswer."""
    answer, in_doubt = yield from exchange(settings, request_of(settings, call), call.may_repeat)
    if call.method == "DELETE" and answer.status == 404 and in_doubt and call.kind is None:
        # The attempt whose answer was lost has deleted it.
        return cast(T, None)
    return result_of(settings, call, answer)


def result_of(settings: Settings, call: Call[T], answer: Answer) -> T:
    """The object that an answer holds. Raises ApiError, UnexpectedAnswer."""
    _require(settings, answer, ok=(200, 201, 202, 204))
    return cast(T, parsed(call.kind, answer))


def redirect(settings: Settings, call: Call[Any]) -> Flow[str]:
    """Make a call that answers with a redirect; returns the address. Raises as `run`."""
    request = request_of(settings, call)
    answer, _ = yield from exchange(settings, request, call.may_repeat)
    _require(settings, answer, ok=(302, 303, 307))
    where: str = answer.headers.get("Location", "")
    if not where:
        raise errors.UnexpectedAnswer(f"{call.path} answered with a redirect that leads nowhere.")
    return urljoin(request.url, where)


def exchange(settings: Settings, request: Request, repeatable: bool) -> Flow[tuple[Answer, bool]]:
    """Send a request until it is answered for good; also whether an attempt before may have been carried out.

    Raises ConnectionFailed, TimedOut.
    """
    failures, in_doubt = 0, False
    while True:
        try:
            answer: Answer = yield Send(request)
        except Broken as broken:
            failures += 1
            in_doubt = in_doubt or broken.sent
            delay_s = delay_after_break(settings, broken, failures, repeatable)
            if delay_s is None:
                raise failure_of(broken) from broken
        else:
            failures += 1
            delay_s = delay_after_answer(settings, answer, failures, repeatable)
            if delay_s is None:
                return answer, in_doubt
            in_doubt = in_doubt or answer.status >= 500
        yield Sleep(delay_s)


def _require(settings: Settings, answer: Answer, ok: tuple[int, ...]) -> None:
    if answer.status in ok:
        return
    if answer.status < 400:
        where = answer.headers.get("Location")
        told = f"a redirect to {where}" if where else f"status {answer.status}"
        raise errors.UnexpectedAnswer(f"{settings.base_url} answered with {told}; is it the address of the API?")
    raise error_of(answer)
