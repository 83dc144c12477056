"""Operations as commands that can be pasted."""

import json
import shlex
from typing import Any

from apps.docs.api_reference.document import Operation
from apps.docs.api_reference.schemas import body_example


def address(operation: Operation) -> str:
    """The address with a shell variable for each id: `/v1/renders/$RENDER_ID`."""
    path = operation.path
    for parameter in operation.parameters:
        if parameter.get("in") == "path":
            path = path.replace(f"{{{parameter['name']}}}", f"${parameter['name'].upper()}")
    return path


def curl(operation: Operation) -> str:
    """The operation with curl; the address of the API stands in `$API`, the key in `$FRAMELANE_API_KEY`."""
    parts = [f'curl {_method(operation)}"$API{address(operation)}"']
    if operation.needs_key:
        parts.append('-H "Authorization: Bearer $FRAMELANE_API_KEY"')
    if operation.body is not None:
        parts.append(f"--json {shlex.quote(shown(body_example(operation.body)))}")
    return " \\\n  ".join(parts)


def _method(operation: Operation) -> str:
    """The option that names the method, where curl would choose another."""
    chosen = "POST" if operation.body is not None else "GET"
    return "" if operation.method == chosen else f"-X {operation.method} "


def shown(value: Any) -> str:
    """JSON as people write it: short lists and objects on one line."""
    return _lines(value, "")


def _lines(value: Any, indent: str) -> str:
    flat = json.dumps(value, ensure_ascii=False)
    if not isinstance(value, (dict, list)) or len(flat) + len(indent) <= 76 or not value:
        return flat
    deeper = indent + "  "
    if isinstance(value, dict):
        inner = [f"{deeper}{json.dumps(key)}: {_lines(part, deeper)}" for key, part in value.items()]
        return "{\n" + ",\n".join(inner) + f"\n{indent}}}"
    return "[\n" + ",\n".join(deeper + _lines(part, deeper) for part in value) + f"\n{indent}]"
