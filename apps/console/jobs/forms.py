"""The filters of the list of jobs."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from django import forms

from apps.console.jobs.titles import TASK_NAMES
from apps.jobs.listing import Wanted
from apps.jobs.models import Kind, Status

KINDS = [("", "Renders and tasks"), (Kind.RENDER.value, "Renders"), (Kind.TASK.value, "Tasks"), *TASK_NAMES.items()]
STATUSES = [("", "Any status"), *((status.value, str(status.label)) for status in Status)]
MAX_TEXT = 200
_FIRST, _LAST = date(2000, 1, 1), date(2999, 12, 30)


def _day(label: str) -> forms.DateField:
    widget = forms.DateInput(attrs={"type": "date", "class": "input"})
    return forms.DateField(
        label=label, required=False, widget=widget, error_messages={"invalid": "Write a day as 2026-01-31."}
    )


class FilterForm(forms.Form):
    """What of the list is shown; days are in UTC, both inclusive."""

    kind = forms.ChoiceField(label="Kind", choices=KINDS, required=False, widget=forms.Select(attrs={"class": "input"}))
    status = forms.ChoiceField(
        label="Status", choices=STATUSES, required=False, widget=forms.Select(attrs={"class": "input"})
    )
    since = _day("From")
    until = _day("To")
    q = forms.CharField(
        label="Search",
        max_length=MAX_TEXT,
        required=False,
        widget=forms.TextInput(attrs={"type": "search", "class": "input", "placeholder": "Id, or text in metadata"}),
    )

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        for name in ("since", "until"):
            if given.get(name) and not _FIRST <= given[name] <= _LAST:
                self.add_error(name, f"Choose a day from {_FIRST} to {_LAST}.")
        if given.get("since") and given.get("until") and given["since"] > given["until"]:
            self.add_error("until", "The last day lies before the first one.")
        return given

    def wanted(self) -> Wanted:
        """What to list; of fields that are wrong nothing is taken."""
        given = self.cleaned_data
        kind = given.get("kind", "")
        is_task_type = kind in TASK_NAMES
        since, until = given.get("since"), given.get("until")
        return Wanted(
            kind=None if is_task_type or not kind else Kind(kind),
            task_type=kind if is_task_type else "",
            status=given.get("status", ""),
            since=_midnight(since) if since else None,
            until=_midnight(until + timedelta(days=1)) if until else None,
            text=given.get("q", ""),
        )


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)
