"""What the pages for the staff of an installation have in common: to look at, linked, and without anybody's secrets.

Whatever changes something is an act (`framelane.api.staff_acts`) that a service does and the audit log tells of.
"""

from functools import reduce
from operator import or_
from typing import Any, ClassVar, Final

from django.contrib.admin import display
from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.views.main import ChangeList
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils.safestring import SafeString

from framelane.api.staff_acts import Acting
from framelane.api.staff_cells import LINK_LENGTH, badge, link_to, link_to_list, readable, side_by_side, without_queries
from framelane.api.staff_log import recorder

__all__ = ["LINK_LENGTH", "Linked", "ReadOnly", "link_to", "readable", "without_queries"]

MAX_WORKSPACES_SOUGHT: Final = 50
MIN_NAME_SOUGHT: Final = 3
MAX_TERM: Final = 200
_CHANGES: Final = "staff_changes"
_OF_WORKSPACE: Final = "workspace__id__exact"


class _Changes(ChangeList):
    """A list to which a date beyond the calendar, which only the query finds out about, is a bad filter like others."""

    def get_queryset(self, request: HttpRequest, exclude_parameters: Any = None) -> QuerySet[Any]:
        found: QuerySet[Any] = super().get_queryset(request, exclude_parameters)
        return found.defer(*getattr(self.model_admin, "heavy", ()))

    def get_results(self, request: HttpRequest) -> None:
        try:
            super().get_results(request)
        except (ValueError, OverflowError) as error:
            raise IncorrectLookupParameters(error) from error


def _changes_of(form: Any) -> dict[str, Any]:
    """What was entered in place of what, by the names of the fields; of other rows their names."""
    return {name: [_plain(form.initial.get(name)), _plain(form.cleaned_data.get(name))] for name in form.changed_data}


def _plain(value: Any) -> Any:
    return [str(one) for one in value] if isinstance(value, QuerySet | list) else value


class Recorded(Acting):
    """Whatever is saved through a form of Django's own is in the audit log as well."""

    def construct_change_message(self, request: HttpRequest, form: Any, formsets: Any, add: bool = False) -> Any:
        # Only here are both the form and the request at hand.
        setattr(request, _CHANGES, _changes_of(form))
        return super().construct_change_message(request, form, formsets, add)

    def log_addition(self, request: HttpRequest, obj: Any, message: Any) -> Any:
        recorder()(request=request, action=self._act("add"), obj=obj, changes=getattr(request, _CHANGES, {}))
        return super().log_addition(request, obj, message)

    def log_change(self, request: HttpRequest, obj: Any, message: Any) -> Any:
        changes = getattr(request, _CHANGES, None) or {"form": message}
        recorder()(request=request, action=self._act("change"), obj=obj, changes=changes)
        return super().log_change(request, obj, message)

    def log_deletions(self, request: HttpRequest, queryset: Any) -> Any:
        for obj in queryset:
            recorder()(request=request, action=self._act("delete"), obj=obj, changes={"name": str(obj)})
        return super().log_deletions(request, queryset)

    def _act(self, verb: str) -> str:
        return f"{self.opts.model_name}.{verb}"


class Linked(Recorded):
    """Columns that lead to the workspace and to the job of a row, and lists that lead on from it.

    `belongings` are lists by their titles: the page and the lookup that the row's key is given to. `sought` are columns
    of text with an index, in which the whole of what is looked for has to stand; rows of workspaces are found by what
    is in the name or the address of those, too. A search through the middle of texts would read whole tables, so
    `sought_within` are columns for that in lists of one workspace alone. `heavy` are large columns that lists do not
    show.
    """

    belongings: ClassVar[dict[str, tuple[str, str]]] = {}
    heavy: ClassVar[tuple[str, ...]] = ()
    sought: ClassVar[tuple[str, ...]] = ()
    sought_within: ClassVar[tuple[str, ...]] = ()
    show_full_result_count = False

    def get_changelist(self, request: HttpRequest, **options: Any) -> type[ChangeList]:
        return _Changes

    def get_search_fields(self, request: HttpRequest) -> Any:
        return self.sought or super().get_search_fields(request)

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        if not self.sought:
            return super().get_search_results(request, queryset, search_term[:MAX_TERM])
        term = search_term.strip()[:MAX_TERM]
        if not term:
            return queryset, False
        return queryset.filter(self._matching(term) | self._within(request, term)), False

    def _within(self, request: HttpRequest, term: str) -> Q:
        """Reading everything that one workspace has is little enough."""
        columns = self.sought_within if _OF_WORKSPACE in request.GET else ()
        return reduce(or_, (Q(**{f"{column}__icontains": term}) for column in columns), Q(pk__in=[]))

    def _matching(self, term: str) -> Q:
        found = Q(pk__in=[])
        for column in self.sought:
            found |= Q(**{column: term})
        if "workspace" in {field.name for field in self.opts.concrete_fields} and len(term) >= MIN_NAME_SOUGHT:
            found |= Q(workspace__in=self._workspaces(term))
        return found

    def _workspaces(self, term: str) -> list[str]:
        """As values: what PostgreSQL plans for a query within a query reads the whole table."""
        workspaces: Any = self.opts.get_field("workspace").related_model
        named = Q(id=term) | Q(name__icontains=term) | Q(email__icontains=term)
        return list(workspaces.objects.filter(named).values_list("pk", flat=True)[:MAX_WORKSPACES_SOUGHT])

    @display(description="workspace", ordering="workspace__name")
    def workspace_link(self, row: Any) -> SafeString | str:
        if row.workspace is None:
            return self.get_empty_value_display()
        return link_to("workspaces_workspace", row.workspace_id, row.workspace.name)

    @display(description="job", ordering="job_id")
    def job_link(self, row: Any) -> SafeString | str:
        return link_to("jobs_job", row.job_id, row.job_id) if row.job_id else self.get_empty_value_display()

    @display(description="status", ordering="status")
    def state(self, row: Any) -> SafeString:
        return badge(row.status)

    @display(description="leads to")
    def leads_to(self, row: Any) -> SafeString:
        """The lists in `belongings`, and what was done to this row."""
        links = [link_to_list(page, title, **{lookup: row.pk}) for title, (page, lookup) in self.belongings.items()]
        audit = {"object_type__exact": self.opts.label_lower, "object_id__exact": row.pk}
        return side_by_side([*links, link_to_list("audit_auditentry", "Audit log", **audit)])


class ReadOnly(Linked):
    """Nothing can be added, changed or deleted by hand, and everything is shown but `hidden`, some in other words."""

    hidden: ClassVar[tuple[str, ...]] = ()
    instead: ClassVar[dict[str, str]] = {}
    """Names of fields and of what is shown in their place."""

    def get_fields(self, request: HttpRequest, obj: Any = None) -> list[Any]:
        names = [field.name for field in self.opts.concrete_fields if field.name not in self.hidden]
        shown = [self.instead.get(name, "workspace_link" if name == "workspace" else name) for name in names]
        return [*shown, "leads_to"]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[Any]:
        return self.get_fields(request, obj)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
