"""Events for the staff of an installation: to look at, never to change."""

from django.contrib import admin
from django.utils.safestring import SafeString

from apps.events.models import Event
from framelane.api.staff import ReadOnly, link_to, readable


@admin.register(Event)
class EventAdmin(ReadOnly):
    list_display = ["id", "type", "about", "workspace_link", "created_at", "relayed_at", "failures"]
    list_filter = ["type", ("relayed_at", admin.EmptyFieldListFilter), "created_at"]
    search_fields = ["id", "workspace__id", "workspace__name"]
    list_select_related = ["workspace"]
    date_hierarchy = "created_at"
    instead = {"data": "readable_data"}

    @admin.display(description="job")
    def about(self, event: Event) -> SafeString | str:
        job = event.data.get("job") or {}
        return link_to("jobs_job", job["id"], job["id"]) if "id" in job else self.get_empty_value_display()

    @admin.display(description="data")
    def readable_data(self, event: Event) -> SafeString:
        return readable(event.data)
