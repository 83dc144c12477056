"""Webhooks for the staff of an installation: what is sent where, and what came of it. Secrets are not shown."""

import json
from typing import Any

from django.contrib import admin
from django.utils.safestring import SafeString

import apps.webhooks.staff_acts  # noqa: F401
from apps.events.types import EVENT_TYPES
from apps.webhooks.models import Attempt, Endpoint
from framelane.api.staff import ReadOnly
from framelane.api.staff_cells import badge, link_to, link_to_list, readable, side_by_side
from framelane.api.staff_filters import among
from framelane.lib.net import shown


@admin.register(Endpoint)
class EndpointAdmin(ReadOnly):
    list_display = ["id", "workspace_link", "address", "state", "disabled_reason", "failures", "last_delivery_at"]
    list_filter = ["enabled", "disabled_reason", "created_at"]
    search_fields = ["id", "url", "workspace__id", "workspace__name"]
    search_help_text = "Part of an id or of a URL, or of the id or name of a workspace."
    list_select_related = ["workspace"]
    date_hierarchy = "created_at"
    # Receivers often know us by a token in the query.
    instead = {"url": "address"}
    belongings = {"Deliveries": ("webhooks_attempt", "endpoint__id__exact")}

    @admin.display(ordering="url")
    def address(self, endpoint: Endpoint) -> str:
        """Where it leads, without the query."""
        return shown(endpoint.url)

    @admin.display(description="status", ordering="enabled")
    def state(self, endpoint: Endpoint) -> SafeString:
        if not endpoint.enabled:
            return badge("failing", "switched off") if endpoint.disabled_reason else badge("switched off")
        return badge("failing") if endpoint.failing_since else badge("enabled", "on")


@admin.register(Attempt)
class AttemptAdmin(ReadOnly):
    list_display = [
        "delivery_id",
        "number",
        "state",
        "status_code",
        "event_type",
        "job_link",
        "workspace_link",
        "receiver",
        "created_at",
        "due_at",
    ]
    list_filter = ["status", among("message__type", "event", EVENT_TYPES), "by_hand", "created_at"]
    sought = ("id", "delivery_id", "endpoint_id")
    search_help_text = "The whole id of an attempt, a delivery or a webhook, or part of the name of a workspace."
    list_select_related = ["workspace", "message", "endpoint"]
    date_hierarchy = "created_at"
    instead = {
        "url": "receiver",
        "endpoint": "webhook",
        "job_id": "job_link",
        "message": "body",
        "status": "state",
    }

    def lookup_allowed(self, lookup: str, value: Any, request: Any = None) -> bool:
        return lookup == "message__event_id__exact" or super().lookup_allowed(lookup, value, request)

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

    @admin.display(description="leads to")
    def leads_to(self, attempt: Any) -> SafeString:
        event = attempt.message.event_id
        links = [
            link_to_list("webhooks_attempt", "All attempts of this delivery", delivery_id__exact=attempt.delivery_id),
            link_to_list("webhooks_attempt", "All deliveries of this event", message__event_id__exact=event),
            link_to("events_event", event, "The event"),
            link_to_list("audit_auditentry", "Audit log", object_id__exact=attempt.id),
        ]
        return side_by_side(links)
