"""The navigation: which pages there are, in the order and the groups in which they are listed."""

from dataclasses import dataclass
from typing import Final

from django.urls import reverse


@dataclass(frozen=True, slots=True)
class Entry:
    """A page by the name of its address, the text of its link, and a symbol of static/console/icons.svg."""

    name: str
    text: str
    icon: str


@dataclass(frozen=True, slots=True)
class Link:
    """An entry as it is drawn."""

    address: str
    text: str
    icon: str
    is_current: bool


GROUPS: Final[dict[str, tuple[Entry, ...]]] = {
    "Create": (
        Entry("console:dashboard", "Dashboard", "home"),
        Entry("console:playground", "Playground", "braces"),
        Entry("console:tasks", "Tasks", "spark"),
    ),
    "Library": (Entry("console:jobs", "Jobs", "film"), Entry("console:assets", "Assets", "image")),
    "Develop": (
        Entry("console:keys", "API keys", "key"),
        Entry("console:webhooks", "Webhooks", "hook"),
        Entry("console:usage", "Usage", "chart"),
        Entry("docs:home", "Documentation", "book"),
    ),
    "Workspace": (Entry("console:billing", "Billing", "card"), Entry("console:settings", "Settings", "gear")),
}


def navigation(path: str) -> dict[str, list[Link]]:
    """The links by group; the one that `path` lies below is the current one."""
    return {group: [_link(entry, path) for entry in entries] for group, entries in GROUPS.items()}


def _link(entry: Entry, path: str) -> Link:
    address = reverse(entry.name)
    is_current = path == address if entry.name == "console:dashboard" else path.startswith(address)
    return Link(address, entry.text, entry.icon, is_current)
