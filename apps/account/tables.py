"""Which tables hold rows of a workspace: found by looking at the models, so that none can be forgotten."""

from dataclasses import dataclass
from functools import cache
from graphlib import TopologicalSorter
from typing import Any

from django.apps import apps
from django.contrib.admin.models import LogEntry
from django.db import models
from django.db.models import Model, QuerySet

from apps.audit.models import AuditEntry
from apps.workspaces.models import Erasure, Workspace
from framelane.api.models import RateCount

KEPT: frozenset[type[Model]] = frozenset({Erasure, AuditEntry})
"""Names a workspace and stays: the proof that it was erased, and of who asked for that. Neither holds any content."""

NAMED_OTHERWISE: dict[type[Model], tuple[str, str]] = {
    RateCount: ("subject", "workspace:{}"),
    # What the staff has changed about it: its name stands there.
    LogEntry: ("object_id", "{}"),
}
"""Tables that name a workspace in a column that other things are named in too: the column, and the text."""

_RELEASED = (models.SET_NULL, models.SET_DEFAULT, models.DO_NOTHING)


@dataclass(frozen=True, slots=True)
class Table:
    """A model whose rows belong to the workspace that `column` names, by its id or by a text around that."""

    model: type[Model]
    column: str
    text: str = "{}"

    @property
    def name(self) -> str:
        return self.model._meta.db_table

    def rows(self, workspace_id: str) -> QuerySet[Any]:
        return self.model._base_manager.filter(**{self.column: self.text.format(workspace_id)})


@cache
def tables() -> tuple[Table, ...]:
    """Every table with a column for its workspace: those that refer to others come first, workspaces last.

    What hangs on such a row, without a column of its own, goes with it by cascade.
    """
    found = {model: column for model in apps.get_models() if (column := _column(model)) is not None}
    graph = {model: {other for other in _referred_to(model) if other in found} for model in found}
    ordered = reversed([*TopologicalSorter(graph).static_order()])
    apart = (Table(model, column, text) for model, (column, text) in NAMED_OTHERWISE.items())
    return (*apart, *(Table(model, found[model]) for model in ordered), Table(Workspace, "id"))


def _column(model: type[Model]) -> str | None:
    """The column that names the workspace; None for a model that has none."""
    if model in KEPT or not model._meta.managed or model._meta.proxy:
        return None
    return next((field.attname for field in model._meta.concrete_fields if _names_workspace(field)), None)


def _names_workspace(field: Any) -> bool:
    if field.is_relation:
        return field.related_model is Workspace and field.remote_field.on_delete not in _RELEASED
    return bool(field.attname == "workspace_id")


def _referred_to(model: type[Model]) -> set[type[Model]]:
    related = {field.related_model for field in model._meta.concrete_fields if field.is_relation}
    return {other for other in related if isinstance(other, type) and other is not model}
