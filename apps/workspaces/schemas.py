"""What the world sees of a workspace."""

from datetime import datetime

from pydantic import BaseModel, Field

from apps.workspaces.models import Workspace
from framelane.api.schema import DescribedEnum, example


class PlanName(DescribedEnum):
    """What a workspace subscribes to."""

    FREE = "free", "To try things out: small outputs with a watermark, one render at a time."
    PRO = "pro", "For production."
    ENTERPRISE = "enterprise", "For large volumes."


class PlanStatus(DescribedEnum):
    """How the subscription stands."""

    ACTIVE = "active", "All is paid."
    PAST_DUE = "past_due", "A payment failed; after a grace period the workspace can only be read."
    CANCELLED = "cancelled", "The subscription has ended."
    TRIALING = "trialing", "In its trial; nothing is charged yet."


class WorkspaceOut(BaseModel):
    """A workspace: everything else belongs to one."""

    id: str = Field(description="Begins with `ws_`.", json_schema_extra=example("ws_01J8QR2K5VKDGN2T4FBM3CZYX8"))
    name: str = Field(description="What its owner calls it.", json_schema_extra=example("Alice's films"))
    email: str = Field(description="Where its mail goes.", json_schema_extra=example("alice@example.com"))
    plan: PlanName = Field(description="What it subscribes to.", json_schema_extra=example("free"))
    plan_status: PlanStatus = Field(description="How its subscription stands.", json_schema_extra=example("active"))
    verified: bool = Field(
        description="Whether the e-mail address is proven. Until then nothing but this object can be read.",
        json_schema_extra=example(True),
    )
    created_at: datetime = Field(description="When it was made.")

    @classmethod
    def of(cls, workspace: Workspace) -> "WorkspaceOut":
        """`workspace` as its owner sees it."""
        return cls(
            id=workspace.id,
            name=workspace.name,
            email=workspace.email,
            plan=PlanName(workspace.plan),
            plan_status=PlanStatus(workspace.plan_status),
            verified=workspace.verified_at is not None,
            created_at=workspace.created_at,
        )
