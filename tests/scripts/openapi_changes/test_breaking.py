"""Which changes of the API break its clients, and which do not."""

import copy
import json
from collections.abc import Callable
from typing import Any

import pytest

from scripts import openapi
from scripts.openapi_changes import __main__ as command
from scripts.openapi_changes.operations import breaking_changes

GONE = object()
FILM_JSON = {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/Film"}}}}

DOCUMENT: dict[str, Any] = {
    "paths": {
        "/films": {
            "get": {
                "operationId": "list_films",
                "parameters": [
                    {"in": "query", "name": "limit", "schema": {"type": "integer", "maximum": 100, "default": 20}},
                    {"in": "query", "name": "status", "schema": {"$ref": "#/components/schemas/Status"}},
                ],
                "responses": {"200": FILM_JSON},
            },
            "post": {
                "operationId": "create_film",
                "requestBody": {
                    "content": {"application/json": {"schema": {"$ref": "#/components/schemas/FilmRequest"}}}
                },
                "responses": {
                    "202": FILM_JSON,
                    "402": {"description": "No minutes."},
                    "default": {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/Error"}}}},
                },
                "security": [{"ApiKey": []}],
            },
        },
    },
    "webhooks": {"film.ready": {"post": {"requestBody": FILM_JSON}}},
    "components": {
        "schemas": {
            "Status": {"type": "string", "enum": ["queued", "done"]},
            "Error": {"type": "object", "properties": {"code": {"type": "string", "enum": ["gone", "conflict"]}}},
            "Film": {
                "type": "object",
                "required": ["id", "status"],
                "properties": {
                    "id": {"type": "string"},
                    "status": {"$ref": "#/components/schemas/Status"},
                    "size": {"anyOf": [{"type": "integer"}, {"type": "null"}]},
                    "seconds": {"type": "number"},
                    "made_at": {"type": "string", "format": "date-time"},
                    "parts": {"type": "array", "items": {"$ref": "#/components/schemas/Film"}},
                },
            },
            "FilmRequest": {
                "type": "object",
                "properties": {
                    "width": {"type": "integer", "minimum": 16, "maximum": 8192},
                    "speed": {"type": "number", "exclusiveMinimum": 0},
                    "format": {"$ref": "#/components/schemas/Format", "default": "mp4"},
                    "name": {"anyOf": [{"type": "string", "maxLength": 255}, {"type": "null"}]},
                    "url": {"type": "string"},
                    "metadata": {"type": "object", "additionalProperties": {"type": "string"}},
                    "elements": {
                        "type": "array",
                        "maxItems": 10,
                        "items": {
                            "oneOf": [{"$ref": "#/components/schemas/Text"}, {"$ref": "#/components/schemas/Video"}]
                        },
                    },
                },
            },
            "Format": {"type": "string", "enum": ["mp4", "webm"]},
            "Text": {"type": "object", "required": ["type"], "properties": {"type": {"const": "text"}}},
            "Video": {"type": "object", "required": ["type"], "properties": {"type": {"const": "video"}}},
        }
    },
}

SCHEMAS = "components/schemas"
FILM = f"{SCHEMAS}/Film/properties"
REQUEST = f"{SCHEMAS}/FilmRequest/properties"
LIST = "paths/~1films/get"
CREATE = "paths/~1films/post"
NEW = {"type": "string"}

BREAKING: list[tuple[str, Any, str, str]] = [
    # What is changed, to what, the place that is named, and what is said of it.
    ("paths/~1films", GONE, "#/paths/~1films/get", "GET /films is gone"),
    (CREATE, GONE, f"#/{CREATE}", "POST /films is gone"),
    (f"{LIST}/operationId", "films", f"#/{LIST}", "operationId was 'list_films', is 'films'"),
    (f"{LIST}/security", [{"ApiKey": []}], f"#/{LIST}", "needed no key, needs ApiKey"),
    (f"{LIST}/parameters/0", GONE, f"#/{LIST}/parameters/0", "the query parameter 'limit' is gone"),
    (f"{LIST}/parameters/0/required", True, f"#/{LIST}/parameters/0", "'limit' is now required"),
    (f"{LIST}/parameters/0/schema/maximum", 50, f"#/{LIST}/parameters/0/schema", "was <= 100, is <= 50"),
    (f"{LIST}/parameters/0/schema/default", 10, f"#/{LIST}/parameters/0", "the default was 20, is 10"),
    (
        f"{LIST}/parameters/2",
        {"in": "query", "name": "q", "required": True},
        f"#/{LIST}/parameters/2",
        "new and required",
    ),
    (f"{LIST}/responses/200", GONE, f"#/{LIST}/responses/200", "the answer 200 is gone"),
    (f"{CREATE}/responses/default", GONE, f"#/{CREATE}/responses/default", "the answer default is gone"),
    (f"{CREATE}/requestBody/required", True, f"#/{CREATE}/requestBody", "a body is now required"),
    (
        f"{CREATE}/requestBody/content",
        {"text/plain": {}},
        f"#/{CREATE}/requestBody/content/application~1json",
        "a body of the type application/json is no longer accepted",
    ),
    (
        f"{CREATE}/responses/202/content",
        {"text/plain": {}},
        f"#/{CREATE}/responses/202/content/application~1json",
        "the answer is no longer application/json",
    ),
    ("webhooks/film.ready", GONE, "#/webhooks/film.ready", "the call 'film.ready' is no longer made"),
    (f"{FILM}/seconds", GONE, f"#/{SCHEMAS}/Film", "the field 'seconds' is gone"),
    (f"{FILM}/seconds/type", "string", f"#/{FILM}/seconds", "was number, is string"),
    (f"{FILM}/id", {"anyOf": [{"type": "string"}, {"type": "null"}]}, f"#/{FILM}/id", "may now be null"),
    (f"{FILM}/id", {}, f"#/{FILM}/id", "was string, is anything"),
    (f"{FILM}/size/anyOf/0/type", "number", f"#/{FILM}/size", "may now be number"),
    (f"{FILM}/made_at/format", "date", f"#/{FILM}/made_at", "the format was 'date-time', is 'date'"),
    (f"{FILM}/made_at/format", GONE, f"#/{FILM}/made_at", "the format was 'date-time', is None"),
    (f"{SCHEMAS}/Film/required", ["id"], f"#/{SCHEMAS}/Film", "'status' was always there, and may now be missing"),
    (f"{SCHEMAS}/Status/enum", ["queued"], f"#/{SCHEMAS}/Status", "the value 'done' is gone; left are \"queued\""),
    (f"{SCHEMAS}/Error/properties/code/enum", ["conflict"], f"#/{SCHEMAS}/Error/properties/code", "'gone' is gone"),
    (f"{REQUEST}/url", GONE, f"#/{SCHEMAS}/FilmRequest", "the field 'url' is gone"),
    (f"{SCHEMAS}/FilmRequest/required", ["url"], f"#/{SCHEMAS}/FilmRequest", "the field 'url' is now required"),
    (f"{REQUEST}/width/minimum", 32, f"#/{REQUEST}/width", "the least value was >= 16, is >= 32"),
    (f"{REQUEST}/width/exclusiveMinimum", 16, f"#/{REQUEST}/width", "the least value was >= 16, is > 16"),
    (f"{REQUEST}/width/maximum", 4096, f"#/{REQUEST}/width", "the greatest value was <= 8192, is <= 4096"),
    (f"{REQUEST}/width/multipleOf", 2, f"#/{REQUEST}/width", "multipleOf was None, is 2"),
    (f"{REQUEST}/speed/maximum", 4, f"#/{REQUEST}/speed", "the greatest value was not limited, is <= 4"),
    (f"{REQUEST}/speed/type", "integer", f"#/{REQUEST}/speed", "was number, is integer"),
    (f"{REQUEST}/url/maxLength", 9, f"#/{REQUEST}/url", "maxLength was not limited, is 9"),
    (f"{REQUEST}/url/minLength", 1, f"#/{REQUEST}/url", "minLength was 0, is 1"),
    (f"{REQUEST}/url/pattern", "^https", f"#/{REQUEST}/url", "pattern was None, is '^https'"),
    (f"{REQUEST}/url/format", "uri", f"#/{REQUEST}/url", "the format was None, is 'uri'"),
    (f"{REQUEST}/url/enum", ["a"], f"#/{REQUEST}/url", 'is now limited to "a"'),
    (f"{REQUEST}/name/anyOf/1", GONE, f"#/{REQUEST}/name", "null is no longer accepted"),
    (f"{REQUEST}/name/anyOf/0/maxLength", 9, f"#/{REQUEST}/name/anyOf/0", "maxLength was 255, is 9"),
    (f"{REQUEST}/format/default", "webm", f"#/{REQUEST}/format", "the default was 'mp4', is 'webm'"),
    (f"{SCHEMAS}/Format/enum", ["mp4"], f"#/{SCHEMAS}/Format", "the value 'webm' is gone"),
    (f"{SCHEMAS}/Text/properties/type/const", "words", f"#/{SCHEMAS}/Text/properties/type", "the value 'text' is gone"),
    (f"{REQUEST}/elements/maxItems", 5, f"#/{REQUEST}/elements", "maxItems was 10, is 5"),
    (f"{REQUEST}/elements/items/oneOf/1", GONE, f"#/{REQUEST}/elements/items", "Video is no longer accepted"),
    (
        f"{REQUEST}/metadata/additionalProperties",
        False,
        f"#/{REQUEST}/metadata",
        "other names are no longer",
    ),
    (
        f"{REQUEST}/metadata/additionalProperties/maxLength",
        9,
        f"#/{REQUEST}/metadata/additionalProperties",
        "maxLength was not limited, is 9",
    ),
]

HARMLESS: list[tuple[str, Any]] = [
    ("paths/~1tasks", {"get": {"operationId": "list_tasks"}}),
    (f"{LIST}/parameters/2", {"in": "query", "name": "q", "schema": NEW}),
    (f"{LIST}/parameters/0/schema/maximum", 500),
    (f"{LIST}/parameters/0/description", "How many."),
    (f"{CREATE}/security", GONE),
    (f"{CREATE}/responses/402", GONE),
    (f"{CREATE}/responses/409", {"description": "Again?"}),
    (f"{CREATE}/responses/200", {"description": "A replay."}),
    ("webhooks/film.failed", {"post": {}}),
    (f"{FILM}/title", NEW),
    (f"{FILM}/size", {"type": "integer"}),
    (f"{FILM}/size/anyOf/1", GONE),
    (f"{FILM}/seconds/type", "integer"),
    (f"{FILM}/seconds/maximum", 10),
    (f"{FILM}/id/maxLength", 30),
    (f"{SCHEMAS}/Film/required", ["id", "status", "seconds"]),
    (f"{SCHEMAS}/Status/enum", ["done", "queued", "paused"]),
    (f"{SCHEMAS}/Error/properties/code/enum", ["conflict", "gone", "away"]),
    (f"{REQUEST}/title", NEW),
    (f"{REQUEST}/width/minimum", 1),
    (f"{REQUEST}/width/maximum", GONE),
    (f"{REQUEST}/width/type", "number"),
    (f"{REQUEST}/width", {"anyOf": [{"type": "integer", "minimum": 16}, {"type": "null"}]}),
    (f"{REQUEST}/width", {"anyOf": [{"type": "number", "minimum": 16}, {"type": "string"}]}),
    (f"{REQUEST}/width", {"type": ["integer", "null"], "minimum": 16}),
    (f"{REQUEST}/width", {}),
    (f"{REQUEST}/name/anyOf", [{"type": "null"}, {"type": "string", "maxLength": 255}]),
    (f"{REQUEST}/speed", {"type": "number", "minimum": 0}),
    (f"{REQUEST}/name/anyOf/0/maxLength", 999),
    (f"{REQUEST}/name/default", "film"),
    (f"{REQUEST}/format/description", "What comes out."),
    (f"{SCHEMAS}/Format/enum", ["webm", "mp4", "gif"]),
    (f"{REQUEST}/elements/items/oneOf/2", {"type": "object", "properties": {"type": {"const": "shape"}}}),
]


def changed(pointer: str, value: Any) -> dict[str, Any]:
    """The document with another value at a place, or without it."""
    document = copy.deepcopy(DOCUMENT)
    node: Any = document
    *path, last = [part.replace("~1", "/") for part in pointer.split("/")]
    for part in path:
        node = node[int(part)] if isinstance(node, list) else node[part]
    if isinstance(node, list):
        node[int(last) : int(last) + 1] = [] if value is GONE else [value]
    elif value is GONE:
        del node[last]
    else:
        node[last] = value
    return document


@pytest.mark.parametrize(("pointer", "value", "place", "message"), BREAKING)
def test_breaking(pointer: str, value: Any, place: str, message: str) -> None:
    found = [finding for finding in breaking_changes(DOCUMENT, changed(pointer, value)) if finding.pointer == place]
    assert [finding.message for finding in found if message in finding.message]


@pytest.mark.parametrize(("pointer", "value"), HARMLESS)
def test_harmless(pointer: str, value: Any) -> None:
    assert breaking_changes(DOCUMENT, changed(pointer, value)) == []


def test_a_schema_may_get_another_name() -> None:
    text = json.dumps(DOCUMENT)
    for name in ("Film", "Text", "Status"):
        text = text.replace(f'schemas/{name}"', f'schemas/{name}Out"').replace(f'"{name}":', f'"{name}Out":')
    assert breaking_changes(DOCUMENT, json.loads(text)) == []


def test_a_change_is_told_once_however_often_it_is_used() -> None:
    found = breaking_changes(DOCUMENT, changed(f"{FILM}/seconds", GONE))
    assert [str(finding) for finding in found] == ["#/components/schemas/Film: the field 'seconds' is gone"]


def test_the_document_of_the_api_is_no_change_to_itself() -> None:
    assert breaking_changes(openapi.committed(), openapi.committed()) == []


def edited(edit: Callable[[dict[str, Any]], object]) -> dict[str, Any]:
    document = openapi.committed()
    edit(document)
    return document


@pytest.mark.parametrize(
    ("edit", "message"),
    [
        (lambda d: d["paths"]["/v1/renders"].pop("post"), "POST /v1/renders is gone"),
        (lambda d: d["components"]["schemas"]["JobOut"]["properties"].pop("status"), "the field 'status' is gone"),
        (lambda d: d["components"]["schemas"]["ApiErrorCode"]["enum"].remove("gone"), "the value 'gone' is gone"),
        (lambda d: d["components"]["schemas"]["TextElement"]["properties"].pop("text"), "the field 'text' is gone"),
        (lambda d: d["components"]["schemas"]["EffectType"]["enum"].remove("snow"), "the value 'snow' is gone"),
        (
            lambda d: d["components"]["schemas"]["AuthSyncRequest"]["properties"].pop("token"),
            "the field 'token' is gone",
        ),
        (lambda d: d["webhooks"].pop("render.completed"), "the call 'render.completed' is no longer made"),
    ],
)
def test_the_document_of_the_api_is_understood(edit: Callable[[dict[str, Any]], object], message: str) -> None:
    found = breaking_changes(openapi.committed(), edited(edit))
    assert any(message in finding.message for finding in found)


@pytest.fixture
def released(tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    """The command compares these two."""
    monkeypatch.setattr(openapi, "PATH", tmp_path / "openapi.json")
    monkeypatch.setattr(command, "RELEASED", tmp_path / "released.json")
    (tmp_path / "released.json").write_text(json.dumps(DOCUMENT))
    (tmp_path / "openapi.json").write_text(json.dumps(changed(f"{FILM}/seconds", GONE)))
    return tmp_path


def test_the_command_fails_with_places_and_a_way_out(
    released: Any, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.argv", ["openapi_changes"])
    assert command.main() == 1
    said = capsys.readouterr().out
    assert said.startswith("#/components/schemas/Film: the field 'seconds' is gone\n")
    assert "python -m scripts.openapi_changes --release" in said


def test_a_release_makes_the_change_the_measure(released: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.argv", ["openapi_changes", "--release"])
    assert command.main() == 0
    monkeypatch.setattr("sys.argv", ["openapi_changes"])
    assert command.main() == 0
