"""The command line: options, what each command is for, and how everything ends."""

from __future__ import annotations

import json
import os
import signal
import sys
from argparse import Namespace
from collections.abc import Sequence
from typing import Any, NoReturn

import httpx

from framelane.cli.context import Context
from framelane.cli.failures import (
    DONE,
    PIPE_CLOSED,
    TERMINATED,
    CommandFailed,
    Interrupted,
    code_of,
    lines_of,
)
from framelane.cli.parser import parser
from framelane.errors import ApiError, FramelaneError, JobCancelled, JobFailed


def main(arguments: Sequence[str] | None = None) -> NoReturn:
    """Run the command and exit with its code."""
    sys.exit(run(sys.argv[1:] if arguments is None else arguments))


def run(arguments: Sequence[str]) -> int:
    """Run the command; returns its exit code."""
    _hear_signals()
    try:
        options = parser().parse_args(arguments)
        context = Context(options)
        code = _attempt(context, options)
        sys.stdout.flush()
        return code
    except BrokenPipeError:
        return _pipe_closed()


def _attempt(context: Context, options: Namespace) -> int:
    try:
        options.run(context)
        return DONE
    except BrokenPipeError:
        raise
    except (FramelaneError, CommandFailed, httpx.HTTPError, OSError, ValueError) as error:
        _tell(context, error)
        return code_of(error)
    except Interrupted as interrupted:
        return interrupted.code


def _tell(context: Context, error: Exception) -> None:
    if isinstance(error, (JobFailed, JobCancelled)) and context.terminal.as_json:
        context.terminal.result(error.job)
    lines = lines_of(error)
    if not context.terminal.as_json:
        context.terminal.error(lines)
    elif lines:
        print(json.dumps({"error": _as_data(error, lines)}, ensure_ascii=False), file=sys.stderr)


def _as_data(error: Exception, lines: list[str]) -> dict[str, Any]:
    told: dict[str, Any] = {"exit_code": code_of(error), "message": "\n".join(lines)}
    if isinstance(error, ApiError):
        told |= {"code": error.code, "details": error.details, "request_id": error.request_id, "message": error.message}
    return told


def _hear_signals() -> None:
    """Ctrl-C and a polite request to end are told apart by their exit codes, and both are heard by whoever waits."""

    def interrupt(number: int, _: object) -> None:
        raise Interrupted(TERMINATED if number == signal.SIGTERM else Interrupted().code)

    signal.signal(signal.SIGINT, interrupt)
    signal.signal(signal.SIGTERM, interrupt)


def _pipe_closed() -> int:
    """Nobody reads any more. What is still buffered must not raise again as Python ends."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return PIPE_CLOSED
