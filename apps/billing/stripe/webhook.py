"""Where Stripe delivers its events. No part of the public API, so it is not in the OpenAPI document."""

from rest_framework.request import Request
from rest_framework.response import Response

from apps.billing.stripe.configuration import is_configured
from framelane.api.errors import ApiError, invalid_request
from framelane.api.parsing import loads
from framelane.api.views import ApiViewSet, validated

MAX_BODY_BYTES = 1024**2
"""Stripe's own events stay far below: invoices of a hundred lines have about 200 kB."""


class StripeWebhookViewSet(ApiViewSet):
    """Authenticated by its signature alone."""

    def receive(self, request: Request) -> Response:
        """Keeps the event and answers at once; it is looked into afterwards."""
        if not is_configured():
            raise ApiError(501, "not_configured", "This installation takes no payments: Stripe is not configured.")
        from apps.billing.stripe import inbox

        body = _body(request)
        if not inbox.is_genuine(body, request.headers.get("Stripe-Signature", "")):
            raise invalid_request("The Stripe-Signature does not belong to this body, or is too old.")
        is_new = inbox.receive(validated(inbox.EventIn, loads(body)))
        return Response({"received": True, "new": is_new})


def _body(request: Request) -> bytes:
    """The exact bytes that were signed. Raises ApiError 411 or 413."""
    length = request.META.get("CONTENT_LENGTH") or ""
    if not length.isdecimal():
        raise ApiError(411, "invalid_request", "Send the body with a Content-Length.")
    if int(length) > MAX_BODY_BYTES:
        raise ApiError(413, "payload_too_large", f"The body has {length} bytes; at most {MAX_BODY_BYTES} are accepted.")
    body: bytes = request._request.body
    return body
