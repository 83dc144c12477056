"""The tasks as pages show them: what each is called, takes and costs, and whether this installation does it."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

from apps.capabilities.tasks import description
from apps.uploads.models import Kind
from gpu_tasks.timeline.tasks import BODIES, TaskBody

_PICTURES: Final = (Kind.VIDEO, Kind.IMAGE)
_SPEECH: Final = (Kind.VIDEO, Kind.AUDIO)
_NOUNS: Final = {Kind.VIDEO: "videos", Kind.IMAGE: "images", Kind.AUDIO: "sound"}
_FILM_COST: Final = "One render-minute for each minute of film that comes out. Pictures cost nothing."
_SPEECH_COST: Final = "One render-minute for each minute of film or sound."


@dataclass(frozen=True)
class Task:
    """A task by the name of its type; `takes` are the kinds of asset that can be its source."""

    name: str
    title: str
    icon: str
    takes: tuple[Kind, ...]
    cost: str

    @property
    def slug(self) -> str:
        """Its name in addresses, the one of the API's."""
        return self.name.replace("_", "-")

    @property
    def takes_text(self) -> str:
        return f"Takes {' and '.join(_NOUNS[kind] for kind in self.takes)}."

    @property
    def body(self) -> type[TaskBody]:
        return BODIES[self.name]

    @property
    def does(self) -> str:
        """A sentence."""
        return (self.body.__doc__ or "").strip()


@dataclass(frozen=True)
class Offer:
    """A task as this installation offers it."""

    task: Task
    entry: dict[str, Any]

    @property
    def is_supported(self) -> bool:
        return bool(self.entry["supported"])

    @property
    def reason(self) -> str:
        """Why it is not supported."""
        return str(self.entry.get("reason", ""))

    @property
    def models(self) -> list[str]:
        """The networks that do it."""
        return [str(model["type"]) for model in self.entry["models"]]

    @cached_property
    def lacking(self) -> dict[str, str]:
        """Fields without effect here, and why."""
        fields: dict[str, dict[str, Any]] = self.entry["parameters"]
        return {name: str(facts["reason"]) for name, facts in fields.items() if not facts["supported"]}


TASKS: Final = (
    Task("remove_background", "Remove background", "scissors", _PICTURES, _FILM_COST),
    Task("gaze_redirect", "Gaze redirect", "eye", _PICTURES, _FILM_COST),
    Task("super_resolution", "Super resolution", "expand", _PICTURES, _FILM_COST),
    Task("transcribe", "Transcribe", "speech", _SPEECH, _SPEECH_COST),
)


def offers() -> list[Offer]:
    """Every task, in the order in which they are listed."""
    entries = {entry["type"]: entry for entry in description()}
    return [Offer(task, entries[task.name]) for task in TASKS]


def find_offer(slug: str) -> Offer | None:
    """The task that an address names."""
    return next((offer for offer in offers() if offer.task.slug == slug), None)


def tasks_for(kind: str) -> list[Task]:
    """The tasks that take an asset of a kind."""
    return [task for task in TASKS if kind in task.takes]
