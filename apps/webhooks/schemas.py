"""Bodies of the webhook endpoints."""

from datetime import datetime
from difflib import get_close_matches
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, Field
from pydantic_core import PydanticCustomError

from apps.events.types import EVENT_TYPES, EVERYTHING, PATTERNS
from apps.webhooks.messages import TEST_TYPE
from apps.webhooks.models import MAX_URL_LENGTH, Attempt, Endpoint
from framelane.api.pagination import Page, PageQuery
from framelane.api.schema import DescribedEnum, example
from gpu_tasks.timeline.catalogue import limit

MAX_PATTERNS = 64
_PAGE = limit("page")
_EXAMPLE_ID = "wh_01J8QR2K5VKDGN2T4FBM3CZYX7"
_EXAMPLE_URL = "https://app.example.com/hooks/framelane"
_EXAMPLE_SECRET = "whsec_Zm91ciBhbmQgdHdlbnR5IGJ5dGVz"


def _known(name: str, accepted: tuple[str, ...]) -> str:
    if name in accepted:
        return name
    nearest = get_close_matches(name, accepted, n=1, cutoff=0.4)
    hint = f"; did you mean {nearest[0]!r}?" if nearest else ""
    facts = {"value": repr(name[:64]), "accepted": ", ".join(accepted), "hint": hint}
    raise PydanticCustomError("event_type", "{value} is no type of event; accepted are {accepted}{hint}", facts)


def _pattern(name: str) -> str:
    return _known(name, PATTERNS)


def _testable(name: str) -> str:
    return _known(name, (TEST_TYPE, *EVENT_TYPES))


def _folded(patterns: list[str]) -> list[str]:
    return list(dict.fromkeys(patterns))


ReceiverUrl = Annotated[str, Field(min_length=1, max_length=MAX_URL_LENGTH, json_schema_extra={"format": "uri"})]
Patterns = Annotated[
    list[Annotated[str, AfterValidator(_pattern)]],
    Field(min_length=1, max_length=MAX_PATTERNS),
    AfterValidator(_folded),
]


class WebhookRequest(BaseModel):
    url: ReceiverUrl = Field(
        description="Where events are posted: https, on the public Internet, port 443 (or 80), without user name and "
        "fragment. A development installation takes http too.",
        json_schema_extra=example(_EXAMPLE_URL),
    )
    events: Patterns = Field(
        default_factory=lambda: [EVERYTHING],
        description="Types of events, `render.*`, `task.*` or `asset.*` for all of one kind, or `*` for everything, "
        "which is the default. `GET /v1/capabilities` lists the types.",
        json_schema_extra=example(["render.completed", "render.failed"]),
    )
    enabled: bool = Field(True, description="Whether events are sent.")


class WebhookChanges(BaseModel):
    """What is to change. Fields that are missing or null stay as they are."""

    url: ReceiverUrl | None = Field(
        None,
        description="Deliveries that are still to be tried go there too.",
        json_schema_extra=example(_EXAMPLE_URL),
    )
    events: Patterns | None = Field(None, description="Replaces the whole list.")
    enabled: bool | None = Field(
        None, description="Off: nothing is sent, and what waits is given up. On: failures start to count anew."
    )


class DisabledReason(DescribedEnum):
    FAILING = "failing", "Every delivery had failed for five days."
    GONE = "gone", "The receiver answered 410 Gone."


class WebhookOut(BaseModel):
    """An address that receives events of the workspace."""

    id: str = Field(json_schema_extra=example(_EXAMPLE_ID))
    url: str = Field(json_schema_extra=example(_EXAMPLE_URL))
    events: list[str] = Field(description="As they were given, each once.", json_schema_extra=example(["render.*"]))
    enabled: bool = Field(description="Whether events are sent.")
    disabled_reason: DisabledReason | None = Field(
        None, description="Why the platform has switched it off; null when it is on, or when you did."
    )
    created_at: datetime
    last_delivery_at: datetime | None = Field(None, description="When something was last sent, with whatever outcome.")


class WebhookCreatedOut(WebhookOut):
    """A new webhook, with its secret."""

    secret: str | None = Field(
        None,
        description="Signs every delivery. It is shown this once: an idempotent replay has null.",
        json_schema_extra=example(_EXAMPLE_SECRET),
    )


class WebhookPage(Page[WebhookOut]):
    """One page of webhooks, newest first."""


class RotationRequest(BaseModel):
    """How to replace a secret. The body may be left out."""

    revoke_now: bool = Field(False, description="End the former secrets at once instead of after 24 hours.")


