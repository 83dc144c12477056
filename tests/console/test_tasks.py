"""Tasks in the console: the overview, the forms, what they send."""

import re
from typing import Any

import pytest
from django.test import Client
from pytest_django import Settings

from apps.console.task_kinds import TASKS, Task, find_offer, tasks_for
from apps.console.tasks.forms import SOURCE, fields_of
from apps.jobs.models import Job
from framelane.lib import clock
from framelane.lib.storage import get_links
from gpu_tasks.timeline.tasks import BODIES
from tests.console.people import signed_in
from tests.console.test_assets import HOSTILE, asset_of, reading_job
from tests.people import Person
from tests.uploads.conftest import store as store

pytestmark = pytest.mark.django_db

SLUGS = [task.slug for task in TASKS]
FOREIGN = "https://cdn.example.org/talk.mp4"


@pytest.fixture(autouse=True)
def provider(settings: Settings) -> None:
    """Somebody transcribes."""
    settings.FRAMELANE_ASSEMBLYAI_API_KEY = "key"


@pytest.fixture
def owner(alice: Person) -> Client:
    return signed_in(alice)


def send(client: Client, slug: str = "super-resolution", **entered: Any) -> Any:
    return client.post(f"/console/tasks/{slug}", {"source_url": FOREIGN, **entered})


def the_request() -> dict[str, Any]:
    request: dict[str, Any] = Job.objects.get().request
    return request


# --- The overview ---------------------------------------------------------------------------------------------------


def test_every_task_has_a_page() -> None:
    assert {task.name for task in TASKS} == set(BODIES)


def test_the_overview_says_what_is_not_possible_here(owner: Client, settings: Settings) -> None:
    page = owner.get("/console/tasks").content.decode()
    for task in TASKS:
        assert f'href="/console/tasks/{task.slug}"' in page
        assert task.title in page
    assert "Not available here" not in page
    settings.FRAMELANE_ASSEMBLYAI_API_KEY = ""
    settings.FRAMELANE_WHISPER_MODEL = None
    assert "FRAMELANE_ASSEMBLYAI_API_KEY" in owner.get("/console/tasks").content.decode()
    form = owner.get("/console/tasks/transcribe").content.decode()
    assert "Not available here" in form
    assert 'id="task"' not in form


def test_unknown_tasks_are_unknown(owner: Client) -> None:
    for path in ("cake", "super_resolution", "cake/sources", "cake/recent"):
        assert owner.get(f"/console/tasks/{path}").status_code == 404


# --- The forms ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("task", TASKS, ids=lambda task: task.slug)
def test_every_field_of_the_body_is_in_the_form(owner: Client, task: Task) -> None:
    page = owner.get(f"/console/tasks/{task.slug}").content.decode()
    for name in BODIES[task.name].model_fields:
        assert re.search(rf'<(input|select|textarea)[^>]* name="{name}"', page), name
        assert re.search(rf'<label[^>]* for="id_{name}"', page), name


@pytest.mark.parametrize("task", TASKS, ids=lambda task: task.slug)
def test_fields_keep_the_bounds_and_defaults_of_the_body(task: Task) -> None:
    schema = BODIES[task.name].model_json_schema()["properties"]
    for name, field in fields_of(task.name).items():
        variants = schema[name].get("anyOf", [schema[name]])
        bounds = {bound: value for each in variants for bound, value in each.items()}
        assert getattr(field, "min_value", None) == bounds.get("minimum"), name
        assert getattr(field, "max_value", None) == bounds.get("maximum"), name
        if schema[name].get("default") is not None:
            assert field.initial == schema[name]["default"], name


@pytest.mark.parametrize("slug", SLUGS)
def test_the_form_as_it_stands_asks_for_the_defaults(owner: Client, slug: str) -> None:
    offer = find_offer(slug)
    assert offer is not None
    entered = {
        name: field.initial for name, field in fields_of(offer.task.name).items() if field.initial not in (None, False)
    }
    assert send(owner, slug, **entered).status_code == 302
    assert the_request() == {SOURCE: FOREIGN}


def test_options_are_sent(owner: Client) -> None:
    options = {
        "language": "de",
        "speaker_labels": "on",
        "speakers_expected": "3",
        "word_boost": "Framelane\n\n  render minutes \n",
        "metadata": "project: proj_1\nnote: a: b",
        "webhook_url": "https://hooks.example.org/x",
    }
    answer = send(owner, "transcribe", **options)
    job = Job.objects.get()
    assert answer["Location"] in (f"/console/jobs/{job.id}", "/console/tasks")
    assert (job.task_type, job.metadata) == ("transcribe", {"project": "proj_1", "note": "a: b"})
    assert job.request == {
        SOURCE: FOREIGN,
        "language": "de",
        "word_timings": False,
        "speaker_labels": True,
        "speakers_expected": 3,
        "word_boost": ["Framelane", "render minutes"],
        "metadata": {"project": "proj_1", "note": "a: b"},
        "webhook_url": "https://hooks.example.org/x",
    }


