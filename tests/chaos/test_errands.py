"""Whatever is killed, every errand in the world outside is done: imports, calls, mails, payments, erasures.

Who is killed here is in the middle of it, because the other side keeps him waiting.
"""

from collections import Counter
from email import message_from_bytes
from http.server import BaseHTTPRequestHandler
from io import BytesIO
from itertools import count
from pathlib import Path
from threading import Event
from typing import Any

import numpy as np
import pytest
from PIL import Image

from apps.billing.stripe.models import StripeEvent
from apps.jobs.models import Job
from apps.jobs.services.submit import create_render
from apps.mail.models import Mail
from apps.mail.services import queue_mail
from apps.uploads.models import Asset, Import
from apps.webhooks.models import Attempt
from apps.workspaces.models import Erasure, Workspace
from framelane.lib import clock
from framelane.lib.storage import get_store
from tests.billing.payments import Shop, open_shop
from tests.chaos.cluster import Cluster, wait_until
from tests.chaos.test_kills import assert_completed_once, lose_queue, post_and_kill, submit, wait_for_end
from tests.folders import files_below
from tests.loopback import Behaviour, send
from tests.mail.servers import Received, smtp_server
from tests.people import Person, make_person
from tests.stripe_server.server import HELD
from tests.web_site import Site, web_site
from tests.webhooks.conftest import listening, tell
from tests.webhooks.receivers import Receiver, answers, receiving

TOLD = ("render.processing", "render.completed")


@pytest.fixture(autouse=True)
def loopback(cluster: Cluster, settings: Any) -> None:
    """Sites and receivers of these tests may be called."""
    settings.FRAMELANE_NET_ALLOW = ["127.0.0.0/8"]
    cluster.env["FRAMELANE_NET_ALLOW"] = "127.0.0.0/8"


def never(handler: BaseHTTPRequestHandler) -> None:
    """No answer for as long as the client waits."""
    handler.rfile.read(1)


# --- Imports ----------------------------------------------------------------------------------------------------------


def picture(seed: int = 0) -> bytes:
    """A PNG of 200 kB."""
    file = BytesIO()
    Image.fromarray(np.random.default_rng(seed).integers(0, 256, (256, 256, 3), np.uint8)).save(file, "PNG")
    return file.getvalue()


