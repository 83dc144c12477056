"""A page of Markdown for each subject of the interface."""

from collections.abc import Iterable, Iterator
from typing import Any, Final

from apps.docs.api_reference.commands import curl, shown
from apps.docs.api_reference.document import Operation, Schema, Tag, component, name_of, names_within, reachable, tags
from apps.docs.api_reference.schemas import about, bounds_of, example_of, type_of, values_of
from apps.docs.markdown import first_words, slug
from apps.docs.pages import Page

FOLDER: Final = "reference/api"
TITLES: Final = {"api-keys": "API keys", "auth": "Sessions", "signup": "Signing up"}
_IN: Final = {"path": "in the address", "query": "in the query", "header": "as a header"}


def title_of(tag: str) -> str:
    """What readers call a subject."""
    return TITLES.get(tag, tag.replace("-", " ").capitalize())


def pages() -> Iterator[Page]:
    """The pages in the order of the document."""
    for tag in tags():
        markdown = "\n\n".join(_page(tag)) + "\n"
        title, description = first_words(markdown)
        yield Page(f"{FOLDER}/{tag.name}", title, description, markdown)


def _page(tag: Tag) -> Iterator[str]:
    yield f"# {title_of(tag.name)}"
    yield tag.description
    yield _table(
        ["operation", "", "what"],
        ([f"`{one.method}`", f"[`{one.path}`](#{slug(one.summary, {})})", one.summary] for one in tag.operations),
    )
    yield "Every operation can be tried in the [interactive reference](/docs/api/)."
    for operation in tag.operations:
        yield from _operation(operation)
    names = reachable(list(dict.fromkeys(names_within([one.raw for one in tag.operations]))))
    if names:
        yield "## Objects"
    for name in sorted(names):
        yield from _component(name)


def _operation(operation: Operation) -> Iterator[str]:
    yield f"## {operation.summary}"
    yield f"`{operation.method} {operation.path}`" + ("" if operation.needs_key else " — needs no key.")
    if operation.description:
        yield _lowered(operation.description)
    yield f"```sh\n{curl(operation)}\n```"
    if operation.parameters:
        yield "**Parameters**"
        yield _table(["name", "where", "type", "what"], map(_parameter, operation.parameters))
    if operation.body is not None:
        yield f"**Body**: {_type(operation.body)}, as JSON."
    yield "**Answers**"
    yield _table(
        ["status", "what", "body"],
        ([_status(status), text, _type(body) if body else ""] for status, text, body in operation.answers),
    )
    yield from _answer_example(operation)


def _status(status: str) -> str:
    return "any other" if status == "default" else f"`{status}`"


def _answer_example(operation: Operation) -> Iterator[str]:
    body = next((body for status, _, body in operation.answers if status.startswith("2") and body), None)
    if body is not None:
        name = name_of(body)
        yield f"```json {name}".rstrip() + f"\n{shown(example_of(body))}\n```"


def _parameter(parameter: dict[str, Any]) -> list[str]:
    schema = parameter["schema"]
    name = f"`{parameter['name']}`" + (", required" if parameter.get("required") else "")
    return [name, _IN[parameter["in"]], _kind(schema), parameter.get("description", "")]


def _kind(schema: Schema) -> str:
    said = [_type(schema), bounds_of(schema)]
    if schema.get("default") not in (None, ""):
        said.append(f"`{shown(schema['default'])}` by default")
    return ", ".join(word for word in said if word)


def _type(schema: Schema) -> str:
    return type_of(schema, lambda name: f"[{name}](#{name.lower()})")


def _component(name: str) -> Iterator[str]:
    schema = component(name)
    yield f"### {name}"
    if text := about(schema):
        yield _lowered(text)
    if values := values_of(schema):
        yield _table(["value", "what"], ([f"`{value}`", text] for value, text in values))
    elif fields := schema.get("properties"):
        required = schema.get("required", ())
        rows = (
            [_field(field, field in required), _kind(part), _one_line(str(part.get("description", "")))]
            for field, part in fields.items()
        )
        yield _table(["field", "type", "what"], rows)
    else:
        yield f"{_kind(schema)}."


def _field(name: str, is_required: bool) -> str:
    return f"`{name}`" + (", required" if is_required else "")


def _lowered(text: str) -> str:
    """Headings within a description would stand among those of the page."""
    return "\n".join(f"**{line.lstrip('# ')}**" if line.startswith("#") else line for line in text.splitlines())


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _table(heads: list[str], rows: Iterable[list[str]]) -> str:
    lines = [heads, ["---"] * len(heads), *([cell.replace("|", "\\|") for cell in row] for row in rows)]
    return "\n".join(f"| {' | '.join(_one_line(cell) for cell in line)} |" for line in lines)