def test_an_asset_is_the_source(owner: Client, alice: Person) -> None:
    asset = asset_of(alice, width=640, height=360, duration=2.0)
    assert send(owner, source_url="", asset=asset.id, scale="1.5").status_code == 302
    assert the_request() == {SOURCE: get_links().stable(asset.key), "scale": 1.5}
    asset.refresh_from_db()
    assert asset.last_used_at is not None


@pytest.mark.parametrize(
    ("slug", "entered", "place", "why"),
    [
        ("super-resolution", {"scale": "5"}, "scale", "less than or equal to 4"),
        ("super-resolution", {"scale": "nan"}, "scale", "Enter a number."),
        ("super-resolution", {"source_url": ""}, "source", "Choose a file"),
        ("super-resolution", {"source_url": "talk.mp4"}, "source", "is not a URL"),
        ("super-resolution", {"source_url": "", "asset": "asset_nonsense"}, "source", "no such asset"),
        ("super-resolution", {"webhook_url": "x"}, "id_webhook_url", "is not a URL"),
        ("super-resolution", {"metadata": "no colon"}, "id_metadata", "write name: value"),
        ("super-resolution", {"metadata": "\n".join(f"{n}: x" for n in range(65))}, "id_metadata", "at most 64"),
        ("remove-background", {"output": "color"}, "id_background_color", "needs a background_color"),
        ("remove-background", {"output": "cake"}, "id_output", "Select a valid choice"),
        ("remove-background", {"output": "color", "background_color": "red"}, "id_background_color", "pattern"),
        ("remove-background", {"output": "blur", "format": "mov"}, "id_format", "is for output"),
        ("transcribe", {"speakers_expected": "2"}, "id_speakers_expected", "needs speaker_labels"),
        ("transcribe", {"language": "x!"}, "id_language", "BCP 47"),
        ("transcribe", {"word_boost": "w" * 201}, "id_word_boost", "201 characters"),
        ("transcribe", {"word_boost": "\n".join(["w"] * 201)}, "id_word_boost", "at most 200"),
        ("gaze-redirect", {"intensity": "-0.1"}, "intensity", "greater than or equal to 0"),
    ],
)
def test_refusals_stand_beside_their_fields(
    owner: Client, slug: str, entered: dict[str, str], place: str, why: str
) -> None:
    answer = send(owner, slug, **entered)
    page = answer.content.decode()
    assert answer.status_code == 422
    beside = re.search(rf'id="(?:id_)?{place}-error">(.*?)</p>', page)
    assert beside is not None
    assert why in beside[1]
    assert not Job.objects.exists()


def test_what_was_entered_stands_there_still(owner: Client, alice: Person) -> None:
    asset = asset_of(alice)
    entered = {
        "asset": asset.id,
        "source_url": "",
        "speaker_labels": "on",
        "language": '"><script>',
        "word_boost": "a\nb",
    }
    page = send(owner, "transcribe", **entered).content.decode()
    assert re.search(rf'value="{asset.id}" form="task" checked', page)
    assert re.search(r'name="speaker_labels" checked', page)
    assert "<script>" not in page.partition("<body")[2]
    assert "&quot;&gt;&lt;script&gt;" in page
    assert ">a\nb</textarea>" in page


def test_a_form_that_is_sent_twice_makes_one_job(owner: Client) -> None:
    first, again = (send(owner, form_key="abc123") for _ in range(2))
    assert first["Location"] == again["Location"]
    assert Job.objects.count() == 1
    assert send(owner, form_key="abc123", scale="3").status_code == 302
    assert send(owner).status_code == 302
    assert Job.objects.count() == 3


def test_assets_of_others_are_no_source(owner: Client, bob: Person) -> None:
    foreign = asset_of(bob)
    answer = send(owner, source_url="", asset=foreign.id)
    assert answer.status_code == 422
    assert "There is no such asset in this workspace." in answer.content.decode()
    assert not Job.objects.exists()


def test_addresses_of_others_fare_as_with_the_api(owner: Client, alice: Person, bob: Person) -> None:
    address = get_links().stable(asset_of(bob).key)
    through_the_api = alice.post("/v1/tasks/super-resolution", {"source_url": address})
    through_the_page = send(owner, source_url=address)
    assert (through_the_api.status_code == 202) == (through_the_page.status_code == 302)
    first, second = Job.objects.order_by("created_at")
    assert (first.request, first.status) == (second.request, second.status)


def test_the_plan_is_kept_to(alice: Person, owner: Client) -> None:
    alice.workspace.plan = "free"
    alice.workspace.save()
    asset = asset_of(alice, width=1920, height=1080, duration=2.0)
    answer = send(owner, source_url="", asset=asset.id, scale="4")
    assert answer.status_code == 422
    assert "1080" in answer.content.decode()
    assert not Job.objects.exists()