def half_first(body: bytes) -> Behaviour:
    """Half of the file for who comes first, the whole for everybody after."""
    came = count()

    def behave(handler: BaseHTTPRequestHandler) -> None:
        is_first = next(came) == 0
        send(handler, body[: len(body) // 2] if is_first else body, 200, {"Content-Length": str(len(body))})
        if is_first:
            never(handler)

    return behave


def wait_for_a_piece(cluster: Cluster) -> None:
    """Until some of a file is in a scratch folder."""

    def pieces() -> list[Path]:
        return [file for file in files_below(cluster.home / "scratch") if "fetch-" in str(file) and _holds_bytes(file)]

    wait_until(pieces, "half of the file is there", cluster.log)


def _holds_bytes(file: Path) -> bool:
    try:
        return file.stat().st_size > 0
    except FileNotFoundError:
        return False


def wait_for_import(cluster: Cluster, import_id: str) -> Import:
    ended = Import.objects.filter(id=import_id, ended_at__isnull=False)
    wait_until(ended.exists, "the import ends", cluster.log)
    return ended.select_related("asset").get()


def test_a_job_survives_the_kill_of_the_worker_that_fetches_its_source(cluster: Cluster, alice: Person) -> None:
    with web_site() as site:
        url = site.behave("/picture.png", half_first(picture()))
        element = {"id": "picture", "type": "image", "source_url": url, "duration": 1}
        job = create_render(workspace=alice.workspace, payload={"elements": [element]})
        cluster.start_clock()
        first = cluster.start_named("worker-ingest")
        wait_for_a_piece(cluster)
        cluster.kill(first)
        cluster.start_named("worker-ingest")
        cluster.start_worker("render")
        wait_for_end(cluster, job)
        assert_completed_once(cluster, job)
    assert site.asked == ["/picture.png"] * 2
    asset = Asset.objects.get()
    assert (asset.status, asset.source, asset.size_bytes) == ("ready", url, len(picture()))
    assert sorted(get_store().list(f"{alice.workspace.id}/")) == sorted([asset.key, job.output_key])
    assert not list((cluster.home / "store").glob(".drafts/*"))
    wait_until(lambda: not list((cluster.home / "scratch").iterdir()), "scratch is freed", cluster.log)


def test_an_import_survives_the_kill_of_the_web_right_after_its_answer(cluster: Cluster, alice: Person) -> None:
    with web_site() as site:
        url = site.put("/picture.png", picture())
        answer = post_and_kill(cluster, alice, "/v1/imports", {"url": url})
        cluster.start_clock()
        cluster.start_named("worker-ingest")
        done = wait_for_import(cluster, answer["id"])
    assert done.asset is not None
    assert (done.status, done.asset.size_bytes, site.asked) == ("stored", len(picture()), ["/picture.png"])


# --- Calls to receivers -----------------------------------------------------------------------------------------------


def wait_for_calls(cluster: Cluster, receiver: Receiver, least: int) -> None:
    """Until so many events have come."""
    wait_until(lambda: len({call.json["id"] for call in receiver.calls}) >= least, f"{least} calls", cluster.log)


def wait_for_deliveries(cluster: Cluster) -> list[Attempt]:
    wait_until(lambda: not Attempt.objects.filter(status="pending").exists(), "everything is delivered", cluster.log)
    return list(Attempt.objects.order_by("message_id"))


def told_of(receiver: Receiver, job: Job) -> list[tuple[str, str]]:
    """What a receiver was told of a job: types and ids of events, one after the other."""
    calls = [call for call in receiver.calls if call.json["data"]["job"]["id"] == job.id]
    return [(call.json["type"], call.headers["webhook-id"]) for call in calls]


def test_no_event_is_lost_with_the_sender_that_was_calling(cluster: Cluster, alice: Person) -> None:
    with receiving(Receiver(never)) as receiver:
        listening(alice, receiver.url, *TOLD)
        jobs = [submit(alice), submit(alice)]
        for event_type in TOLD:
            for job in jobs:
                tell(alice, event_type, job)
        cluster.start_clock()
        first = cluster.start_named("worker-webhooks")
        wait_for_calls(cluster, receiver, 2)
        cluster.kill(first)
        receiver.behaviour = answers(204)
        cluster.start_named("worker-webhooks")
        attempts = wait_for_deliveries(cluster)
    assert [(attempt.number, attempt.status) for attempt in attempts] == [(1, "succeeded")] * 4
    for job in jobs:
        # A slow machine may call once more before the kill.
        *first_calls, last = told_of(receiver, job)
        assert len(first_calls) >= 2
        assert {event_type for event_type, _ in first_calls} == {"render.processing"}
        assert len({event_id for _, event_id in first_calls}) == 1
        assert last[0] == "render.completed"


# --- Mails ------------------------------------------------------------------------------------------------------------


def queue_mails(person: Person, *names: str) -> None:
    """A mail to each of these people."""
    for name in names:
        queue_mail(to=f"{name}@example.org", template="address_in_use", context={}, workspace=person.workspace)


def send_mails_to(cluster: Cluster, server: Received) -> None:
    cluster.env["EMAIL_URL"] = f"smtp://127.0.0.1:{server.port}"


def wait_for_mails(cluster: Cluster) -> None:
    wait_until(lambda: not Mail.objects.filter(sent_at=None).exists(), "every mail is sent", cluster.log)


def addressees(server: Received) -> Counter[str]:
    return Counter(message_from_bytes(message)["To"] for message in server.messages)


def test_each_mail_comes_once_although_the_worker_that_sends_them_is_killed(cluster: Cluster, alice: Person) -> None:
    names = ("bob", "charlie", "dora", "emil", "freya")
    queue_mails(alice, *names)
    with smtp_server("250 OK", "250 OK", "", "250 OK") as server:
        send_mails_to(cluster, server)
        first = cluster.start_clock()
        wait_until(lambda: len(server.replies) == 1, "the server leaves the third mail waiting", cluster.log)
        cluster.kill(first)
        cluster.start_clock()
        wait_for_mails(cluster)
    assert addressees(server) == {f"{name}@example.org": 1 for name in names}
    assert [mail.attempts for mail in Mail.objects.order_by("id")] == [1, 1, 2, 1, 1]


# --- All of them ------------------------------------------------------------------------------------------------------


def test_every_errand_is_done_although_the_broker_loses_its_queues(cluster: Cluster, alice: Person) -> None:
    release = Event()
    with web_site() as site, receiving(Receiver()) as receiver, smtp_server() as server:
        send_mails_to(cluster, server)
        listening(alice, receiver.url, "asset.ready")
        processes = [cluster.start_clock(), *map(cluster.start_named, ("worker-ingest", "worker-webhooks"))]
        begun = [begin_import(alice, site, 1, half_until(release, picture(1)))]
        wait_for_a_piece(cluster)
        lose_queue(cluster)
        release.set()
        begun.append(begin_import(alice, site, 2, lambda handler: send(handler, picture(2), 200, {})))
        queue_mails(alice, "bob", "charlie")
        imports = [wait_for_import(cluster, import_id) for import_id in begun]
        wait_for_mails(cluster)
        wait_for_calls(cluster, receiver, 2)
        wait_for_deliveries(cluster)
    assert [(done.status, done.attempts) for done in imports] == [("stored", 1)] * 2
    assert receiver.types == ["asset.ready"] * 2
    assert addressees(server) == {"bob@example.org": 1, "charlie@example.org": 1}
    assert [process.poll() for process in processes] == [None] * 3


def half_until(release: Event, body: bytes) -> Behaviour:
    """Half of the file, and the other half later."""

    def behave(handler: BaseHTTPRequestHandler) -> None:
        half = len(body) // 2
        send(handler, body[:half], 200, {"Content-Length": str(len(body))})
        release.wait()
        handler.wfile.write(body[half:])

    return behave


def begin_import(person: Person, site: Site, number: int, behaviour: Behaviour) -> str:
    """The id of a new import of an address of the site."""
    answer = person.post("/v1/imports", {"url": site.behave(f"/{number}.png", behaviour)})
    assert answer.status_code == 202, answer.json()
    return str(answer.json()["id"])


# --- Payments and erasures --------------------------------------------------------------------------------------------


@pytest.fixture
def shop(cluster: Cluster, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Payments are configured, for the processes too, and it is today."""
    now = clock.now
    with open_shop(settings, monkeypatch) as opened:
        monkeypatch.setattr(clock, "now", now)
        opened.books.now = now()
        for name in ("SECRET_KEY", "WEBHOOK_SECRET", "PRICE_PRO", "PRICE_OVERAGE", "API_BASE"):
            cluster.env[f"FRAMELANE_STRIPE_{name}"] = getattr(settings, f"FRAMELANE_STRIPE_{name}")
        # The second look at an erased workspace waits for writers who do not know yet.
        cluster.env.update(FRAMELANE_JOB_LEASE_S="1", FRAMELANE_JOB_HEARTBEAT_S="0.5", FRAMELANE_FETCH_TIMEOUT_S="1")
        yield opened


def test_a_payment_is_noted_and_a_workspace_erased_although_the_worker_is_killed_each_time(
    cluster: Cluster, shop: Shop
) -> None:
    freya, bob = make_person("Freya", plan="free"), make_person("Bob")
    subscription = shop.subscribe(freya)
    customer = f"/v1/customers/{subscription['customer']}"
    for person in (freya, bob):
        add_object(person, cluster.home)

    shop.books.give_up(subscription)
    shop.server.fail(customer, HELD)
    asked = shop.server.count("GET", customer)
    shop.bring_events()
    first = cluster.start_clock()
    wait_until(lambda: shop.server.count("GET", customer) > asked, "Stripe is asked", cluster.log)
    cluster.kill(first)
    assert Workspace.objects.get(id=freya.workspace.id).plan == "pro"
    second = cluster.start_clock()
    wait_until(lambda: not StripeEvent.objects.filter(processed_at=None).exists(), "the events are read", cluster.log)
    assert Workspace.objects.get(id=freya.workspace.id).plan == "free"

    shop.server.fail(customer, HELD)
    answer = freya.client.delete("/v1/workspace", {"confirm": freya.workspace.id}, format="json")
    assert answer.status_code == 202, answer.json()
    wait_until(lambda: shop.server.count("DELETE", customer), "the customer is deleted", cluster.log)
    cluster.kill(second)
    cluster.start_clock()
    wait_until(Erasure.objects.filter(completed_at__isnull=False).exists, "nothing is left", cluster.log)
    assert [workspace.id for workspace in Workspace.objects.all()] == [bob.workspace.id]
    assert shop.books.customers[subscription["customer"]]["deleted"] is True
    assert files_of(cluster, freya) == []
    assert len(files_of(cluster, bob)) == 1
    assert Erasure.objects.get().objects_deleted == 1


def add_object(person: Person, folder: Path) -> None:
    (folder / "content").write_bytes(b"moving pictures")
    get_store().put_file(f"{person.workspace.id}/uploads/clip.mp4", folder / "content", "video/mp4")


def files_of(cluster: Cluster, person: Person) -> list[Path]:
    return files_below(cluster.home / "store" / person.workspace.id)
