"""`/flower/`: Flower for the staff. It listens where only this installation reaches it, and believes only us."""

import logging

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt

from apps.audit import services as audit
from apps.operations.flower.access import is_change, refusal
from apps.operations.flower.upstream import MAX_BODY_BYTES, FlowerAway, ask, is_plain
from framelane.api.errors import ApiError, not_found
from framelane.api.handlers import error_response

log = logging.getLogger(__name__)


# Its pages know nothing of Django's tokens; `access.comes_from_here` stands in their place.
@csrf_exempt
def flower(request: HttpRequest, path: str = "") -> HttpResponseBase:
    """What Flower answers, to those of the staff who may see it."""
    if (refused := refusal(request, path)) is not None:
        return refused
    if not is_plain(path):
        return error_response(not_found())
    if int(request.META.get("CONTENT_LENGTH") or 0) > MAX_BODY_BYTES:
        return error_response(ApiError(413, "payload_too_large", f"The body exceeds {MAX_BODY_BYTES} bytes."))
    try:
        return _change(request, path) if is_change(request, path) else ask(request, path)
    except FlowerAway as reason:
        log.warning("Flower does not answer: %s", reason)
        return render(request, "operations/flower_away.html", status=503)


def _change(request: HttpRequest, path: str) -> HttpResponseBase:
    """What is asked of workers is written down before they are asked, whatever becomes of it."""
    # Read whole first: what was read as a form cannot be passed on.
    assert request.body is not None
    audit.record(request=request, action="flower.control", changes={"path": path, "fields": request.POST.dict()})
    return ask(request, path)