class WebhookSecretOut(BaseModel):
    """A new signing secret."""

    secret: str = Field(
        description="Signs from now on. It is shown this once.", json_schema_extra=example(_EXAMPLE_SECRET)
    )
    previous_valid_until: datetime | None = Field(
        None, description="Until when deliveries carry a signature of the former secret too; null when it ended."
    )


class WebhookTestRequest(BaseModel):
    """What to send. The body may be left out."""

    event_type: Annotated[str, AfterValidator(_testable)] = Field(
        TEST_TYPE,
        description=f"`{TEST_TYPE}`, or any type of event. The job or asset in it is made up; `metadata.test` of a job "
        "says so.",
        json_schema_extra=example("render.completed"),
    )


class DeliveryStatus(DescribedEnum):
    PENDING = "pending", "Waits to be sent, or is being sent."
    SUCCEEDED = "succeeded", "The receiver answered with a status from 200 to 299 in time."
    FAILED = "failed", "This attempt failed; another one follows at `next_retry_at`."
    DEAD = "dead", "The delivery was given up with this attempt."


class WebhookDeliveryOut(BaseModel):
    """One attempt at a delivery, made or planned."""

    id: str = Field(description="Of this attempt.", json_schema_extra=example("dlv_01J8QR2K5VKDGN2T4FBM3CZYX8"))
    delivery_id: str = Field(
        description="Shared by all attempts at one delivery.",
        json_schema_extra=example("dlv_01J8QR2K5VKDGN2T4FBM3CZYX9"),
    )
    webhook_id: str = Field(json_schema_extra=example(_EXAMPLE_ID))
    event_id: str = Field(
        description="The `id` in the body and in `webhook-id`; stays the same when a delivery is sent again.",
        json_schema_extra=example("evt_01J8QR2K5VKDGN2T4FBM3CZYXA"),
    )
    event_type: str = Field(json_schema_extra=example("render.completed"))
    job_id: str | None = Field(
        None,
        description="The render or task that the event tells of, if any.",
        json_schema_extra=example("render_01J8QR2K5VKDGN2T4FBM3CZYX7"),
    )
    attempt_number: int = Field(ge=1, description="Counts from 1.", json_schema_extra=example(1))
    status: DeliveryStatus = Field(json_schema_extra=example("succeeded"))
    status_code: int | None = Field(None, description="Of the receiver's answer.", json_schema_extra=example(200))
    response_body: str | None = Field(
        None, description="The beginning of the receiver's answer, at most 4 KiB.", json_schema_extra=example("ok")
    )
    error: str | None = Field(None, description="Why the attempt failed.")
    created_at: datetime = Field(description="When the attempt was planned.")
    attempted_at: datetime | None = Field(None, description="When it was sent.")
    next_retry_at: datetime | None = Field(
        None, description="When the next attempt is due, or of a planned one, this one."
    )


class WebhookDeliveryPage(Page[WebhookDeliveryOut]):
    """One page of attempts, newest first."""


class DeliveryListQuery(PageQuery):
    """Query of the log of a webhook."""

    limit: int = Field(_PAGE["webhook_deliveries_default"], ge=_PAGE["min"], le=_PAGE["max"])
    status: DeliveryStatus | None = None


def webhook_out(endpoint: Endpoint) -> WebhookOut:
    return WebhookOut(**_endpoint_fields(endpoint))


def webhook_created_out(endpoint: Endpoint, secret: str | None) -> WebhookCreatedOut:
    return WebhookCreatedOut(**_endpoint_fields(endpoint), secret=secret)


def _endpoint_fields(endpoint: Endpoint) -> dict[str, Any]:
    return {
        "id": endpoint.id,
        "url": endpoint.url,
        "events": endpoint.events,
        "enabled": endpoint.enabled,
        "disabled_reason": endpoint.disabled_reason or None,
        "created_at": endpoint.created_at,
        "last_delivery_at": endpoint.last_delivery_at,
    }


def delivery_out(attempt: Attempt) -> WebhookDeliveryOut:
    """An attempt as clients read it."""
    assert attempt.endpoint_id is not None
    is_planned_retry = attempt.status == DeliveryStatus.PENDING and attempt.number > 1
    return WebhookDeliveryOut(
        id=attempt.id,
        delivery_id=attempt.delivery_id,
        webhook_id=attempt.endpoint_id,
        event_id=attempt.message.event_id,
        event_type=attempt.message.type,
        job_id=attempt.job_id or None,
        attempt_number=attempt.number,
        status=DeliveryStatus(attempt.status),
        status_code=attempt.status_code,
        response_body=attempt.response_body,
        error=attempt.error or None,
        created_at=attempt.created_at,
        attempted_at=attempt.attempted_at,
        next_retry_at=attempt.due_at if is_planned_retry else attempt.next_retry_at,
    )