@pytest.mark.usefixtures("still_minute")
def test_requests_count_as_with_the_api(owner: Client, alice: Person, settings: Settings) -> None:
    settings.FRAMELANE_RATE_LIMIT_PRO = 2
    assert alice.get("/v1/tasks").status_code == 200
    assert send(owner).status_code == 302
    refused = send(owner)
    assert refused.status_code == 429
    assert "Retry-After" in refused.headers


def test_unverified_and_unpaid_workspaces_begin_nothing(owner: Client, alice: Person) -> None:
    alice.workspace.plan_status = "cancelled"
    alice.workspace.save()
    unpaid = send(owner)
    assert unpaid.status_code == 422
    assert "subscription ended" in unpaid.content.decode()
    alice.workspace.verified_at = None
    alice.workspace.save()
    assert send(owner).status_code == 403
    assert owner.get("/console/tasks/transcribe").status_code == 200
    assert not Job.objects.exists()


def test_members_begin_tasks_and_strangers_do_not(alice: Person) -> None:
    assert send(signed_in(alice, "member", email="m@example.org")).status_code == 302
    assert send(Client())["Location"].startswith("/console/sign-in")
    assert Job.objects.count() == 1


# --- Sources and recent tasks ---------------------------------------------------------------------------------------


def test_only_suitable_files_are_offered(owner: Client, alice: Person, bob: Person) -> None:
    for kind, name in (("video", "a.mp4"), ("image", "b.png"), ("audio", "c.mp3"), ("font", "d.ttf")):
        asset_of(alice, name, kind=kind)
    asset_of(alice, "failed.mp4", status="failed")
    asset_of(bob, "of-bob.mp4")
    offered = {slug: names_in(owner.get(f"/console/tasks/{slug}/sources")) for slug in SLUGS}
    assert offered["super-resolution"] == offered["gaze-redirect"] == offered["remove-background"] == ["b.png", "a.mp4"]
    assert offered["transcribe"] == ["c.mp3", "a.mp4"]


def names_in(answer: Any) -> list[str]:
    return re.findall(r'class="title" title="([^"]*)"', answer.content.decode())


def test_sources_are_found_by_name_and_the_chosen_one_stays(owner: Client, alice: Person, bob: Person) -> None:
    chosen, _, foreign = asset_of(alice, "one.mp4"), asset_of(alice, "two.mp4"), asset_of(bob, "three.mp4")
    address = "/console/tasks/super-resolution/sources"
    assert names_in(owner.get(f"{address}?q=tw")) == ["two.mp4"]
    assert names_in(owner.get(f"{address}?q=tw&asset={chosen.id}")) == ["one.mp4", "two.mp4"]
    assert names_in(owner.get(f"{address}?q=tw&asset={foreign.id}")) == ["two.mp4"]
    assert names_in(owner.get(f"{address}?q=%00&asset=%00")) == ["two.mp4", "one.mp4"]
    page = owner.get(f"/console/tasks/super-resolution?source={chosen.id}").content.decode()
    assert re.search(rf'value="{chosen.id}" form="task" checked', page)


def test_an_asset_leads_to_the_tasks_that_take_it(owner: Client, alice: Person) -> None:
    sound = asset_of(alice, "a.mp3", kind="audio")
    page = owner.get(f"/console/assets/{sound.id}").content.decode()
    assert f"/console/tasks/transcribe?source={sound.id}" in page
    assert "super-resolution" not in page
    assert tasks_for("font") == []


def test_recent_tasks_are_listed_and_looked_at_until_they_end(owner: Client, alice: Person, bob: Person) -> None:
    job = reading_job(alice, asset_of(alice, "mine.mp4"))
    reading_job(bob, asset_of(bob, "of-bob.mp4"))
    fragment = owner.get("/console/tasks/super-resolution/recent").content.decode()
    assert "mine.mp4" in fragment
    assert "of-bob" not in fragment
    assert 'hx-trigger="every' in fragment
    assert "mine.mp4" not in owner.get("/console/tasks/transcribe/recent").content.decode()
    ended = {
        "status": "failed",
        "error_code": "decode_failed",
        "error_message": "<b>bad</b>",
        "completed_at": clock.now(),
    }
    Job.objects.filter(id=job.id).update(**ended)
    settled = owner.get("/console/tasks/super-resolution/recent").content.decode()
    assert "hx-trigger" not in settled
    assert "&lt;b&gt;bad&lt;/b&gt;" in settled


def test_hostile_names_are_inert(owner: Client, alice: Person) -> None:
    for name in HOSTILE:
        reading_job(alice, asset_of(alice, name))
    for path in ("", "/super-resolution", "/super-resolution/sources", "/super-resolution/recent"):
        page = owner.get(f"/console/tasks{path}").content.decode()
        assert "<script>alert" not in page
        assert "</textarea></title>" not in page
