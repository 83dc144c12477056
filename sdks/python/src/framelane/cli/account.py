"""Signing up, logging in and out."""

from __future__ import annotations

import getpass
import re
import sys

from framelane import Framelane
from framelane.cli.context import Context
from framelane.cli.failures import USAGE, CommandFailed
from framelane.cli.terminal import plain
from framelane.errors import ValidationFailed

_CODE = re.compile(r"[0-9]{6}")
_TRIES = 3


def signup(context: Context) -> None:
    """`framelane signup`: a new workspace, whose key is kept."""
    options = context.options
    email = options.email or _asked("Email: ", "--email")
    if options.resend:
        context.client.signup.resend(email=email)
        context.terminal.result({"sent": True}, [f"if {email} waits for a code, a new one is on its way"])
    elif options.code:
        _verify(context, email, options.code)
    else:
        _create(context, email)


def _create(context: Context, email: str) -> None:
    name = context.options.workspace_name or _asked("Name of the workspace: ", "--workspace-name")
    made = context.client.signup.create(workspace_name=name, email=email)
    if made.api_key.key:
        context.config.keep(context.base_url, made.api_key.key)
        context.terminal.note(f"the API key is kept in {context.config.path}")
    again = f"framelane signup --email {email} --code CODE"
    if sys.stdin.isatty() and not context.terminal.as_json:
        context.terminal.note(f"a code of six digits is on its way to {email}")
        _verify_by_hand(context, email, again)
        return
    context.terminal.result(made, [f"a code is on its way to {email}; now run: {again}"])


def _verify_by_hand(context: Context, email: str, again: str) -> None:
    for _ in range(_TRIES):
        code = _asked("Code (leave empty to do this later): ", "--code", may_be_empty=True)
        if not code:
            context.terminal.note(f"later, run: {again}")
            return
        try:
            _verify(context, email, code)
            return
        except (CommandFailed, ValidationFailed) as error:
            context.terminal.error([str(error).splitlines()[0]])
    raise CommandFailed(f"the address is not verified yet; later, run: {again}")


def _verify(context: Context, email: str, code: str) -> None:
    if not _CODE.fullmatch(code.strip()):
        raise CommandFailed(f"code {code!r}: six digits are accepted", code=USAGE)
    done = context.client.signup.verify(email=email, otp_code=code.strip())
    context.terminal.result(done, [f"{email} is verified; the workspace {done.workspace.name!r} is ready"])


def login(context: Context) -> None:
    """`framelane login`: keep a key, once it is clear that it works."""
    key = getattr(context.options, "api_key", None) or _key()
    with Framelane(api_key=key, base_url=context.base_url) as client:
        workspace = client.workspace.get()
    context.config.keep(context.base_url, key)
    context.terminal.note(f"the API key is kept in {context.config.path}")
    told = [f"logged in to {context.base_url} as {workspace.name!r} ({workspace.plan})"]
    context.terminal.result({**plain(workspace), "base_url": context.base_url}, told)


def _key() -> str:
    key = getpass.getpass("API key: ", stream=sys.stderr) if sys.stdin.isatty() else sys.stdin.readline()
    if not key.strip():
        raise CommandFailed("no API key was given; it begins with fl_live_", code=USAGE)
    return key.strip()


def logout(context: Context) -> None:
    """`framelane logout`: forget the key; it goes on working elsewhere."""
    had = context.config.forget(context.base_url)
    told = f"logged out of {context.base_url}" if had else f"there is no key for {context.base_url}"
    context.terminal.result({"base_url": context.base_url, "forgotten": had}, [told])


def _asked(question: str, option: str, *, may_be_empty: bool = False) -> str:
    """An answer typed on the terminal. Raises CommandFailed where nobody is there to ask."""
    if not sys.stdin.isatty():
        raise CommandFailed(f"{option} is missing", code=USAGE)
    print(question, end="", file=sys.stderr, flush=True)
    answer = sys.stdin.readline().strip()
    if not answer and not may_be_empty:
        raise CommandFailed(f"{option} is missing", code=USAGE)
    return answer
