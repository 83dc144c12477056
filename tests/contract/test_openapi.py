"""The OpenAPI document: valid, and equal to the published operations in everything that a client relies on."""

import json
from pathlib import Path
from typing import Any

import pytest
from django.urls import URLPattern
from openapi_spec_validator import OpenAPIV31SpecValidator
from rest_framework.test import APIClient

from framelane.api.openapi import build
from tests.contract.routes import leaf_patterns, openapi_path

# Reduced from the published pages: prose and examples left out, `described` lists the enum values that are explained.
PUBLISHED = json.loads((Path(__file__).parent / "published.json").read_text("utf-8"))
# Fields that we return beyond the published ones. Clients ignore what they do not know.
ADDITIONS = {"JobOut": {"warnings"}, "JobOutput": {"subtitles"}, "UploadRequest": {"duration", "width", "height"}}
WITHOUT_TEXT = {"JobKind"}
# What has come since stands behind the published ones.
TAGS = [*PUBLISHED["tags"], "imports", "assets"]
PUBLIC = (
    "GET /v1/capabilities",
    "GET /v1/billing/plans",
    "POST /v1/auth/sync",
    "POST /v1/billing/stripe-webhook",
    "/v1/signup",
    "/v1/system/",
)


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    return build()


def reduced(node: Any) -> Any:
    """`node` without prose and examples, in the form of the published file."""
    if isinstance(node, list):
        return [reduced(item) for item in node]
    if not isinstance(node, dict):
        return node
    kept = {key: reduced(value) for key, value in node.items() if key not in ("description", "example")}
    if "x-enumDescriptions" in kept:
        kept["described"] = sorted(kept.pop("x-enumDescriptions"))
    return kept


def reduced_schema(schema: dict[str, Any]) -> dict[str, Any]:
    """Properties are named `description` or `example` at their own risk: only their values are reduced."""
    properties = {name: reduced(field) for name, field in schema.get("properties", {}).items()}
    rest = reduced({key: value for key, value in schema.items() if key != "properties"})
    return {**rest, **({"properties": properties} if properties else {})}


def with_defaults(operation: dict[str, Any]) -> dict[str, Any]:
    """`required: false` of a parameter is what its absence means."""
    parameters = [{"required": False, **parameter} for parameter in operation.get("parameters", [])]
    # The description of all other errors came later.
    responses = {status: answer for status, answer in operation["responses"].items() if status != "default"}
    return {**operation, "responses": responses, **({"parameters": parameters} if parameters else {})}


def test_document_is_valid_openapi_3_1(document: dict[str, Any]) -> None:
    OpenAPIV31SpecValidator(document).validate()
    assert document["openapi"] == PUBLISHED["openapi"] == "3.1.0"


def test_title_tags_and_security_are_the_published_ones(document: dict[str, Any]) -> None:
    assert document["info"]["title"] == PUBLISHED["title"]
    assert [tag["name"] for tag in document["tags"]] == TAGS
    assert document["security"] == PUBLISHED["security"] == []
    assert document["components"]["securitySchemes"] == PUBLISHED["securitySchemes"]


@pytest.mark.parametrize("name", PUBLISHED["operations"])
def test_operation_is_the_published_one(document: dict[str, Any], name: str) -> None:
    method, path = name.split()
    ours = with_defaults(reduced(document["paths"][path][method.lower()]))
    assert ours == with_defaults(PUBLISHED["operations"][name])


@pytest.mark.parametrize("name", PUBLISHED["components"])
def test_component_is_the_published_one(document: dict[str, Any], name: str) -> None:
    ours = reduced_schema(document["components"]["schemas"][name])
    additions = ADDITIONS.get(name, set())
    assert additions <= ours.get("properties", {}).keys()
    assert not additions & set(ours.get("required", []))
    ours["properties"] = {key: value for key, value in ours.get("properties", {}).items() if key not in additions}
    published = PUBLISHED["components"][name]
    assert {key: value for key, value in ours.items() if key != "properties" or value} == published


def test_every_enum_component_says_what_its_values_mean(document: dict[str, Any]) -> None:
    for name, schema in document["components"]["schemas"].items():
        if "enum" in schema and name not in WITHOUT_TEXT:
            assert set(schema.get("x-enumDescriptions", {})) == set(schema["enum"]), name


def operations(document: dict[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    return [
        (f"{method.upper()} {path}", operation)
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
    ]


def test_operations_have_a_tag_of_the_contract_a_summary_and_a_unique_id(document: dict[str, Any]) -> None:
    found = operations(document)
    ids = [operation["operationId"] for _, operation in found]
    assert len(set(ids)) == len(ids)
    for name, operation in found:
        assert operation["summary"], name
        assert len(operation["tags"]) == 1, name
        assert operation["tags"][0] in TAGS, name


def test_operations_need_a_key_or_say_nothing_about_security(document: dict[str, Any]) -> None:
    for name, operation in operations(document):
        if any(part in name for part in PUBLIC):
            assert "security" not in operation, name
        else:
            assert operation["security"] == [{"ApiKey": []}], name


def test_nullable_fields_are_written_as_any_of(document: dict[str, Any]) -> None:
    text = json.dumps(document)
    assert '"nullable"' not in text
    assert '"type": [' not in text


def test_null_is_no_default(document: dict[str, Any]) -> None:
    assert '"default": null' not in json.dumps(document)


def test_every_route_below_v1_is_documented(document: dict[str, Any]) -> None:
    assert {openapi_path(pattern) for pattern in leaf_patterns() if is_versioned(pattern)} == set(document["paths"])


def is_versioned(pattern: tuple[str, URLPattern]) -> bool:
    """All but the door of a payment provider, who knows its own protocol."""
    return pattern[0].startswith("v1/") and pattern[0] != "v1/billing/stripe-webhook"


def test_document_is_served_with_a_validator(anonymous: APIClient) -> None:
    first = anonymous.get("/openapi.json")
    assert first.status_code == 200
    assert first["Content-Type"] == "application/json"
    assert first.json()["info"]["title"] == "Framelane API"
    again = anonymous.get("/openapi.json", HTTP_IF_NONE_MATCH=first["ETag"])
    assert (again.status_code, again.content) == (304, b"")
