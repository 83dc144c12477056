"""What people enter about keys and webhooks. The bounds are those of the API."""

from datetime import datetime, timedelta
from typing import Any, Final

from django import forms

from apps.api_keys.schemas import DEFAULT_OVERLAP_S
from apps.api_keys.scopes import ApiKeyScope
from apps.events.types import EVENT_TYPES, EVERYTHING
from apps.webhooks.messages import TEST_TYPE
from apps.webhooks.models import MAX_URL_LENGTH
from apps.workspaces.models import Role
from framelane.lib import clock
from gpu_tasks.timeline.catalogue import limit

_MAX_NAME_LENGTH: Final = limit("workspace_name_length")[1]

LIFETIMES: Final = {"": "Never", "7": "In 7 days", "30": "In 30 days", "90": "In 90 days", "365": "In a year"}
OVERLAPS: Final = {"0": "At once", "3600": "In an hour", "86400": "In a day", "604800": "In a week"}
EVENT_CHOICES: Final = [(EVERYTHING, "Everything"), *EVENT_TYPES.items()]


def scope_choices(role: str) -> list[tuple[str, str]]:
    """What a person with this role may give to a key."""
    from apps.api_keys.scopes import of_role

    allowed = of_role(Role(role))
    return [(scope.value, scope.description) for scope in ApiKeyScope if scope.value in allowed]


class PrintableName(forms.CharField):
    """A name as the API takes it: printable, without the space around it."""

    def __init__(self, **options: Any) -> None:
        super().__init__(max_length=_MAX_NAME_LENGTH, strip=True, **options)

    def clean(self, value: Any) -> str:
        name: str = super().clean(value)
        if not name.isprintable():
            raise forms.ValidationError("A name may hold printable characters only.")
        return name


class KeyForm(forms.Form):
    """A key to be made."""

    name = PrintableName(help_text="What will use it, for example “CI server”.")
    lifetime_days = forms.ChoiceField(label="Expires", choices=list(LIFETIMES.items()), required=False)
    scopes = forms.MultipleChoiceField(
        label="May do",
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Choose at least one thing that the key may do."},
    )

    def __init__(self, *args: Any, role: str, **options: Any) -> None:
        super().__init__(*args, **options)
        field = self.fields["scopes"]
        assert isinstance(field, forms.MultipleChoiceField)
        field.choices = scope_choices(role)
        field.initial = [value for value, _ in scope_choices(role)]

    @property
    def expires_at(self) -> datetime | None:
        days = self.cleaned_data["lifetime_days"]
        return clock.now() + timedelta(days=int(days)) if days else None


class RotationForm(forms.Form):
    """How long the former key works on."""

    overlap_s = forms.ChoiceField(
        label="The former key ends", choices=list(OVERLAPS.items()), initial=str(DEFAULT_OVERLAP_S)
    )


class WebhookForm(forms.Form):
    """Where events go, and which."""

    url = forms.CharField(
        label="URL",
        max_length=MAX_URL_LENGTH,
        help_text="Events are posted there. It has to be reachable from the Internet.",
        widget=forms.URLInput(attrs={"placeholder": "https://example.com/hooks/framelane"}),
    )
    events = forms.MultipleChoiceField(
        choices=EVENT_CHOICES,
        initial=[EVERYTHING],
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Choose at least one event."},
    )

    def clean_events(self) -> list[str]:
        chosen: list[str] = self.cleaned_data["events"]
        return [EVERYTHING] if EVERYTHING in chosen else chosen


class WebhookChangeForm(WebhookForm):
    """The same, with the switch. Patterns of whole areas, which the API takes too, stay as they are."""

    enabled = forms.BooleanField(required=False, label="Send events")

    def __init__(self, *args: Any, patterns: list[str], **options: Any) -> None:
        super().__init__(*args, **options)
        areas = [(pattern, f"All of {pattern.partition('.')[0]}") for pattern in patterns if pattern.endswith(".*")]
        field = self.fields["events"]
        assert isinstance(field, forms.MultipleChoiceField)
        field.choices = [*EVENT_CHOICES[:1], *areas, *EVENT_CHOICES[1:]]


class EventTypeForm(forms.Form):
    """Which made-up event to send."""

    event_type = forms.ChoiceField(
        label="Event", choices=[(TEST_TYPE, TEST_TYPE), *((name, name) for name in EVENT_TYPES)], initial=TEST_TYPE
    )
