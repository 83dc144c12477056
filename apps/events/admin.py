"""Events for the staff of an installation: to look at, never to change."""

from django.contrib import admin
from django.utils.safestring import SafeString

from apps.events.models import Event
from apps.events.types import EVENT_TYPES
from framelane.api.staff import ReadOnly
from framelane.api.staff_cells import badge, link_to, link_to_list, readable, side_by_side
from framelane.api.staff_filters import among


@admin.register(Event)
class EventAdmin(ReadOnly):
    list_display = ["id", "type", "about", "workspace_link", "created_at", "state", "failures"]
    list_filter = [
        among("type", "type", EVENT_TYPES),
        ("relayed_at", admin.EmptyFieldListFilter),
        "created_at",
    ]
    sought = ("id",)
    search_help_text = "The whole id of an event, or part of the name or address of a workspace."
    list_select_related = ["workspace"]
    date_hierarchy = "created_at"
    instead = {"data": "readable_data"}

    @admin.display(description="status", ordering="relayed_at")
    def state(self, event: Event) -> SafeString:
        if event.relayed_at is not None:
            return badge("relayed")
        return badge("failing") if event.failures else badge("waiting")

    @admin.display(description="about")
    def about(self, event: Event) -> SafeString | str:
        for subject, page in (("job", "jobs_job"), ("asset", "uploads_asset")):
            if found := (event.data.get(subject) or {}).get("id"):
                return link_to(page, found, found)
        return self.get_empty_value_display()

    @admin.display(description="data")
    def readable_data(self, event: Event) -> SafeString:
        return readable(event.data)

    @admin.display(description="leads to")
    def leads_to(self, event: Event) -> SafeString:
        return side_by_side([link_to_list("webhooks_attempt", "Deliveries", message__event_id__exact=event.id)])
