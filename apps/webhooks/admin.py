"""Webhooks for the staff of an installation: what is sent where, and what came of it. Secrets are not shown."""

import json

from django.contrib import admin
from django.utils.safestring import SafeString

from apps.webhooks.models import Attempt, Endpoint
from framelane.api.staff import ReadOnly, link_to, readable
from framelane.lib.net import shown


@admin.register(Endpoint)
class EndpointAdmin(ReadOnly):
    list_display = ["id", "workspace_link", "address", "enabled", "disabled_reason", "failures", "last_delivery_at"]
    list_filter = ["enabled", "disabled_reason", "created_at"]
    search_fields = ["id", "url", "workspace__id", "workspace__name"]
    list_select_related = ["workspace"]
    date_hierarchy = "created_at"
    # Receivers often know us by a token in the query.
    instead = {"url": "address"}

    @admin.display(ordering="url")
    def address(self, endpoint: Endpoint) -> str:
        """Where it leads, without the query."""
        return shown(endpoint.url)


@admin.register(Attempt)
class AttemptAdmin(ReadOnly):
    list_display = [
        "delivery_id",
        "number",
        "status",
        "status_code",
        "event_type",
        "job_link",
        "workspace_link",
        "receiver",
        "created_at",
        "due_at",
    ]
    list_filter = ["status", "message__type", "by_hand", "created_at"]
    search_fields = ["id", "delivery_id", "job_id", "message__event_id", "workspace__id", "endpoint__id"]
    list_select_related = ["workspace", "message", "endpoint"]
    date_hierarchy = "created_at"
    instead = {"url": "receiver", "endpoint": "webhook", "job_id": "job_link", "message": "body"}

    @admin.display(description="event", ordering="message__type")
    def event_type(self, attempt: Attempt) -> str:
        return attempt.message.type

    @admin.display(description="receiver")
    def receiver(self, attempt: Attempt) -> str:
        return shown(attempt.endpoint.url if attempt.endpoint else attempt.url)

    @admin.display(description="webhook")
    def webhook(self, attempt: Attempt) -> SafeString | str:
        """None for what goes to the URL of a job."""
        found = attempt.endpoint_id
        return link_to("webhooks_endpoint", found, found) if found else self.get_empty_value_display()

    @admin.display(description="message")
    def body(self, attempt: Attempt) -> SafeString:
        return readable(json.loads(attempt.message.body))
