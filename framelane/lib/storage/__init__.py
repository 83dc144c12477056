"""Where media live: a folder, or a bucket, chosen by the setting STORAGE_URL."""

from functools import lru_cache
from pathlib import Path
from urllib.parse import unquote, urlsplit

from django.conf import settings

from framelane.lib.signing import Signer
from framelane.lib.storage.base import (
    BLOCK_BYTES,
    ObjectNotFound,
    ObjectStat,
    OffsetMismatch,
    SessionGone,
    StorageError,
    Store,
    StoredObject,
    UploadSession,
)
from framelane.lib.storage.keys import InvalidKey
from framelane.lib.storage.links import MediaLinks
from framelane.lib.storage.local import LocalStore

__all__ = [
    "BLOCK_BYTES",
    "InvalidKey",
    "MediaLinks",
    "ObjectNotFound",
    "ObjectStat",
    "OffsetMismatch",
    "SessionGone",
    "StorageError",
    "Store",
    "StoredObject",
    "UploadSession",
    "get_links",
    "get_store",
    "open_store",
]


def get_store() -> Store:
    """The store of this installation. Raises ValueError when STORAGE_URL cannot be understood."""
    return _open_cached(settings.STORAGE_URL, get_links())


def get_links() -> MediaLinks:
    """Addresses of this installation's media."""
    fallbacks = tuple(settings.SECRET_KEY_FALLBACKS)
    signer = Signer.for_purpose("media", settings.SECRET_KEY, fallbacks)
    return MediaLinks(settings.FRAMELANE_PUBLIC_URL, signer)


def open_store(url: str, links: MediaLinks) -> Store:
    """The store at `file:///folder` or `gs://bucket/prefix`; `links` addresses the objects of a folder."""
    parts = urlsplit(url)
    if parts.scheme == "file" and not parts.netloc and parts.path.startswith("/"):
        return LocalStore(Path(unquote(parts.path)), links)
    if parts.scheme == "gs" and parts.netloc:
        # Google's client takes half a second to import; nobody else should pay for it.
        from framelane.lib.storage.gcs import GcsStore

        prefix = parts.path.strip("/")
        return GcsStore(parts.netloc, f"{prefix}/" if prefix else "")
    raise ValueError(f"STORAGE_URL is {url!r}; accepted are file:///folder and gs://bucket/prefix")


_open_cached = lru_cache(maxsize=8)(open_store)
