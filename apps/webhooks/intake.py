"""From events to deliveries: who is to hear of an event, and of which progress nobody needs to hear."""

from datetime import timedelta

from apps.events.models import Event
from apps.events.types import EVENT_TYPES, is_progress, matches
from apps.jobs.models import Job, Kind
from apps.jobs.selectors import find_job
from apps.webhooks import schedule
from apps.webhooks.messages import job_id_of, message_of
from apps.webhooks.models import Attempt, Endpoint, Message, Status
from apps.webhooks.secrets import ensure_workspace_secret
from apps.webhooks.targets import Target, hint_target
from framelane.lib import clock


def on_event(event: Event) -> None:
    """Plan the deliveries of an event: to the job's own URL where it has one, else to every endpoint that listens."""
    if event.type not in EVENT_TYPES:
        return
    job = _job_of(event)
    targets = _targets(event, job)
    if not targets or event.workspace.erasure_requested_at is not None or _is_too_soon(event):
        return
    if job is not None and job.webhook_url:
        ensure_workspace_secret(workspace_id=event.workspace_id)
    message = message_of(event, job)
    for target in targets:
        _drop_superseded(target, message)
        plan(target, message, url=job.webhook_url if job else "", max_attempts=_max_attempts(event))


def plan(
    target: Target, message: Message, *, url: str = "", max_attempts: int = schedule.MAX_ATTEMPTS, by_hand: bool = False
) -> Attempt:
    """The first attempt of a new delivery, which the senders are told of once the transaction is committed."""
    attempt = Attempt.objects.create(
        workspace_id=target.workspace_id,
        endpoint_id=target.endpoint_id,
        url=url if target.endpoint_id is None else "",
        message=message,
        job_id=message.job_id,
        by_hand=by_hand,
        max_attempts=max_attempts,
        due_at=clock.now(),
    )
    hint_target(target)
    return attempt


def _job_of(event: Event) -> Job | None:
    job_id = job_id_of(event)
    return find_job(event.workspace, Kind(event.data["job"]["kind"]), job_id) if job_id else None


def _targets(event: Event, job: Job | None) -> list[Target]:
    if job is not None and job.webhook_url:
        return [Target(event.workspace_id, None)]
    listening = Endpoint.objects.filter(workspace_id=event.workspace_id, enabled=True).order_by("created_at", "id")
    return [Target.of(endpoint) for endpoint in listening if matches(endpoint.events, event.type)]


def _max_attempts(event: Event) -> int:
    return schedule.PROGRESS_MAX_ATTEMPTS if is_progress(event.type) else schedule.MAX_ATTEMPTS


def _is_too_soon(event: Event) -> bool:
    """Whether an event of progress comes less than 5 seconds, or less than 10 percent, after the last one sent."""
    if not is_progress(event.type):
        return False
    last = Message.objects.filter(job_id=job_id_of(event), percent__isnull=False).order_by("-id").first()
    if last is None or last.percent is None:
        return False
    too_early = event.created_at < last.happened_at + timedelta(seconds=schedule.PROGRESS_INTERVAL_S)
    return too_early or event.data["job"]["progress_percent"] < last.percent + schedule.PROGRESS_STEP_PERCENT


def _drop_superseded(target: Target, message: Message) -> None:
    """Newer news of a job make its older progress idle: what has not been sent of that is not sent any more."""
    if not message.job_id:
        return
    idle = target.pending().filter(
        job_id=message.job_id, message__percent__isnull=False, message_id__lt=message.id, by_hand=False
    )
    for attempt in idle:
        _drop(attempt)


def _drop(attempt: Attempt) -> None:
    """Take back a planned try unless somebody is sending it; a try before it becomes the delivery's last one."""
    unclaimed = Attempt.objects.filter(id=attempt.id, status=Status.PENDING, lease_until=None)
    if unclaimed.delete()[0]:
        former = Attempt.objects.filter(delivery_id=attempt.delivery_id, number=attempt.number - 1)
        former.update(status=Status.DEAD, next_retry_at=None)
