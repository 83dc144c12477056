"""Requests are counted by what was asked for, in few words whatever is asked."""

import os
from pathlib import Path

import pytest
from rest_framework.test import APIClient

from framelane.lib import ids
from tests.operations.reading import Samples, scrape, value
from tests.people import Person

REQUESTS = "framelane_http_requests_total"


def grown(before: Samples, after: Samples, name: str = REQUESTS) -> dict[tuple[str, ...], float]:
    """By how much each counter has grown: of method, route and status. Scrapes themselves are left out."""
    found = {}
    for key, now in after.items():
        labels = dict(key[1])
        if key[0] == name and labels["route"] != "/metrics" and (more := now - before.get(key, 0)):
            found[labels["method"], labels["route"], labels.get("status", "")] = more
    return found


def test_requests_are_counted_by_route_and_status(alice: Person, anonymous: APIClient) -> None:
    before = scrape(anonymous)
    for _ in range(3):
        alice.get(f"/v1/renders/{ids.new_id('render')}")
    anonymous.get("/v1/renders")
    alice.post("/v1/renders", {"duration": -1})
    assert grown(before, scrape(anonymous)) == {
        ("GET", "/v1/renders/{render_id}", "404"): 3,
        ("GET", "/v1/renders", "401"): 1,
        ("POST", "/v1/renders", "422"): 1,
    }


def test_durations_are_observed_as_often(alice: Person, anonymous: APIClient) -> None:
    before = scrape(anonymous)
    alice.get("/v1/workspace")
    seconds = grown(before, scrape(anonymous), "framelane_http_request_duration_seconds_count")
    assert seconds == {("GET", "/v1/workspace", ""): 1}


@pytest.mark.django_db
def test_nobody_can_make_up_labels(anonymous: APIClient) -> None:
    before = scrape(anonymous)
    for number in range(20):
        anonymous.get(f"/nowhere-{number}")
        anonymous.get(f"/uploads/token-{number}")
        anonymous.get(f"/static/none-{number}.css")
        anonymous.generic(f"BREW{number}", "/v1/renders")
    found = grown(before, scrape(anonymous))
    routes = {(method, route) for method, route, _ in found}
    assert {route for method, route in routes if method == "GET"} == {"unmatched", "/uploads/{token}", "/static/{path}"}
    assert {method for method, _ in routes} == {"GET", "OTHER"}
    assert sum(found.values()) == 80


@pytest.mark.django_db
def test_refusals_of_the_outer_layers_count_too(anonymous: APIClient) -> None:
    before = scrape(anonymous)
    anonymous.get("/v1/a\x01b")
    assert grown(before, scrape(anonymous)) == {("GET", "unmatched", "404"): 1}


@pytest.mark.django_db
def test_scrapes_count_themselves(anonymous: APIClient) -> None:
    first = scrape(anonymous)
    labels = {"method": "GET", "route": "/metrics", "status": "200"}
    assert value(scrape(anonymous), REQUESTS, **labels) == first.get((REQUESTS, tuple(sorted(labels.items()))), 0) + 1


def test_each_web_counts_in_a_folder_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # The module sets the variable for the processes that it starts.
    monkeypatch.setenv("PROMETHEUS_MULTIPROC_DIR", "")
    from framelane.gunicorn import counting_folder

    living, dead, own = (tmp_path / "metrics" / name for name in ("1", "4999999", str(os.getpid())))
    for folder in (living, dead, own):
        folder.mkdir(parents=True)
        (folder / "counter_1.db").write_bytes(b"old")
    assert counting_folder(tmp_path) == own
    assert list(own.iterdir()) == []
    assert living.is_dir()
    assert not dead.exists()
