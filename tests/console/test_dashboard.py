"""The first page after signing in."""

from datetime import timedelta
from decimal import Decimal
from html import unescape

import pytest
from django.test import Client

from apps.billing.models import Reservation, UsageRecord
from apps.console.secrets import FIRST_KEY
from apps.jobs.activity import activity_of
from apps.webhooks.models import Endpoint
from apps.webhooks.sealing import seal
from apps.workspaces.models import Workspace
from framelane.lib import clock, ids
from tests.console.jobs_made import ALL_STATUSES, HOSTILE, a_job
from tests.console.people import signed_in, user_of
from tests.people import Person


@pytest.fixture
def browser(alice: Person) -> Client:
    return signed_in(alice)


def dashboard(browser: Client) -> str:
    response = browser.get("/console/")
    assert response.status_code == 200
    return unescape(response.content.decode())


def use(person: Person, minutes: float, *, reserved: bool = False) -> None:
    seconds = Decimal(str(minutes * 60))
    if reserved:
        Reservation.objects.create(job_id=ids.new_id("render"), workspace=person.workspace, output_s=seconds)
    else:
        UsageRecord.objects.create(
            job_id=ids.new_id("render"), workspace=person.workspace, kind="render", output_s=seconds
        )


def test_a_new_workspace_is_shown_the_way(browser: Client) -> None:
    html = dashboard(browser)
    assert "Your films will be here" in html
    assert "Getting started" in html
    assert "Jobs today" not in html


def test_the_first_key_is_shown_once(browser: Client) -> None:
    session = browser.session
    session[FIRST_KEY] = ["Your first API key", seal("fl_live_secret"), ""]
    session.save()
    html = dashboard(browser)
    assert html.count("fl_live_secret") == 2
    assert "curl http" in html
    assert "fl_live_secret" not in dashboard(browser)


@pytest.mark.parametrize(
    ("used", "reserved", "level"), [(10, 0, ""), (1500, 100, "near"), (1990, 0, "near"), (1900, 100, "full")]
)
def test_the_bar_tells_how_much_is_left(
    alice: Person, browser: Client, used: float, reserved: float, level: str
) -> None:
    use(alice, used)
    if reserved:
        use(alice, reserved, reserved=True)
    html = dashboard(browser)
    assert f'class="minutes-bar {level}"' in html
    assert "of 2,000 minutes used" in html
    assert ("reserved by jobs" in html) == bool(reserved)


def test_a_plan_without_an_end_has_no_bar(alice: Person, browser: Client) -> None:
    Workspace.objects.update(plan="enterprise")
    use(alice, 5)
    html = dashboard(browser)
    assert "without a limit" in html
    assert "minutes-bar" not in html


def test_a_capped_plan_says_that_it_is_full(alice: Person, browser: Client) -> None:
    Workspace.objects.update(plan="free")
    use(alice, 25)
    assert "Nothing more can be made this month" in dashboard(browser)


def test_recent_jobs_are_listed_and_followed_only_while_one_goes_on(alice: Person, browser: Client) -> None:
    a_job(alice)
    assert "hx-trigger" not in dashboard(browser)
    running, task = a_job(alice, "processing"), a_job(alice, "queued", task_type="transcribe")
    html = dashboard(browser)
    assert running.id in html
    assert task.id in html
    assert "hx-trigger" in html


def test_others_figures_are_not_counted(alice: Person, bob: Person, browser: Client) -> None:
    theirs = a_job(bob)
    use(bob, 500)
    html = dashboard(browser)
    assert theirs.id not in html
    assert "<strong>0</strong>" in html


def test_figures_count_what_they_say(alice: Person) -> None:
    for status in ALL_STATUSES:
        a_job(alice, status)
    a_job(alice, "failed", created_at=clock.now() - timedelta(days=8))
    found = activity_of(alice.workspace)
    assert (found.week, found.active, found.failed, found.has_rendered) == (6, 3, 1, True)


def test_today_begins_at_midnight_in_utc(alice: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    noon = clock.now().replace(hour=12, minute=0, second=0, microsecond=0)
    for hours in (0, 11, 13, 30):
        a_job(alice, created_at=noon - timedelta(hours=hours))
    monkeypatch.setattr(clock, "now", lambda: noon)
    found = activity_of(alice.workspace)
    assert (found.today, found.week) == (2, 4)


def test_the_speed_weighs_long_films_more_and_leaves_out_stills(alice: Person) -> None:
    assert activity_of(alice.workspace).speed is None
    # Each took 19 seconds from its first stage to its end.
    a_job(alice, output_duration_s=19.0)
    a_job(alice, output_duration_s=57.0)
    a_job(alice, output_duration_s=None)
    a_job(alice, task_type="transcribe", output_duration_s=9999.0)
    assert activity_of(alice.workspace).speed == pytest.approx(2)


def test_the_checklist_is_ticked_and_goes(alice: Person, browser: Client) -> None:
    assert dashboard(browser).count(" (done)") == 1
    a_job(alice)
    Endpoint.objects.create(workspace=alice.workspace, url="https://hooks.example.org/x", events=["*"])
    assert dashboard(browser).count(" (done)") == 3
    user_of(alice, "member", email="m@example.org")
    assert "Getting started" not in dashboard(browser)


def test_the_checklist_is_for_the_new(alice: Person, browser: Client) -> None:
    Workspace.objects.update(created_at=clock.now() - timedelta(days=31))
    assert "Getting started" not in dashboard(browser)


def test_why_nothing_can_be_made_is_said(alice: Person, browser: Client) -> None:
    Workspace.objects.update(verified_at=None, plan_status="cancelled")
    html = dashboard(browser)
    assert "Verify your e-mail address." in html
    assert "read-only" in html


def test_members_see_it_too(alice: Person) -> None:
    assert "Minutes this month" in dashboard(signed_in(alice, "member", email="m@example.org"))


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_names_are_inert(alice: Person, browser: Client, name: str) -> None:
    Workspace.objects.update(name=name)
    a_job(alice, metadata={"title": name})
    html = browser.get("/console/").content.decode()
    assert "<script>alert" not in html
    assert "style=" not in html
