"""A job's events arrive in their order where that is possible, and its progress does not flood anybody."""

import pytest

from apps.jobs.models import Job
from apps.webhooks import schedule
from apps.webhooks.claims import claim_next
from apps.webhooks.models import Status
from tests.people import Person
from tests.webhooks.conftest import Clock, Listen, attempts, listening, send_all, submitted, target_of, tell
from tests.webhooks.receivers import Receiver, answers


@pytest.fixture
def job(alice: Person) -> Job:
    return submitted(alice)


def progress(person: Person, job: Job, percent: int) -> None:
    tell(person, "render.progress", job, progress_percent=percent)


# --- Order ------------------------------------------------------------------------------------------------------------


def test_later_news_wait_for_earlier_ones(
    alice: Person, job: Job, receiver: Receiver, listen: Listen, time: Clock
) -> None:
    listen("render.processing", "render.completed")
    receiver.behaviour = answers(500)
    tell(alice, "render.processing", job)
    tell(alice, "render.completed", job)
    assert send_all() == 1
    receiver.behaviour = answers(200)
    assert send_all() == 0
    time.move(seconds=6)
    assert send_all() == 2
    assert receiver.types == ["render.processing", "render.processing", "render.completed"]


def test_nobody_overtakes_what_is_being_sent(alice: Person, job: Job, receiver: Receiver, listen: Listen) -> None:
    endpoint = listen("render.processing", "render.completed")
    tell(alice, "render.processing", job)
    tell(alice, "render.completed", job)
    assert claim_next(target_of(endpoint)) is not None
    assert claim_next(target_of(endpoint)) is None


def test_after_the_retry_of_two_minutes_the_order_is_given_up(
    alice: Person, job: Job, receiver: Receiver, listen: Listen, time: Clock
) -> None:
    listen("render.processing", "render.completed")
    receiver.behaviour = answers(500)
    tell(alice, "render.processing", job)
    tell(alice, "render.completed", job)
    for delay_s in (0, 6, 31):
        time.move(seconds=delay_s)
        assert send_all() == 1
    time.move(seconds=121)
    assert send_all() == 2
    assert receiver.types == ["render.processing"] * 4 + ["render.completed"]


def test_other_jobs_and_other_endpoints_do_not_wait(
    alice: Person, job: Job, receiver: Receiver, listen: Listen
) -> None:
    other = submitted(alice)
    listen("render.processing", "render.completed")
    receiver.behaviour = answers(500)
    tell(alice, "render.processing", job)
    send_all()
    listening(alice, receiver.url, "render.completed")
    receiver.behaviour = answers(200)
    receiver.calls.clear()
    tell(alice, "render.completed", other)
    tell(alice, "render.completed", job)
    assert send_all() == 3
    assert [call.json["data"]["job"]["id"] for call in receiver.calls].count(job.id) == 1


def test_a_redelivery_waits_for_nobody(alice: Person, job: Job, receiver: Receiver, listen: Listen) -> None:
    endpoint = listen("render.processing", "render.completed")
    tell(alice, "render.completed", job)
    send_all()
    receiver.behaviour = answers(500)
    tell(alice, "render.processing", job)
    tell(alice, "render.completed", job)
    send_all()
    (done,) = attempts(status=Status.SUCCEEDED)
    path = f"/v1/webhooks/{endpoint.id}/deliveries/{done.delivery_id}/redeliver"
    assert alice.client.post(path).status_code == 202
    receiver.behaviour = answers(200)
    assert send_all() == 1
    assert receiver.types[-1] == "render.completed"


# --- Thinning ---------------------------------------------------------------------------------------------------------


def test_progress_comes_at_most_every_five_seconds_and_every_ten_percent(
    alice: Person, job: Job, receiver: Receiver, listen: Listen, time: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert schedule.PROGRESS_INTERVAL_S == 5
    # A hundred times as long, so that the seconds of the test itself do not count.
    monkeypatch.setattr(schedule, "PROGRESS_INTERVAL_S", 500)
    listen("render.progress")
    for percent, wait_s in ((10, 0), (25, 400), (19, 600), (30, 0), (45, 100), (39, 1000), (41, 0)):
        time.move(seconds=wait_s)
        progress(alice, job, percent)
        send_all()
    sent = [call.json["data"]["job"]["progress_percent"] for call in receiver.calls]
    assert sent == [10, 30, 41]


def test_each_job_has_its_own_progress(alice: Person, job: Job, receiver: Receiver, listen: Listen) -> None:
    listen("render.progress")
    progress(alice, job, 10)
    progress(alice, submitted(alice), 10)
    assert send_all() == 2


def test_progress_is_tried_twice(alice: Person, job: Job, receiver: Receiver, listen: Listen, time: Clock) -> None:
    listen("render.progress")
    receiver.behaviour = answers(500)
    progress(alice, job, 10)
    send_all()
    time.move(seconds=6)
    assert send_all() == 1
    assert [attempt.status for attempt in attempts()] == [Status.FAILED, Status.DEAD]
    time.move(days=1)
    assert send_all() == 0


def test_newer_progress_takes_the_place_of_what_was_not_sent(
    alice: Person, job: Job, receiver: Receiver, listen: Listen, time: Clock
) -> None:
    listen("render.progress")
    progress(alice, job, 10)
    time.move(seconds=6)
    progress(alice, job, 30)
    assert send_all() == 1
    assert receiver.calls[0].json["data"]["job"]["progress_percent"] == 30


def test_the_end_of_a_job_makes_its_progress_idle(
    alice: Person, job: Job, receiver: Receiver, listen: Listen, time: Clock
) -> None:
    listen("render.progress", "render.completed")
    receiver.behaviour = answers(500)
    progress(alice, job, 10)
    send_all()
    receiver.behaviour = answers(200)
    tell(alice, "render.completed", job)
    assert send_all() == 1
    assert receiver.types == ["render.progress", "render.completed"]
    given_up, completed = attempts()
    assert (given_up.status, given_up.next_retry_at) == (Status.DEAD, None)
    assert completed.status == Status.SUCCEEDED


def test_progress_that_is_being_sent_is_left_alone(
    alice: Person, job: Job, receiver: Receiver, listen: Listen, time: Clock
) -> None:
    endpoint = listen("render.progress", "render.completed")
    progress(alice, job, 10)
    held = claim_next(target_of(endpoint))
    tell(alice, "render.completed", job)
    assert held is not None
    assert held in attempts(status=Status.PENDING)
