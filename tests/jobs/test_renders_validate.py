"""`POST /v1/renders/validate`: what creating a render would say, without one."""

from typing import Any

import pytest

from apps.billing.models import Reservation
from apps.events.models import Event
from apps.jobs.models import Job
from apps.workspaces.models import Workspace
from tests.people import Person
from tests.windows import not_at_a_windows_end

TEXT = {"type": "text", "text": "Hello", "duration": 1}
SCENE = {"duration": 1, "elements": [TEXT]}
INVALID = [
    {"duration": -1},
    {"elements": [{"type": "hologram"}]},
    {"elements": [{"type": "composition"}]},
    {"elements": [TEXT], "transitions": [{"type": "fade", "duration": 1}]},
    {"elements": [TEXT], "webhook_url": "http://127.0.0.1/"},
    [],
    7,
]


def validate(person: Person, scene: Any) -> Any:
    return person.post("/v1/renders/validate", scene)


def test_says_that_a_request_would_be_accepted(alice: Person) -> None:
    answer = validate(alice, SCENE)
    assert (answer.status_code, answer.json()) == (200, {"valid": True, "details": {"warnings": []}})


def test_makes_nothing(alice: Person) -> None:
    Workspace.objects.filter(id=alice.workspace.id).update(plan="free")
    validate(alice, SCENE)
    assert not Job.objects.exists()
    assert not Reservation.objects.exists()
    assert not Event.objects.exists()


def test_counts_as_a_call(alice: Person) -> None:
    not_at_a_windows_end()
    first, second = (int(validate(alice, SCENE).headers["RateLimit-Remaining"]) for _ in range(2))
    assert second == first - 1


def test_names_what_would_be_ignored(alice: Person) -> None:
    scene = {"color": "red", "duration": 1, "elements": [{**TEXT, "fontsize": 3}]}
    assert validate(alice, scene).json()["details"]["warnings"] == [
        {
            "code": "UNKNOWN_FIELD",
            "message": "unknown field 'color' is ignored",
            "severity": "warning",
            "path": "/color",
        },
        {
            "code": "UNKNOWN_FIELD",
            "message": "unknown field 'fontsize' is ignored",
            "severity": "warning",
            "path": "/elements/0/fontsize",
        },
    ]


def test_tells_of_likely_mistakes(alice: Person) -> None:
    late = {"duration": 2, "elements": [{**TEXT, "id": "a", "time": 3}, {**TEXT, "id": "a"}]}
    warnings = validate(alice, late).json()["details"]["warnings"]
    assert {(warning["code"], warning["path"]) for warning in warnings} == {
        ("ELEMENT_AFTER_END", "/elements/0/time"),
        ("DUPLICATE_ELEMENT_ID", "/elements/1/id"),
    }


@pytest.mark.parametrize("scene", INVALID, ids=repr)
def test_refuses_as_creating_does(alice: Person, scene: Any) -> None:
    checked, created = validate(alice, scene), alice.post("/v1/renders", scene)
    assert checked.status_code == created.status_code == 422
    error = checked.json()["error"]
    assert error["details"].pop("warnings") == []
    assert error == created.json()["error"]
    assert error["details"]["fields"]


def test_names_unknown_fields_of_what_is_refused(alice: Person) -> None:
    scene = {"elements": [{"type": "text", "txt": "Hello", "duration": 1}]}
    details = validate(alice, scene).json()["error"]["details"]
    assert [field["path"] for field in details["fields"]] == ["/elements/0/text"]
    assert [warning["path"] for warning in details["warnings"]] == ["/elements/0/txt"]


def test_a_plan_that_is_too_small_is_told(alice: Person) -> None:
    Workspace.objects.filter(id=alice.workspace.id).update(plan="free")
    scene = {**SCENE, "width": 3840, "height": 2160, "colour": 1}
    checked, created = validate(alice, scene), alice.post("/v1/renders", scene)
    assert checked.status_code == created.status_code == 403
    error = checked.json()["error"]
    assert [warning["path"] for warning in error["details"].pop("warnings")] == ["/colour"]
    assert error == created.json()["error"]
    assert error["code"] == "plan_limit"


def test_unknown_fields_are_cut_off(alice: Person) -> None:
    scene = {**SCENE, **{f"x{number}": 1 for number in range(1000)}}
    assert len(validate(alice, scene).json()["details"]["warnings"]) == 200


@pytest.mark.parametrize("depth", [30, 5000])
def test_deep_nonsense_is_no_trouble(alice: Person, depth: int) -> None:
    text = '{"elements":' + "[" * depth + "]" * depth + "}"
    answer = alice.client.generic("POST", "/v1/renders/validate", text.encode(), content_type="application/json")
    assert answer.status_code in (400, 422)


@pytest.mark.parametrize(("body", "status"), [(b"", 400), (b"{", 400)])
def test_what_cannot_be_read_is_refused(alice: Person, body: bytes, status: int) -> None:
    answer = alice.client.generic("POST", "/v1/renders/validate", body, content_type="application/json")
    assert (answer.status_code, answer.json()["error"]["code"]) == (status, "invalid_request")


def test_the_address_is_for_post_alone(alice: Person) -> None:
    assert alice.get("/v1/renders/validate").status_code == 405
