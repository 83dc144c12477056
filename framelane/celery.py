"""The Celery application: queues, routes and reliability in one place.

The database owns every job, event and delivery; a message only hints that there is something to look at. So messages
carry an id, are acknowledged before the work (a redelivered long task would run twice at once), and no result is kept.
What a lost message leaves behind is found by the periodic tasks below.
"""

import os
from datetime import timedelta
from pathlib import Path
from typing import Any

from celery import Celery
from celery.signals import beat_init, worker_init, worker_ready, worker_shutdown
from django.conf import settings
from kombu import Queue

from framelane.api import task_logs
from framelane.lib import file_broker

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "framelane.settings")

QUEUES = (
    "render",
    "task.super_resolution",
    "task.background_removal",
    "task.gaze",
    "task.transcribe",
    "preview",
    "io",
    # Apart from io: receivers of other people's making may take ten seconds each.
    "webhooks",
    # Apart from io too: sources of five gigabytes, from servers of any speed.
    "ingest",
)


def transport_options(broker_url: str, home: Path) -> dict[str, Any]:
    """Options of the broker's transport; the filesystem one keeps its folders in `home`/broker."""
    if not broker_url.startswith("filesystem:"):
        # A worker that dies with an unacknowledged message is not waited for: the job's lease already covers it.
        return {"socket_keepalive": True, "socket_connect_timeout": 5, "health_check_interval": 30}
    messages, control = home / "broker" / "messages", home / "broker" / "control"
    for folder in (messages, control):
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return {
        "data_folder_in": str(messages),
        "data_folder_out": str(messages),
        "control_folder": str(control),
        "store_processed": False,
        "polling_interval": 0.05,
    }


