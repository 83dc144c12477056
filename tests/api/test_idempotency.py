"""`Idempotency-Key`: sent twice, made once."""

import threading
from collections import Counter
from datetime import timedelta
from functools import partial
from typing import Any
from unittest.mock import patch

import pytest
from django.db import transaction
from rest_framework.parsers import JSONParser
from rest_framework.request import Request
from rest_framework.test import APIRequestFactory

from apps.jobs.models import Job
from apps.workspaces.models import Workspace
from framelane.api import idempotency
from framelane.api.errors import ApiError
from framelane.api.models import IdempotencyRecord
from framelane.lib import clock
from tests.people import Person, client_with
from tests.threads import at_once

RENDERS = "/v1/renders"
SCENE = {"duration": 1, "elements": [{"type": "text", "text": "Hello", "duration": 1}]}


def submit(person: Person, key: str | None, scene: Any = SCENE) -> Any:
    headers = {} if key is None else {"HTTP_IDEMPOTENCY_KEY": key}
    return person.post(RENDERS, scene, **headers)


def test_replay_answers_200_with_the_original(alice: Person) -> None:
    first, again = submit(alice, "k1"), submit(alice, "k1")
    assert (first.status_code, again.status_code) == (202, 200)
    assert first.json()["id"] == again.json()["id"]
    assert Job.objects.count() == 1


def test_order_of_fields_and_white_space_do_not_matter(alice: Person) -> None:
    first = submit(alice, "k1")
    body = b'{ "elements": [{"duration":1,  "text":"Hello", "type":"text"}],\n "duration":1}'
    again = alice.post_raw(RENDERS, body, HTTP_IDEMPOTENCY_KEY="k1")
    assert (again.status_code, again.json()["id"]) == (200, first.json()["id"])


def test_another_body_is_409(alice: Person) -> None:
    submit(alice, "k1")
    conflict = submit(alice, "k1", {**SCENE, "duration": 2})
    assert (conflict.status_code, conflict.json()["error"]["code"]) == (409, "idempotency_conflict")
    assert Job.objects.count() == 1


def test_without_a_key_every_request_counts(alice: Person) -> None:
    assert submit(alice, None).json()["id"] != submit(alice, None).json()["id"]


def test_keys_belong_to_their_workspace(alice: Person, bob: Person) -> None:
    assert submit(alice, "k1").status_code == 202
    assert submit(bob, "k1").status_code == 202


def test_failed_validation_does_not_occupy_the_key(alice: Person) -> None:
    assert submit(alice, "k1", {"width": 1}).status_code == 422
    assert submit(alice, "k1").status_code == 202


def test_failure_while_creating_does_not_occupy_the_key(alice: Person) -> None:
    with patch("apps.jobs.api.create_render", side_effect=RuntimeError):
        assert submit(alice, "k1").status_code == 500
    assert submit(alice, "k1").status_code == 202


def test_key_is_free_again_after_a_day(alice: Person) -> None:
    first = submit(alice, "k1").json()["id"]
    with patch("framelane.api.idempotency.clock.now", return_value=clock.now() + timedelta(hours=24, seconds=1)):
        second = submit(alice, "k1", {**SCENE, "duration": 2})
    assert second.status_code == 202
    assert second.json()["id"] != first


def test_purge_forgets_only_expired_keys(alice: Person) -> None:
    submit(alice, "old")
    IdempotencyRecord.objects.update(created_at=clock.now() - timedelta(hours=25))
    submit(alice, "new")
    assert idempotency.purge_expired() == 1
    assert [record.key for record in IdempotencyRecord.objects.all()] == ["new"]


@pytest.mark.parametrize(("key", "status"), [("", 422), ("k" * 255, 202), ("k" * 256, 422)])
def test_length_of_the_key(key: str, status: int, alice: Person) -> None:
    assert submit(alice, key).status_code == status


def make_request(key: str, body: dict[str, Any]) -> Request:
    request = APIRequestFactory().post("/v1/things", body, format="json", HTTP_IDEMPOTENCY_KEY=key)
    return Request(request, parsers=[JSONParser()])


@pytest.fixture
def committed_alice(transactional_db: None, alice: Person) -> Person:
    """Alice, visible to other connections."""
    return alice


@pytest.mark.usefixtures("committed_alice")
def test_twenty_at_the_same_instant_make_one_object() -> None:
    def create() -> Workspace:
        return Workspace.objects.create(name="made", email="made@example.org")

    def call(number: int) -> tuple[str, bool]:
        request = make_request("same", {"a": 1})
        made, replayed = idempotency.idempotent(
            request, "ws_1", create, lambda made_id: Workspace.objects.get(id=made_id)
        )
        return made.id, replayed

    results = at_once(*(partial(call, number) for number in range(20)))
    assert len({made_id for made_id, _ in results}) == 1
    assert Counter(replayed for _, replayed in results) == {False: 1, True: 19}
    assert Workspace.objects.filter(name="made").count() == 1


def test_twenty_requests_at_the_same_instant_make_one_job(committed_alice: Person) -> None:
    def call(number: int) -> tuple[int, str]:
        client = client_with(committed_alice.secret)
        response = client.post(RENDERS, SCENE, format="json", HTTP_IDEMPOTENCY_KEY="same")
        return response.status_code, response.json().get("id")

    results = at_once(*(partial(call, number) for number in range(20)))
    assert Counter(status for status, _ in results) == {202: 1, 200: 19}
    assert len({job_id for _, job_id in results}) == 1
    assert Job.objects.count() == 1


@pytest.mark.usefixtures("committed_alice")
def test_when_the_first_gives_up_another_takes_over() -> None:
    """The race is real: the second request waits for the first one's transaction, which then rolls back."""
    entered, order = threading.Event(), []

    def create_slowly() -> Workspace:
        entered.set()
        # Long enough for the other request to arrive at the unique constraint (or the write lock) and wait there.
        threading.Event().wait(0.3)
        order.append("first")
        raise ApiError(403, "plan_limit", "too large")

    def create_at_once() -> Workspace:
        order.append("second")
        return Workspace.objects.create(name="made", email="made@example.org")

    def call(number: int) -> Any:
        request = make_request("same", {"a": 1})
        if number == 1:
            entered.wait(timeout=30)
        try:
            create = create_slowly if number == 0 else create_at_once
            return idempotency.idempotent(request, "ws_1", create, lambda _: Workspace())[1]
        except ApiError as error:
            return error.code

    assert at_once(*(partial(call, number) for number in range(2))) == ["plan_limit", False]
    assert order == ["first", "second"]


@pytest.mark.django_db
def test_key_and_object_are_committed_together() -> None:
    def create() -> Workspace:
        return Workspace.objects.create(name="made", email="made@example.org")

    def make_and_roll_back() -> None:
        with transaction.atomic():
            idempotency.idempotent(make_request("k", {}), "ws_1", create, lambda _: Workspace())
            raise RuntimeError("later")

    with pytest.raises(RuntimeError, match="later"):
        make_and_roll_back()
    assert not IdempotencyRecord.objects.exists()
    assert not Workspace.objects.exists()
