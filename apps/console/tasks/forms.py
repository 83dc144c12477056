"""The form of a task: its source, and a field for each of its parameters."""

from collections.abc import Iterable, Iterator
from copy import deepcopy
from functools import cache
from typing import Any, Final

from django import forms
from django.forms.boundfield import BoundField

from apps.console.tasks.fields import field_of
from apps.uploads.assets.selectors import find_asset
from apps.uploads.models import MAX_URL_LENGTH, Asset
from apps.workspaces.models import Workspace
from framelane.lib.storage import get_links
from gpu_tasks.timeline.problems import Problem
from gpu_tasks.timeline.tasks import BODIES

SOURCE: Final = "source_url"
GENERAL: Final = ("metadata", "webhook_url")
"""What every task takes, and few people enter."""


class TaskForm(forms.Form):
    """Everything but the parameters, which `fields_of` adds. `asset` is an asset's id; an address outdoes it."""

    asset = forms.CharField(max_length=64, required=False)
    source_url = forms.CharField(label="Address", max_length=MAX_URL_LENGTH, required=False)
    form_key = forms.CharField(max_length=64, required=False)

    def __init__(
        self, *args: Any, task_type: str, workspace: Workspace, lacking: Iterable[str], **options: Any
    ) -> None:
        super().__init__(*args, **options)
        self.workspace = workspace
        self.task_type = task_type
        self.fields |= deepcopy(fields_of(task_type))
        for name in set(lacking) & self.fields.keys():
            self.fields[name].disabled = True

    @property
    def parameters(self) -> Iterator[BoundField]:
        """What is special to the task."""
        return (self[name] for name in fields_of(self.task_type) if name not in GENERAL)

    @property
    def general(self) -> Iterator[BoundField]:
        return (self[name] for name in GENERAL)

    def clean(self) -> dict[str, Any]:
        cleaned = dict(super().clean() or {})
        if not cleaned.get(SOURCE) and SOURCE not in self.errors:
            asset = self._asset(cleaned.get("asset") or "")
            cleaned[SOURCE] = get_links().stable(asset.key) if asset else ""
        return cleaned

    def _asset(self, asset_id: str) -> Asset | None:
        if not asset_id:
            self.add_error(SOURCE, "Choose a file, upload one, or enter an address.")
            return None
        asset = find_asset(self.workspace, asset_id)
        if asset is None:
            self.add_error(SOURCE, "There is no such asset in this workspace.")
        return asset

    @property
    def payload(self) -> dict[str, Any]:
        """The body of the task: what was entered, where that is not the default anyway."""
        entered = {name: self.cleaned_data[name] for name in fields_of(self.task_type)}
        chosen = {name: value for name, value in entered.items() if self._says_something(name, value)}
        return {SOURCE: self.cleaned_data[SOURCE], **chosen}

    def _says_something(self, name: str, value: Any) -> bool:
        return value not in (None, "", [], {}) and value != self.fields[name].initial

    def refuse(self, problems: Iterable[Problem]) -> None:
        """Put what a body was refused for beside its fields, or above them."""
        for problem in problems:
            name = problem.path.split("/")[1] if "/" in problem.path else ""
            self.add_error(name if name in self.fields else None, problem.message)


@cache
def fields_of(task_type: str) -> dict[str, forms.Field]:
    """A field for each parameter of a task but its source, by name."""
    schema = BODIES[task_type].model_json_schema()
    properties = {name: facts for name, facts in schema["properties"].items() if name != SOURCE}
    return {name: field_of(name, facts, schema.get("$defs", {})) for name, facts in properties.items()}
