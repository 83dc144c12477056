"""Share links of Dropbox and Google Drive: pages for people, and where the file behind each of them is.

Dropbox gives the file out when the link says `dl=1`. Google Drive gives it out under `uc?export=download`; for files
that it cannot scan for viruses it answers with a page whose form has to be sent first.
"""

import re
from collections.abc import Mapping
from html.parser import HTMLParser
from urllib.parse import SplitResult, parse_qsl, urlencode, urljoin, urlsplit

from framelane.lib.net import Refused, shown

MAX_PAGE_BYTES = 64 * 1024
"""How large a page may be whose form is looked at; those of Google Drive have 3 KB."""

MAX_FORM_FIELDS = 16
MAX_FIELD_LENGTH = 512

DROPBOX_PAGES = frozenset({"dropbox.com", "www.dropbox.com", "m.dropbox.com"})
DRIVE_PAGES = frozenset({"drive.google.com", "docs.google.com"})
DRIVE_FILES = "drive.usercontent.google.com"

_DROPBOX_FOLDER = re.compile(r"/(?:sh|scl/fo)/")
_DROPBOX_FILE = re.compile(r"/(?:s|scl/fi)/")
_DRIVE_FOLDER = re.compile(r"/(?:drive/(?:u/\d+/|mobile/)?folders/|folderview|(?:u/\d+/)?folders/)")
_DRIVE_FILE = re.compile(r"/file/(?:u/\d+/)?d/(?P<id>[^/]+)")
_DRIVE_BY_ID = re.compile(r"(?:/u/\d+)?/(?:open|uc)|/download")
_DRIVE_DOCUMENT = re.compile(r"/(?:document|spreadsheets|presentation|drawings|forms)/")
_DRIVE_ID = re.compile(r"[A-Za-z0-9_-]{10,128}")
# A comment ends at its first `-->` and nowhere else: were there a choice, some hundred short comments in front of
# anything else would keep the search going for ever.
_PAGE = re.compile(
    rb"\s*(?:<!--(?:(?!-->).){0,1000}-->\s*)*<(?:!doctype\s+html|html|head|body)\b", re.IGNORECASE | re.DOTALL
)


def direct_url(url: str) -> str:
    """Where the file behind `url` is: for a share link its download address, for any other URL that URL itself.

    Raises Refused for links that cannot lead to one file: to folders, and to documents that are no files.
    """
    parts = urlsplit(url)
    host = (parts.hostname or "").lower()
    if host in DROPBOX_PAGES:
        return _dropbox(url, parts)
    if host in DRIVE_PAGES or host == DRIVE_FILES:
        return _drive(url, parts)
    return url


def is_page(head: bytes) -> bool:
    """Whether a file with these first bytes is a web page."""
    return _PAGE.match(head.removeprefix(b"\xef\xbb\xbf")) is not None


def confirmed_url(url: str, page: bytes) -> str | None:
    """The address that the form of Google Drive's "cannot scan for viruses" page leads to; None for any other page.

    `url` is the share link. Raises nothing: what a page says beyond the bounds is taken for another page.
    """
    if not is_drive(url) or len(page) > MAX_PAGE_BYTES:
        return None
    reader = _FormReader()
    reader.feed(page.decode("utf-8", "replace"))
    fields, action = reader.fields, urljoin(f"https://{DRIVE_FILES}/", reader.action)
    is_bounded = len(fields) <= MAX_FORM_FIELDS and all(len(value) <= MAX_FIELD_LENGTH for value in fields.values())
    if not is_bounded or not {"id", "confirm"} <= fields.keys() or not is_drive(action):
        return None
    return urlsplit(action)._replace(query=urlencode(fields), fragment="").geturl()


def what_to_do(url: str) -> str:
    """A sentence for whoever named an address that is answered with a page instead of a file."""
    host = (urlsplit(url).hostname or "").lower()
    if is_drive(url):
        return "Share the file in Google Drive with “Anyone with the link”, and use the link to the file itself."
    if host in DROPBOX_PAGES:
        return "Share the file in Dropbox with “Anyone with the link”, and use the link to the file itself."
    return "Use the address of the file itself, and make sure that it can be read without signing in."


def is_drive(url: str) -> bool:
    """Whether `url` is one of Google Drive's own addresses."""
    parts = urlsplit(url)
    return parts.scheme == "https" and (parts.hostname or "").lower() in {*DRIVE_PAGES, DRIVE_FILES}


def rerouted(url: str, bases: Mapping[str, str]) -> str:
    """`url` at the base URL that `bases` names for its host; unchanged when it names none."""
    parts = urlsplit(url)
    base = bases.get((parts.hostname or "").lower())
    if base is None:
        return url
    there = urlsplit(base)
    return parts._replace(scheme=there.scheme, netloc=there.netloc, path=there.path.rstrip("/") + parts.path).geturl()


def _dropbox(url: str, parts: SplitResult) -> str:
    if _DROPBOX_FOLDER.match(parts.path):
        raise Refused(f"{shown(url)} is a link to a Dropbox folder. Use the link to a file in it.")
    if not _DROPBOX_FILE.match(parts.path):
        return url
    kept = [(name, value) for name, value in _query(parts) if name not in ("dl", "raw")]
    query = urlencode([*kept, ("dl", "1")])
    return parts._replace(scheme="https", netloc="www.dropbox.com", query=query, fragment="").geturl()


def _drive(url: str, parts: SplitResult) -> str:
    if _DRIVE_FOLDER.match(parts.path):
        raise Refused(f"{shown(url)} is a link to a Google Drive folder. Use the link to a file in it.")
    if _DRIVE_DOCUMENT.match(parts.path):
        raise Refused(f"{shown(url)} is a Google document, which is no media file.")
    query = dict(_query(parts))
    file_id = _drive_id(parts.path, query)
    if file_id is None:
        return url
    wanted = {"export": "download", "id": file_id, "resourcekey": query.get("resourcekey", "")}
    return f"https://drive.google.com/uc?{urlencode({name: value for name, value in wanted.items() if value})}"


def _drive_id(path: str, query: Mapping[str, str]) -> str | None:
    named = _DRIVE_FILE.match(path)
    file_id = named["id"] if named else query.get("id", "") if _DRIVE_BY_ID.fullmatch(path) else ""
    return file_id if _DRIVE_ID.fullmatch(file_id) else None


def _query(parts: SplitResult) -> list[tuple[str, str]]:
    return parse_qsl(parts.query, keep_blank_values=True)


class _FormReader(HTMLParser):
    """The action and the hidden fields of a page's download form."""

    def __init__(self) -> None:
        super().__init__()
        self.action = ""
        self.fields: dict[str, str] = {}
        self._inside = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._inside = values.get("id") == "download-form" or "/download" in values.get("action", "")
            self.action = values.get("action", "") if self._inside else self.action
        elif tag == "input" and self._inside and values.get("type") == "hidden" and "name" in values:
            self.fields[values["name"]] = values.get("value", "")

    def handle_endtag(self, tag: str) -> None:
        self._inside = self._inside and tag != "form"
