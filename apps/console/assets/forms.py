"""What people enter about assets. The bounds are those of the API."""

from typing import Final

from django import forms

from apps.uploads.models import MAX_URL_LENGTH, Kind, Status

MAX_SEARCH: Final = 100
KINDS: Final = [
    ("", "Every kind"),
    (Kind.VIDEO, "Video"),
    (Kind.AUDIO, "Sound"),
    (Kind.IMAGE, "Image"),
    (Kind.FONT, "Font"),
]
STATUSES: Final = [
    ("", "Every status"),
    (Status.READY, "Ready"),
    (Status.PROCESSING, "Being examined"),
    (Status.PENDING, "Being uploaded"),
    (Status.FAILED, "Failed"),
]


class FilterForm(forms.Form):
    """Which assets to list."""

    q = forms.CharField(label="File name", max_length=MAX_SEARCH, required=False)
    kind = forms.ChoiceField(choices=KINDS, required=False)
    status = forms.ChoiceField(choices=STATUSES, required=False)


class ImportForm(forms.Form):
    """Where a file is to be fetched from."""

    url = forms.CharField(
        label="Address of the file",
        max_length=MAX_URL_LENGTH,
        error_messages={"required": "Enter the address of a file."},
    )
    filename = forms.CharField(label="Name in the library", max_length=255, required=False)