file_broker.install()
assert task_logs
# Workers find the jobs of the engine by these names; nobody else loads those modules.
app = Celery("framelane", include=["gpu_tasks.worker", "gpu_tasks.preview_worker"])
app.conf.update(
    broker_url=settings.CELERY_BROKER_URL,
    broker_transport_options=transport_options(settings.CELERY_BROKER_URL, settings.FRAMELANE_HOME),
    broker_connection_retry_on_startup=True,
    task_queues=[Queue(name, routing_key=name) for name in QUEUES],
    task_default_queue="io",
    task_create_missing_queues=False,
    # Jobs name their queue when they are sent; everything else is a short piece of housekeeping.
    task_routes={"apps.*": {"queue": "io"}, "framelane.*": {"queue": "io"}},
    task_serializer="json",
    accept_content=["json"],
    # Nothing is ever read back from Celery: the state of a job is its row.
    result_backend=None,
    task_ignore_result=True,
    task_acks_late=False,
    # One message per process: a reserved message waits behind a long render instead of going to a free worker.
    worker_prefetch_multiplier=1,
    worker_hijack_root_logger=False,
    # The request's thread must not hang when the broker is away; the sweeper dispatches what could not be sent.
    task_publish_retry=False,
    broker_connection_timeout=5,
    timezone="UTC",
    enable_utc=True,
    beat_schedule_filename=str(settings.FRAMELANE_HOME / "celerybeat-schedule"),
    beat_schedule={
        # Requeues jobs whose lease ran out or whose message was lost, and enforces deadlines.
        "sweep-jobs": {
            "task": "apps.jobs.tasks.sweep",
            "schedule": timedelta(seconds=settings.FRAMELANE_JOB_SWEEP_S),
            "options": {"expires": settings.FRAMELANE_JOB_SWEEP_S},
        },
        # Probes uploads whose message was lost, and notices what arrived in a bucket.
        "sweep-uploads": {
            "task": "apps.uploads.tasks.sweep",
            "schedule": timedelta(seconds=15),
            "options": {"expires": 15},
        },
        # Hints at previews whose message was lost, and at those that let jobs go first.
        "sweep-previews": {
            "task": "apps.previews.tasks.sweep",
            "schedule": timedelta(seconds=15),
            "options": {"expires": 15},
        },
        # Hands committed domain events on.
        "relay-events": {
            "task": "apps.events.tasks.relay",
            "schedule": timedelta(seconds=settings.FRAMELANE_EVENT_RELAY_S),
            "options": {"expires": settings.FRAMELANE_EVENT_RELAY_S},
        },
        # Deletes uploads that were never finished, and media past their retention.
        "collect-garbage": {"task": "apps.uploads.tasks.collect_garbage", "schedule": timedelta(hours=1)},
        # Deletes objects that no row names: walks through the whole store.
        "collect-orphans": {"task": "apps.uploads.tasks.collect_orphans", "schedule": timedelta(days=1)},
        # Goes on with the erasure of workspaces where a message or a process was lost, or the store was away.
        "sweep-erasures": {
            "task": "apps.account.tasks.sweep",
            "schedule": timedelta(seconds=15),
            "options": {"expires": 15},
        },
        # Invitations that nobody took in time.
        "forget-invitations": {"task": "apps.account.tasks.forget_invitations", "schedule": timedelta(hours=1)},
        # Events that were handed on long ago.
        "purge-events": {"task": "apps.events.tasks.purge", "schedule": timedelta(days=1)},
        # Merges the rows of the counters that /metrics shows.
        "compact-tallies": {"task": "apps.tallies.tasks.compact", "schedule": timedelta(minutes=5)},
        # Sends what waits in the outbox of mails, and tries again what failed.
        "send-mail": {
            "task": "apps.mail.tasks.send",
            "schedule": timedelta(seconds=15),
            "options": {"expires": 15},
        },
        "purge-mail": {"task": "apps.mail.tasks.purge", "schedule": timedelta(hours=24)},
        # Erases workspaces whose address was never proven, and forgets who signed up how often.
        "sweep-signups": {"task": "apps.signup.tasks.sweep", "schedule": timedelta(hours=1)},
        # Only installations without Redis count requests in the database.
        "purge-rate-counts": {"task": "framelane.api.tasks.purge_rate_counts", "schedule": timedelta(hours=1)},
        # Of people who have not come to the console for weeks, and of sign-ins that came to nothing.
        "purge-sessions": {"task": "framelane.api.tasks.purge_sessions", "schedule": timedelta(hours=1)},
        # Looks into Stripe's events whose message was lost; tells Stripe of overage, also within the hour in which
        # an ended month's invoice is still a draft. Without Stripe's settings these do nothing.
        "sweep-stripe-events": {
            "task": "apps.billing.stripe.tasks.sweep",
            "schedule": timedelta(seconds=30),
            "options": {"expires": 30},
        },
        "report-overage": {"task": "apps.billing.stripe.tasks.report_overage", "schedule": timedelta(minutes=15)},
        "tidy-payments": {"task": "apps.billing.stripe.tasks.tidy", "schedule": timedelta(hours=1)},
        # Sends what is due of webhooks: retries, and what lost its message or its sender.
        "sweep-webhooks": {
            "task": "apps.webhooks.tasks.sweep",
            "schedule": timedelta(seconds=settings.FRAMELANE_WEBHOOK_SWEEP_S),
            "options": {"expires": settings.FRAMELANE_WEBHOOK_SWEEP_S},
        },
        # Forgets deliveries after 30 days and secrets after their end, and seals anew what a former key has sealed.
        "purge-webhooks": {"task": "apps.webhooks.tasks.purge", "schedule": timedelta(hours=1)},
        # Idempotency keys are kept for a day.
        "purge-idempotency-records": {
            "task": "framelane.api.tasks.purge_idempotency_records",
            "schedule": timedelta(hours=1),
        },
    },
)
app.autodiscover_tasks()
app.autodiscover_tasks(["apps.billing.stripe"])


@worker_init.connect
@beat_init.connect
def _refuse_unsafe_start(**_: Any) -> None:
    from framelane.checks import refuse_unsafe_start

    refuse_unsafe_start()


@worker_ready.connect
def _tell_of_worker(sender: Any = None, **_: Any) -> None:
    from apps.operations.heartbeat import begin

    begin(sender)


@beat_init.connect
def _tell_of_beat(**_: Any) -> None:
    from apps.operations.scheduler import begin

    begin()


@worker_shutdown.connect
def _tell_of_end(**_: Any) -> None:
    from apps.operations.heartbeat import end

    end()
