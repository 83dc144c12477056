"""Pages that are written from the catalogue, the settings and the list of errors."""

from collections.abc import Iterable

from apps.docs.pages import Page
from apps.docs.reference import (
    animation_presets,
    blend_modes,
    canvas,
    captions,
    colour,
    easings,
    effects,
    elements,
    errors,
    fonts,
    formats,
    motions,
    plans,
    settings,
    tasks,
    transitions,
    webhook_events,
)

_SUBJECTS = (
    canvas,
    elements,
    effects,
    motions,
    transitions,
    captions,
    animation_presets,
    colour,
    blend_modes,
    easings,
    fonts,
    formats,
    tasks,
    errors,
    webhook_events,
    plans,
    settings,
)


def pages() -> Iterable[Page]:
    """Every generated page of the reference, in the order of the navigation; their paths begin with `reference/`.

    Called once per process, without a database. Each page needs its place in docs/site.toml.
    """
    return (page for subject in _SUBJECTS for page in subject.pages())
