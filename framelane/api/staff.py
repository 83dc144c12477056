"""What the pages for the staff of an installation have in common: to look at, linked, and without anybody's secrets."""

import json
import re
from typing import Any, ClassVar, Final

from django.contrib import admin
from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.views.main import ChangeList
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import Truncator

from framelane.lib.net import shown

LINK_LENGTH: Final = 40
"""Names may have 255 characters; a column of those leaves no room for the others."""
_URL: Final = re.compile(r"https?://\S+")


def link_to(page: str, key: str, text: str) -> SafeString:
    """The page (`app_model`) of a row, called by as much of `text` as fits into a column."""
    address = reverse(f"admin:{page}_change", args=[key])
    return format_html('<a href="{}" title="{}">{}</a>', address, text, Truncator(text).chars(LINK_LENGTH))


def readable(value: Any) -> SafeString:
    """JSON on many lines. The queries of URLs, which may be somebody's permission to read, are left out."""
    text = json.dumps(without_queries(value), indent=2, ensure_ascii=False)
    return format_html('<pre style="white-space:pre-wrap;overflow-wrap:anywhere;margin:0">{}</pre>', text)


def without_queries(value: Any) -> Any:
    """The same JSON with every URL in it, be it within a sentence, as it may be shown."""
    if isinstance(value, dict):
        return {without_queries(name): without_queries(one) for name, one in value.items()}
    if isinstance(value, list):
        return [without_queries(one) for one in value]
    return _URL.sub(lambda found: shown(found[0]), value) if isinstance(value, str) else value


class _Changes(ChangeList):
    """A list to which a date beyond the calendar, which only the query finds out about, is a bad filter like others."""

    def get_results(self, request: HttpRequest) -> None:
        try:
            super().get_results(request)
        except (ValueError, OverflowError) as error:
            raise IncorrectLookupParameters(error) from error


class Linked(admin.ModelAdmin[Any]):
    """Columns that lead to the workspace and to the job of a row."""

    def get_changelist(self, request: HttpRequest, **options: Any) -> type[ChangeList]:
        return _Changes

    @admin.display(description="workspace", ordering="workspace__name")
    def workspace_link(self, row: Any) -> SafeString | str:
        if row.workspace is None:
            return self.get_empty_value_display()
        return link_to("workspaces_workspace", row.workspace_id, row.workspace.name)

    @admin.display(description="job", ordering="job_id")
    def job_link(self, row: Any) -> SafeString | str:
        return link_to("jobs_job", row.job_id, row.job_id) if row.job_id else self.get_empty_value_display()


class ReadOnly(Linked):
    """Nothing can be added, changed or deleted, and everything is shown but `hidden`, some of it in other words."""

    hidden: ClassVar[tuple[str, ...]] = ()
    instead: ClassVar[dict[str, str]] = {}
    """Names of fields and of what is shown in their place."""

    show_full_result_count = False

    def get_fields(self, request: HttpRequest, obj: Any = None) -> list[Any]:
        names = [field.name for field in self.opts.concrete_fields if field.name not in self.hidden]
        return [self.instead.get(name, name) for name in names]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
