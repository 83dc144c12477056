"""What can be done with a single file."""

from django.http import HttpResponse

from apps.console.pages import page, show
from apps.console.task_kinds import offers
from apps.console.tasks.recent import recent_tasks
from apps.console.visitor import Page


@page("tasks:read")
def overview(request: Page) -> HttpResponse:
    """The tasks, whether this installation does them, and the newest of the workspace."""
    facts = {"offers": offers(), "rows": recent_tasks(request.visitor.workspace)}
    return show(request, "console/tasks/overview.html", facts)
