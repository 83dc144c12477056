"""The list of jobs: its rows, filters and pages."""

import re
from html import unescape
from typing import Any

import pytest
from django.test import Client

from apps.jobs.models import Job
from apps.previews.models import Preview
from tests.console.jobs_made import ALL_STATUSES, HOSTILE, TASK_TYPES, a_job, many_jobs
from tests.console.people import signed_in
from tests.people import Person

LIST = "/console/jobs"


@pytest.fixture
def browser(alice: Person) -> Client:
    return signed_in(alice)


def shown(response: Any) -> list[str]:
    """The ids of the rows, in order."""
    return re.findall(r'<tr id="row-(\w+)"', response.content.decode())


def text_of(response: Any) -> str:
    return unescape(response.content.decode())


def test_strangers_are_sent_to_sign_in() -> None:
    assert Client().get(LIST).status_code == 302


def test_an_empty_workspace_is_told_what_comes_here(browser: Client) -> None:
    assert "No jobs yet" in text_of(browser.get(LIST))


@pytest.mark.parametrize("status", ALL_STATUSES)
def test_every_status_is_listed(alice: Person, browser: Client, status: str) -> None:
    job = a_job(alice, status)
    response = browser.get(LIST)
    assert shown(response) == [job.id]
    assert f'class="badge {status}"' in text_of(response)
    assert "no-store" in response.headers["Cache-Control"]


@pytest.mark.parametrize("task_type", TASK_TYPES)
def test_every_task_is_listed_and_can_be_filtered_for(alice: Person, browser: Client, task_type: str) -> None:
    job = a_job(alice, task_type=task_type)
    a_job(alice)
    assert shown(browser.get(LIST, {"kind": task_type})) == [job.id]
    assert " of talk.mp4" in text_of(browser.get(LIST))


def test_a_job_is_called_by_its_metadata_or_by_what_it_is(alice: Person, browser: Client) -> None:
    a_job(alice, metadata={"name": "By name", "title": "By title"})
    a_job(alice, metadata={"title": "By title alone"})
    a_job(alice, metadata={})
    text = text_of(browser.get(LIST))
    assert "By name" in text
    assert "By title alone" in text
    assert "1280 × 720, 1 element" in text


def test_others_jobs_are_not_listed(alice: Person, bob: Person, browser: Client) -> None:
    theirs = a_job(bob)
    assert shown(browser.get(LIST)) == shown(browser.get(LIST, {"q": theirs.id})) == []
    assert theirs.id not in text_of(browser.get(f"{LIST}/live", {"id": theirs.id}))


def test_members_may_look(alice: Person) -> None:
    job = a_job(alice)
    assert shown(signed_in(alice, "member", email="m@example.org").get(LIST)) == [job.id]


def test_filters_go_together(alice: Person, browser: Client) -> None:
    wanted = a_job(alice, "failed", metadata={"title": "Sea"})
    a_job(alice, "failed", metadata={"title": "Hill"})
    a_job(alice, "completed", metadata={"title": "Sea"})
    assert shown(browser.get(LIST, {"kind": "render", "status": "failed", "q": "sea"})) == [wanted.id]
    assert shown(browser.get(LIST, {"q": wanted.id})) == [wanted.id]


def test_days_include_both_ends(alice: Person, browser: Client) -> None:
    day = f"{a_job(alice).created_at:%Y-%m-%d}"
    assert len(shown(browser.get(LIST, {"since": day, "until": day}))) == 1
    assert shown(browser.get(LIST, {"until": "2001-01-01"})) == []


@pytest.mark.parametrize(
    "query",
    [{"kind": "nonsense"}, {"status": "done"}, {"since": "yesterday"}, {"until": "9999-12-31"}, {"q": "x" * 201},
     {"since": "2026-02-02", "until": "2026-02-01"}, {"q": "a\0b"}],
)  # fmt: skip
def test_filters_that_make_no_sense_are_pointed_out(alice: Person, browser: Client, query: dict[str, str]) -> None:
    a_job(alice)
    response = browser.get(LIST, query)
    assert response.status_code == 422
    assert 'class="error"' in text_of(response)


@pytest.mark.parametrize("name", ["older", "newer"])
@pytest.mark.parametrize("mark", ["x", "2026-01-01~render_1", "\0", "a" * 5000])
def test_an_address_of_a_page_that_nobody_gave_out_is_refused(browser: Client, name: str, mark: str) -> None:
    assert browser.get(LIST, {name: mark}).status_code == 400


def test_links_between_pages_keep_the_filters_and_visit_every_job_once(alice: Person, browser: Client) -> None:
    many_jobs(alice, 60)
    expected = list(Job.objects.filter(status="completed").order_by("-created_at", "-id").values_list("id", flat=True))
    response, visited = browser.get(LIST, {"status": "completed"}), []
    while True:
        visited += shown(response)
        link = re.search(r'rel="next" href="([^"]+)"', response.content.decode())
        if link is None:
            break
        assert "status=completed" in link[1]
        response = browser.get(LIST + unescape(link[1]))
    assert visited == expected
    back = re.search(r'rel="prev" href="([^"]+)"', response.content.decode())
    assert back is not None
    assert shown(browser.get(LIST + unescape(back[1])))[-1] == visited[visited.index(shown(response)[0]) - 1]


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_names_are_inert(alice: Person, browser: Client, name: str) -> None:
    a_job(alice, metadata={"title": name})
    a_job(alice, task_type="transcribe", request={"source_url": f"https://cdn.example.org/{name}"})
    for query in ({}, {"q": name[:200]}):
        html = browser.get(LIST, query).content.decode()
        assert "<script>alert" not in html
        assert "\u202e" not in html.partition("<table")[2]
        assert "{{7*7}}" in html or name != "{{7*7}}"


def test_only_rows_that_may_change_are_asked_for_again(alice: Person, browser: Client) -> None:
    running, ended = a_job(alice, "processing"), a_job(alice)
    html = text_of(browser.get(LIST))
    assert f'hx-get="/console/jobs/live?id={running.id}"' in html
    fragment = text_of(browser.get(f"{LIST}/live", {"id": [running.id, ended.id]}, HTTP_HX_REQUEST="true"))
    assert fragment.count('hx-swap-oob="true"') == 2
    assert "Compositing, 42 %" in fragment
    Job.objects.filter(id=running.id).update(status="cancelled", completed_at=ended.completed_at, lease_until=None)
    assert "hx-trigger" not in text_of(browser.get(f"{LIST}/live", {"id": running.id}))


def test_asking_for_rows_is_bounded_and_takes_nonsense(alice: Person, browser: Client) -> None:
    assert browser.get(f"{LIST}/live", {"id": ["x", "\0", "render_"] * 40}).status_code == 200


def test_pictures_are_shown_with_their_strips(alice: Person, browser: Client) -> None:
    job = a_job(alice)
    Preview.objects.create(
        subject_id=job.id, workspace=alice.workspace, source_key=job.output_key, status="made", due_at=None,
        poster_key=f"{alice.workspace.id}/p.jpg", strip_key=f"{alice.workspace.id}/s.jpg", strip_frames=8,
    )  # fmt: skip
    html = browser.get(LIST).content.decode()
    assert 'data-frames="8"' in html
    assert "p.jpg" in html
