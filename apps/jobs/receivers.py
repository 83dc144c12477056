"""The `webhook_url` of a request."""

from django.conf import settings

from framelane.lib.net import Refused, refuse_early
from gpu_tasks.timeline.lint import InvalidRequest
from gpu_tasks.timeline.problems import Problem


def receiver_of(webhook_url: str | None) -> str:
    """Where a job's events go instead of to the workspace's webhooks; empty for nowhere else.

    Raises InvalidRequest for an address that certainly lies off the public Internet. What can only be seen when it is
    called, such as a name of a private address, fails the deliveries instead.
    """
    if webhook_url is None:
        return ""
    try:
        refuse_early(webhook_url, allow=settings.FRAMELANE_NET_ALLOW)
    except Refused as refused:
        raise InvalidRequest("validation_error", [Problem("/webhook_url", "url", refused.message)]) from None
    return webhook_url
