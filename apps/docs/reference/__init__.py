"""Pages that are written from the catalogue, the settings and the list of errors."""

from collections.abc import Iterable

from apps.docs.pages import Page


def pages() -> Iterable[Page]:
    """Every generated page of the reference, in the order of the navigation; their paths begin with `reference/`.

    Called once per process, without a database. Each page needs its place in docs/site.toml.
    """
    return ()
