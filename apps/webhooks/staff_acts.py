"""What the staff may do about webhooks: switch them on and off, and deliver again."""

from datetime import timedelta
from typing import Any, Final

from django.http import HttpRequest

from apps.webhooks.models import Attempt, Endpoint, Status
from apps.webhooks.services import redeliver, update_endpoint
from framelane.api.staff_acts import Act, ActRefused, Changes, Confirmation, offer
from framelane.lib import clock

RECENTLY: Final = timedelta(hours=24)
MOST_AGAIN: Final = 200


def _switch(is_on: bool) -> Any:
    def run(request: HttpRequest, endpoint: Endpoint, answers: dict[str, Any]) -> Changes:
        update_endpoint(endpoint=endpoint, enabled=is_on)
        return None

    return run


def _redeliver(request: HttpRequest, attempt: Attempt, answers: dict[str, Any]) -> Changes:
    return {"delivery": [attempt.delivery_id, redeliver(attempt=attempt).delivery_id]}


def _redeliver_lost(request: HttpRequest, endpoint: Endpoint, answers: dict[str, Any]) -> Changes:
    lost = Attempt.objects.filter(endpoint=endpoint, status=Status.DEAD, created_at__gte=clock.now() - RECENTLY)
    chosen = list(lost.select_related("message").order_by("created_at", "id")[:MOST_AGAIN])
    if not chosen:
        raise ActRefused("nothing was given up in the last 24 hours.")
    for attempt in chosen:
        redeliver(attempt=attempt)
    return {"deliveries": len(chosen)}


_ENDPOINTS: dict[str, Any] = {"permission": "webhooks.change_endpoint", "refusals": (Endpoint.DoesNotExist,)}

offer(
    Endpoint,
    Act(
        name="enable",
        label="Switch on",
        action="webhook.enable",
        question="These webhooks receive events again from now on, and count as never having failed.",
        run=_switch(True),
        can=lambda endpoint: not endpoint.enabled,
        watched=("enabled", "disabled_reason"),
        done="switched on",
        **_ENDPOINTS,
    ),
    Act(
        name="disable",
        label="Switch off",
        action="webhook.disable",
        question="These webhooks receive nothing any more, and what waits for them is given up.",
        run=_switch(False),
        can=lambda endpoint: bool(endpoint.enabled),
        watched=("enabled",),
        is_dangerous=True,
        done="switched off",
        **_ENDPOINTS,
    ),
    Act(
        name="redeliver_lost",
        label="Deliver again what was given up",
        action="webhook.redeliver_lost",
        question=f"Deliveries that were given up in the last 24 hours are made again, at most {MOST_AGAIN} of each "
        "webhook. Receivers know events by their ids.",
        run=_redeliver_lost,
        form=Confirmation,
        done="served again",
        **_ENDPOINTS,
    ),
)
offer(
    Attempt,
    Act(
        name="redeliver",
        label="Deliver again",
        action="webhook.redeliver",
        permission="webhooks.change_attempt",
        question="The same events are sent to the same receivers again, byte for byte, as new deliveries.",
        run=_redeliver,
        form=Confirmation,
        can=lambda attempt: attempt.status != Status.PENDING,
        refusals=(Endpoint.DoesNotExist,),
        done="planned again",
    ),
)
