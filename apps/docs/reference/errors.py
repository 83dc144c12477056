"""Every error and every finding: what it means, and what to do about it."""

from collections.abc import Iterable
from typing import Any, Final

from apps.docs.pages import Page
from apps.docs.reference.writing import example, name, page, table
from apps.jobs.remedies import REMEDIES
from apps.jobs.schemas import ErrorCode
from framelane.api.error_codes import ERROR_CODES
from framelane.api.errors import validation_error
from gpu_tasks.timeline.findings import FINDINGS, Finding
from gpu_tasks.timeline.lint import InvalidRequest, parse_render

_WRONG: Final = {"elements": [{"type": "text", "text": "Hello", "duration": 2, "text_align": "centre"}]}
_PLACES: Final = {"validation": "check of a request", "job": "`warnings` of a job"}
_RETRIES: Final = """## What to try again

Send the same request again, after a growing pause with some chance in it, when the answer is `429`, `500`, `502`,
`503` or `504`, or when the connection broke; `Retry-After` says how long to wait at least. With an
`Idempotency-Key` a request that makes something never makes it twice. Other answers stay the same however often
they are asked for."""


def pages() -> Iterable[Page]:
    """The pages of errors and of findings."""
    return (_errors(), _job_errors(), _findings())


def _errors() -> Page:
    return page(
        "errors",
        "# Errors",
        "Every answer that is not a success has the same shape, with a `code` to decide by and a `message` for people.",
        example(_envelope(), "ErrorEnvelope"),
        "`details` is always an object. For `validation_error` and `unsupported_feature` its `fields` name each "
        "wrong place by a JSON pointer. Every answer has the header `X-Request-Id`; it finds the request in the "
        "log.",
        "## Codes",
        table(
            ("code", "HTTP", "what it means", "what to do"),
            (
                (name(code), ", ".join(map(str, facts.statuses)), facts.meaning, facts.remedy)
                for code, facts in ERROR_CODES.items()
            ),
        ),
        _RETRIES,
        "Why a job failed stands on [a page of its own](job-errors.md).",
    )


def _envelope() -> dict[str, Any]:
    """What the validator says to a request with a mistake."""
    try:
        parse_render(_WRONG)
    except InvalidRequest as refused:
        return validation_error(refused.problems, refused.code).envelope()
    raise AssertionError("a wrong request was taken")


def _job_errors() -> Page:
    return page(
        "job-errors",
        "# Errors of jobs",
        "A job that ends as `failed` says why in `error`: a `code` to decide by, and a `message` that names the "
        "source and the cause.",
        example({"code": "source_not_found", "message": "https://cdn.example.com/clip.mp4 answered 404."}, "JobError"),
        "Faults of ours are tried again by themselves before a job fails. Jobs that failed or were cancelled cost "
        "nothing.",
        table(
            ("code", "what it means", "what to do"),
            ((name(code.value), code.description, REMEDIES[code]) for code in ErrorCode),
        ),
    )


def _findings() -> Page:
    return page(
        "warnings",
        "# Warnings and checks",
        "What the check of a request finds, and what a job did not do quite as asked. Errors refuse the request; "
        "warnings do not.",
        "`POST /v1/renders/validate` tells what can be seen of a request before its sources are read, and makes "
        "nothing. `warnings` of a job has the same, and what turned out while it was made.",
        example(
            {
                "code": "UNKNOWN_FIELD",
                "message": "unknown field 'colour' is ignored",
                "severity": "warning",
                "path": "/elements/0/colour",
            },
            "Violation",
        ),
        table(("code", "severity", "told in", "what it means", "what to do"), map(_finding, FINDINGS.items())),
    )


def _finding(entry: tuple[str, Finding]) -> tuple[str, ...]:
    code, facts = entry
    return (
        name(code),
        facts.severity,
        ", ".join(_PLACES[place] for place in facts.appears_in),
        facts.meaning,
        facts.remedy,
    )
