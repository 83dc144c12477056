"""One call to a receiver, and what came of it."""

import logging

from django.conf import settings
from django.db import connection

from apps.webhooks import outcomes, schedule, secrets
from apps.webhooks.claims import claim_next, claimable
from apps.webhooks.models import Attempt
from apps.webhooks.outcomes import Outcome
from apps.webhooks.sealing import CannotOpen
from apps.webhooks.signatures import signature_headers
from apps.webhooks.targets import Target, hint_target
from framelane.lib import clock
from framelane.lib.net import FetchFailed, Policy, request
from gpu_tasks.timeline.catalogue import limit

log = logging.getLogger(__name__)

USER_AGENT = "Framelane-Webhooks/1"
MAX_ANSWER_BYTES = 4096
TIMEOUT_S = float(limit("webhook_receiver_timeout_seconds"))


def deliver_next(target: Target) -> Attempt | None:
    """Send the next attempt of the line and write down its outcome; None when nothing could be sent now."""
    attempt = claim_next(target)
    if attempt is None:
        return None
    outcome = _outcome_of(attempt)
    log.info("%s: attempt %d: %s", attempt.delivery_id, attempt.number, outcome.summary)
    outcomes.settle(attempt, outcome)
    if claimable(target).exists():
        hint_target(target)
    return attempt


def _outcome_of(attempt: Attempt) -> Outcome:
    if attempt.endpoint is not None and not attempt.endpoint.enabled and not attempt.by_hand:
        return Outcome.given_up("The webhook is disabled.")
    if attempt.claims > schedule.MAX_CLAIMS:
        return Outcome.not_sent("The process that sent this was lost several times.")
    try:
        headers = _headers(attempt)
    except CannotOpen:
        log.exception("%s: no secret to sign with", attempt.delivery_id)
        return Outcome.not_sent("The signing secret cannot be read on this installation; rotate it.")
    return _post(attempt, headers)


def _headers(attempt: Attempt) -> dict[str, str]:
    """Raises CannotOpen."""
    endpoint, message = attempt.endpoint, attempt.message
    own = secrets.of_endpoint(endpoint) if endpoint else secrets.of_workspace(attempt.workspace_id)
    signed = signature_headers(secrets.signing_secrets(own), message.event_id, message.body, clock.now())
    return {"Content-Type": "application/json", "User-Agent": USER_AGENT, **signed}


def _post(attempt: Attempt, headers: dict[str, str]) -> Outcome:
    url = attempt.endpoint.url if attempt.endpoint else attempt.url
    # Receivers may take their time; a database has only so many connections.
    if not connection.in_atomic_block:
        connection.close()
    started_at = clock.now()
    try:
        answer = request(
            "POST",
            url,
            headers=headers,
            body=attempt.message.body.encode(),
            timeout_s=TIMEOUT_S,
            max_answer_bytes=MAX_ANSWER_BYTES,
            policy=policy(),
        )
    except FetchFailed as failure:
        return Outcome.failed(failure.message, started_at)
    return Outcome.of_answer(answer.status, answer.body, started_at)


def policy() -> Policy:
    """What a call may reach: the public Internet, and the networks that the settings allow."""
    return Policy(allow=settings.FRAMELANE_NET_ALLOW)
