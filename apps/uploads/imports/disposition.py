"""What a server calls the file that it sends: the Content-Disposition header (RFC 6266)."""

from collections.abc import Mapping
from email.message import Message
from email.utils import collapse_rfc2231_value

from apps.uploads.services import clean_filename

_MAX_LENGTH = 2048


def filename_of(headers: Mapping[str, str]) -> str:
    """The file's name out of an answer's headers (names lower case), as one part of a path; "" when there is none.

    `filename*` counts before `filename`. Browsers send and read UTF-8 in the plain form too.
    """
    message = Message()
    message["Content-Disposition"] = _as_utf8(headers.get("content-disposition", ""))[:_MAX_LENGTH]
    try:
        return clean_filename(_preferred(message))
    except (ValueError, LookupError, TypeError):
        # Percent signs without digits, a charset that nobody knows.
        return ""


def _preferred(message: Message) -> str:
    params = message.get_params([], "content-disposition")
    given = [value for name, value in params if name.lower() == "filename"]
    # Those that are written as RFC 2231 has it come as tuples.
    extended = [value for value in given if isinstance(value, tuple)]
    return collapse_rfc2231_value((extended or given or [""])[0])


def _as_utf8(value: str) -> str:
    try:
        return value.encode("latin-1").decode("utf-8")
    except UnicodeError:
        return value
