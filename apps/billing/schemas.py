"""Bodies of the billing endpoints."""

from datetime import datetime
from typing import Annotated

from pydantic import AfterValidator, BaseModel, Field

from apps.billing.stripe.configuration import origin_of, return_origins
from apps.workspaces.schemas import PlanName, PlanStatus
from framelane.api.pagination import Page
from framelane.api.schema import DescribedEnum, example
from framelane.lib.net.client import parse_url
from framelane.lib.net.errors import Refused

MAX_URL_LENGTH = 2048


def _on_our_origin(url: str) -> str:
    try:
        origin = origin_of(str(parse_url(url)))
    except Refused as error:
        raise ValueError(str(error)) from None
    allowed = return_origins()
    if origin not in allowed:
        raise ValueError(f"{origin} is not an address to return to; accepted are {', '.join(allowed)}")
    return url


ReturnUrl = Annotated[str, Field(max_length=MAX_URL_LENGTH), AfterValidator(_on_our_origin)]


class PlanOut(BaseModel):
    """What a plan costs and includes. Null where there is no limit, or no public price."""

    id: PlanName
    usd_month: float | None = Field(description="US dollars a month, without taxes.")
    render_minutes: int | None = Field(description="Minutes of output that a calendar month (UTC) includes.")
    overage_usd_per_minute: float | None = Field(description="US dollars for each full minute above, where sold.")
    over_cap: str | None = Field(description="What a request above the included minutes is answered with.")
    max_output: str = Field(description="The largest frame: `1080p`, `4K` or `8K`.")
    watermark: bool
    gpu: bool
    dedicated: bool = Field(description="Whether the workers are the workspace's own.")
    concurrent_renders: int | None = Field(description="Renders at the same time; more wait. Null: no limit.")


class PlanPage(Page[PlanOut]):
    """All plans, on one page."""


class SubscriptionOut(BaseModel):
    """What the workspace pays for, and what this month has cost beside the plan's price."""

    plan: PlanName
    status: PlanStatus
    current_period_start: datetime
    current_period_end: datetime = Field(description="Exclusive. The next invoice is written then.")
    cancel_at_period_end: bool = Field(description="Whether the workspace goes back to the free plan at that moment.")
    past_due_since: datetime | None = Field(description="When the payment was due that is missing.")
    overage_minutes: int = Field(description="Full minutes above the included ones in this calendar month (UTC).")
    overage_usd: float = Field(description="What they cost: the overage on the invoice, to the cent.")


class BuyablePlan(DescribedEnum):
    PRO = "pro", "Pro."


class CheckoutRequest(BaseModel):
    plan: BuyablePlan = Field(
        description="The plan to subscribe to. Enterprise is agreed on with people.", json_schema_extra=example("pro")
    )
    success_url: ReturnUrl | None = Field(
        None, description="Where to return to after the payment: an address of this installation or of its console."
    )
    cancel_url: ReturnUrl | None = Field(None, description="Where to return to without one.")


class PortalRequest(BaseModel):
    return_url: ReturnUrl | None = Field(
        None, description="Where the portal leads back to: an address of this installation or of its console."
    )


class RedirectOut(BaseModel):
    """A page of the payment provider."""

    url: str = Field(description="Send the person there. It is valid for a short while and for this workspace only.")
