"""Filters of the staff's lists that offer what there can be: looking for what there is would read whole tables."""

from collections.abc import Iterable
from typing import Any

from django.contrib.admin import ModelAdmin, SimpleListFilter
from django.db.models import QuerySet
from django.http import HttpRequest


def among(column: str, called: str, values: Iterable[str]) -> type[SimpleListFilter]:
    """A filter by the values that a column may have."""
    offered = [(value, value.replace("_", " ")) for value in values]

    class Among(SimpleListFilter):
        title = called
        parameter_name = column

        def lookups(self, request: HttpRequest, model_admin: ModelAdmin[Any]) -> list[tuple[str, str]]:
            return offered

        def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
            chosen = self.value()
            return queryset if chosen is None else queryset.filter(**{column: chosen})

    return Among
