"""What the API would say to a request, with the places in its text. Nothing is made and nothing is counted."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any, Literal

from apps.console.playground import syntax
from apps.console.playground.positions import Member, Span, Text, members, parts_of
from apps.jobs.plans import PlanExceeded
from apps.jobs.services.checking import check_render
from apps.workspaces.models import Workspace
from framelane.api import parsing
from framelane.api.errors import ApiError
from gpu_tasks.timeline.lint import InvalidRequest

MAX_SHOWN = 200
"""Problems of a request that are shown; more help nobody."""
Severity = Literal["error", "warning"]
_OF_KEYS = frozenset({"UNKNOWN_FIELD"})


@dataclass(frozen=True, slots=True)
class Found:
    """A problem by the JSON pointer of its place."""

    path: str
    code: str
    message: str
    severity: Severity


@dataclass(frozen=True, slots=True)
class Finding:
    """A problem and its place. Lines and columns count from 1; `start` and `end` are UTF-16 offsets, for browsers."""

    path: str
    code: str
    message: str
    severity: Severity
    line: int
    column: int
    end_line: int
    end_column: int
    start: int
    end: int

    @property
    def place(self) -> str:
        """The path as people write it: `elements[2].duration`."""
        return readable(self.path)


@dataclass(frozen=True, slots=True)
class Report:
    """The answer to a text: whether it could be rendered, and what there is to say about it, in its order."""

    ok: bool
    findings: list[Finding]
    payload: Any = None

    def as_dict(self) -> dict[str, Any]:
        return {"ok": self.ok, "problems": [{**asdict(finding), "place": finding.place} for finding in self.findings]}

    @property
    def errors(self) -> list[Finding]:
        return [finding for finding in self.findings if finding.severity == "error"]


def readable(pointer: str) -> str:
    """A JSON pointer as an expression: `/elements/2/duration` is `elements[2].duration`; "" for the whole."""
    written = "".join(f"[{part}]" if part.isdigit() else f".{part}" for part in parts_of(pointer))
    return written.removeprefix(".")


def check(workspace: Workspace, raw: bytes) -> Report:
    """Look at a text as `POST /v1/renders` does."""
    try:
        payload = parsing.loads(raw)
    except ApiError as error:
        return _unreadable(error, raw.decode("utf-8", "replace"))
    found = problems(workspace, payload)
    ok = all(problem.severity == "warning" for problem in found)
    return Report(ok, placed(raw.decode("utf-8"), found), payload)


def problems(workspace: Workspace, payload: Any) -> list[Found]:
    """What is wrong with a request, and what is likely a mistake."""
    verdict = check_render(workspace=workspace, payload=payload)
    warnings = [Found(finding.path, finding.code, finding.message, finding.severity) for finding in verdict.warnings]
    return [*_errors(verdict.refusal), *warnings]


def _errors(refusal: InvalidRequest | PlanExceeded | None) -> list[Found]:
    if isinstance(refusal, InvalidRequest):
        return [Found(problem.path, problem.code, problem.message, "error") for problem in refusal.problems]
    return [Found("/width", "plan_limit", str(refusal), "error")] if refusal else []


def placed(source: str, found: Iterable[Found]) -> list[Finding]:
    """The problems at their places in a text that holds the request, in the order of the text."""
    shown = list(found)[:MAX_SHOWN]
    places = members(source, [ancestor for problem in shown for ancestor in _line_of(problem.path)])
    text = Text(source)
    findings = [_finding(text, _span(problem, places), problem) for problem in shown]
    return sorted(findings, key=lambda finding: (finding.start, finding.severity))


def _line_of(pointer: str) -> list[str]:
    """A pointer and all that lead to it, the longest first: what is missing has its place where it is missing."""
    parts = pointer.split("/")
    return ["/".join(parts[:count]) for count in range(len(parts), 0, -1)]


def _span(problem: Found, places: dict[str, Member]) -> Span:
    """The value that is wrong; of an object or a list its bracket, and of what is ignored the key."""
    exact = places.get(problem.path)
    if exact is not None and exact.key is not None and problem.code in _OF_KEYS:
        return exact.key
    member = next((places[pointer] for pointer in _line_of(problem.path) if pointer in places), None)
    if member is None:
        return Span(0, 0)
    return member.value


def _finding(text: Text, span: Span, problem: Found) -> Finding:
    span = _marked(text.source, span)
    line, column = text.line_and_column(span.start)
    end_line, end_column = text.line_and_column(span.end)
    return Finding(
        path=problem.path,
        code=problem.code,
        message=problem.message,
        severity=problem.severity,
        line=line,
        column=column,
        end_line=end_line,
        end_column=end_column,
        start=text.browser_offset(span.start),
        end=text.browser_offset(span.end),
    )


def _marked(source: str, span: Span) -> Span:
    """A whole object underlined tells less than where it begins."""
    return Span(span.start, span.start + 1) if source[span.start : span.start + 1] in ("{", "[") else span


def _unreadable(error: ApiError, source: str) -> Report:
    problem = Found("", error.code, _without_place(error.message), "error")
    return Report(False, [_finding(Text(source), syntax.place_of(error, source), problem)])


def _without_place(message: str) -> str:
    """The place is told beside it."""
    return f"{message.partition(' at line ')[0].rstrip('.')}."
