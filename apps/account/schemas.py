"""Bodies of the workspace endpoints."""

from datetime import datetime

from pydantic import BaseModel, Field

from framelane.api.names import Name
from framelane.api.schema import DescribedEnum, example


class WorkspaceUpdate(BaseModel):
    name: Name = Field(
        description="What its owner calls it; space around it is dropped.",
        json_schema_extra=example("Alice's films"),
    )


class WorkspaceDeletion(BaseModel):
    confirm: str = Field(
        max_length=100,
        description="The id of the workspace, to be sure.",
        json_schema_extra=example("ws_01J8QR2K5VKDGN2T4FBM3CZYX8"),
    )


class ErasureOut(BaseModel):
    """The workspace is being deleted."""

    workspace_id: str
    requested_at: datetime


class UsagePeriod(DescribedEnum):
    """Over which days usage is counted, all in UTC."""

    CURRENT = "current", "The calendar month of today, for which the plan's minutes are counted."
    LAST_7_DAYS = "7d", "The last 7 days, today included."
    LAST_30_DAYS = "30d", "The last 30 days, today included."
    LAST_90_DAYS = "90d", "The last 90 days, today included."


class UsageQuery(BaseModel):
    period: UsagePeriod = Field(UsagePeriod.CURRENT, description="Over which days usage is counted.")


class UsageOut(BaseModel):
    """What a workspace has used in a period."""

    period_start: datetime = Field(description="Midnight, UTC.")
    period_end: datetime = Field(description="Midnight, UTC; exclusive.")
    render_minutes: float = Field(
        description="Minutes of completed output of renders and tasks, to four decimals.",
        json_schema_extra=example(12.2),
    )
    render_minutes_limit: int | None = Field(
        description="Minutes a month that the plan includes; null means no limit.", json_schema_extra=example(2000)
    )
    renders_count: int = Field(description="Completed renders.")
    task_count: int = Field(description="Completed tasks.")
    egress_bytes: int = Field(
        description="Bytes given out by signed addresses. Where media lie in a bucket, each redirect to a download "
        "counts as the whole file."
    )
