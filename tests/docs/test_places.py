"""Everything that customers meet has its place in the documentation: errors, settings, endpoints."""

import re
from collections.abc import Iterator

import pytest

from framelane.api.error_codes import ERROR_CODES
from framelane.api.openapi import build
from tests.contract.test_documentation import read_from_the_environment, used_by_the_processes
from tests.docs.pages import pages, paths
from tests.docs.stage import ROOT

DOCUMENT = build()
ERRORS_PAGE = (ROOT / "docs" / "concepts" / "errors.md").read_text("utf-8")
ROAD = (ROOT / "docs" / "agents" / "llms.md").read_text("utf-8")
ROUTES = [re.compile(re.sub(r"\{[^}]+\}", "[^/]+", path) + "/?") for path in DOCUMENT["paths"]]
ENDPOINT = re.compile(r"\b(?P<method>GET|POST|PUT|PATCH|DELETE) (?P<path>/v1/(?:[\w/$.-]|\{\w+\})+)")
BESIDE_THE_DOCUMENT = {"/v1/billing/stripe-webhook"}
"""Addresses that are no part of the API for customers."""


@pytest.mark.parametrize("page", [ERRORS_PAGE, ROAD], ids=["errors.md", "llms.md"])
def test_every_error_code_of_the_api_says_what_to_do(page: str) -> None:
    assert [code for code in ERROR_CODES if f"`{code}`" not in page] == []


@pytest.mark.parametrize(("code", "status"), [(code, entry.statuses[0]) for code, entry in ERROR_CODES.items()])
def test_the_table_of_errors_has_each_code_beside_its_status(code: str, status: int) -> None:
    rows = [line for line in ERRORS_PAGE.splitlines() if line.startswith("| ") and f"`{code}`" in line]
    assert any(str(status) in row.split("|")[1] for row in rows), rows


def test_every_setting_has_its_place() -> None:
    text = "\n".join(path.read_text("utf-8") for path in paths())
    documented = set(re.findall(r"`([A-Z][A-Z_]+)[`=]", text))
    assert sorted((read_from_the_environment().keys() | used_by_the_processes()) - documented) == []


def endpoints() -> Iterator[tuple[str, str, str]]:
    for page in pages():
        for found in ENDPOINT.finditer(page.text):
            # What ends with a slash goes on with a list of names in braces.
            if not found["path"].endswith("/"):
                yield page.name, found["method"], found["path"].rstrip(".")


def test_no_page_names_an_endpoint_that_is_not_there() -> None:
    named = set(endpoints())
    assert len(named) > 30
    assert sorted(entry for entry in named if not is_there(entry[1], entry[2])) == []


def is_there(method: str, path: str) -> bool:
    if path in BESIDE_THE_DOCUMENT:
        return True
    concrete = re.sub(r"\{[^}]+\}|\$\w+", "x", path)
    matching = [name for name, route in zip(DOCUMENT["paths"], ROUTES, strict=True) if route.fullmatch(concrete)]
    return any(method.lower() in DOCUMENT["paths"][name] for name in matching)
