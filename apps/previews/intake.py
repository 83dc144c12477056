"""From events to previews that are to be made."""

from apps.events.models import Event
from apps.previews import services
from apps.previews.subjects import find_subject


def on_subject_event(event: Event) -> None:
    """Plan the preview of a job that has completed or an asset that has become ready, in the event's transaction."""
    subject = find_subject(event.workspace, _subject_id(event))
    if subject is not None:
        services.plan(subject=subject)


def on_failed_asset(event: Event) -> None:
    """What its sender described was ready before it was examined: its preview goes when that finds it broken."""
    services.forget(event.workspace_id, _subject_id(event))


def _subject_id(event: Event) -> str:
    described = event.data.get("job") or event.data["asset"]
    return str(described["id"])
