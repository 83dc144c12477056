"""What somebody new does first, as a list that goes once all of it is done, or the workspace is no longer new."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from django.urls import reverse

from apps.jobs.activity import Activity
from apps.webhooks.selectors import endpoints_of
from apps.workspaces.models import Workspace
from apps.workspaces.selectors import members_of
from framelane.lib import clock

SHOWN_FOR: Final = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Step:
    """Something to do. `address` is where, "" for what no page does."""

    title: str
    text: str
    address: str
    link: str
    is_done: bool


def steps_for(workspace: Workspace, activity: Activity) -> list[Step]:
    """Nothing for a workspace that has done everything or is older than SHOWN_FOR."""
    if clock.now() - workspace.created_at > SHOWN_FOR:
        return []
    steps = [
        _step(
            "Verify your e-mail address",
            "A code in your mail proves that it is yours.",
            workspace.verified_at is not None,
        ),
        _step(
            "Render your first film",
            "Start from an example in the playground and change what you like.",
            activity.has_rendered,
            "console:playground",
            "Open the playground",
        ),
        _step(
            "Add a webhook",
            "Your server hears of every finished job, and need not ask.",
            endpoints_of(workspace).exists(),
            "console:webhooks",
            "Add a webhook",
        ),
        _step(
            "Invite somebody",
            "Work in this workspace together.",
            len(members_of(workspace)[:2]) > 1,
            "console:people",
            "Invite people",
        ),
    ]
    return [] if all(step.is_done for step in steps) else steps


def _step(title: str, text: str, is_done: bool, name: str = "", link: str = "") -> Step:
    return Step(title, text, reverse(name) if name else "", link, is_done)
