"""The calls that we make, for the `webhooks` part of the OpenAPI document."""

from datetime import datetime
from typing import Any

from pydantic import BaseModel, Field

from apps.events.types import EVENT_TYPES
from apps.jobs.schemas import JobOut
from apps.uploads.schemas import AssetOut
from framelane.api.schema import COMPONENT, example


class WebhookJob(BaseModel):
    """What an event of a render or a task tells."""

    job: JobOut


class WebhookAsset(BaseModel):
    """What an event of an asset tells."""

    asset: AssetOut


class WebhookEvent(BaseModel):
    """The body of every call. It is signed: check `Framelane-Signature` or `webhook-signature` before you read it."""

    id: str = Field(
        description="Stays the same however often the event is sent; also in `webhook-id`.",
        json_schema_extra=example("evt_01J8QR2K5VKDGN2T4FBM3CZYXA"),
    )
    type: str = Field(description="What has happened.", json_schema_extra=example("render.completed"))
    created_at: datetime = Field(description="When it happened.")
    workspace_id: str = Field(json_schema_extra=example("ws_01J8QR2K5VKDGN2T4FBM3CZYX8"))
    data: WebhookJob | WebhookAsset = Field(description="The job or the asset as it was then.")


def add_calls(result: dict[str, Any], generator: Any, request: Any, public: bool) -> dict[str, Any]:
    """Name every call in the document, with the body that all of them share."""
    schema = WebhookEvent.model_json_schema(mode="serialization", ref_template=COMPONENT)
    components = result["components"]["schemas"]
    # What endpoints answer with is there already.
    result["components"]["schemas"] = {**schema.pop("$defs"), **components, WebhookEvent.__name__: schema}
    result["webhooks"] = {name: {"post": _call(name, meaning)} for name, meaning in EVENT_TYPES.items()}
    return result


def _call(name: str, meaning: str) -> dict[str, Any]:
    body = {"schema": {"$ref": COMPONENT.format(model=WebhookEvent.__name__)}}
    received = "Received. Any other status, or none within 10 seconds, is a failure, and the call is made again later."
    return {
        "operationId": f"receive_{name.replace('.', '_')}",
        "summary": meaning,
        "tags": ["webhooks"],
        "requestBody": {"content": {"application/json": body}, "required": True},
        "responses": {"2XX": {"description": received}},
    }
