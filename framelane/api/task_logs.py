"""What log lines of workers belong to: the task, the worker, the queue, and the request that sent the message."""

from typing import Any, Final

from celery.signals import before_task_publish, task_postrun, task_prerun

from framelane.api import request_ids
from framelane.lib import log_context

HEADER: Final = "framelane_request_id"


@before_task_publish.connect
def send_request_id(headers: dict[str, Any] | None = None, **_: Any) -> None:
    """Let the message name the request that it comes from."""
    if headers is not None and (request_id := request_ids.current_request_id()) != request_ids.NO_REQUEST:
        headers.setdefault(HEADER, request_id)


@task_prerun.connect
def begin(task_id: str = "", task: Any = None, **_: Any) -> None:
    """A worker turns to a message."""
    request = task.request
    request_ids.adopt(str(getattr(request, HEADER, None) or ""))
    log_context.replace(
        task=task.name,
        task_id=task_id,
        worker=request.hostname or "",
        queue=(request.delivery_info or {}).get("routing_key") or "",
    )


@task_postrun.connect
def end(**_: Any) -> None:
    """It is done with it."""
    request_ids.adopt("")
    log_context.replace()
