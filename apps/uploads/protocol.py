"""The resumable upload protocol of Google Cloud Storage, as far as headers go.

`Content-Range: bytes 0-499/1000` is a chunk, `bytes 0-499/*` one of a file whose size is not known yet, and
`bytes */1000` or `bytes */*` with an empty body asks how much has come. No header at all sends the whole file.
"""

import re
from dataclasses import dataclass

from framelane.api.errors import ApiError, invalid_request

_CHUNK = re.compile(r"bytes ([0-9]{1,15})-([0-9]{1,15})/([0-9]{1,15}|\*)")
_QUERY = re.compile(r"bytes \*/([0-9]{1,15}|\*)")


@dataclass(frozen=True, slots=True)
class Query:
    """How much has come? `total_bytes` is the size of the whole file, where the sender says it."""

    total_bytes: int | None


@dataclass(frozen=True, slots=True)
class Chunk:
    """A piece of the file. `size_bytes` is None where only the end of the body tells."""

    start: int
    size_bytes: int | None
    total_bytes: int | None
    is_whole: bool = False
    """Whether the end of the body is the end of the file."""


def understand(content_range: str | None, content_length: int | None, max_bytes: int) -> Query | Chunk:
    """What a PUT wants; `content_length` is None for a body that tells its end itself.

    Raises ApiError 400 for headers that contradict themselves, 413 above `max_bytes`.
    """
    request: Query | Chunk
    if content_range is None:
        request = Chunk(0, content_length, content_length, is_whole=True)
    elif query := _QUERY.fullmatch(content_range):
        request = _query(query, content_length)
    elif chunk := _CHUNK.fullmatch(content_range):
        request = _chunk(chunk, content_length)
    else:
        accepted = "bytes first-last/total, bytes first-last/* and bytes */total"
        raise invalid_request(f"Content-Range is {content_range[:100]!r}; accepted are {accepted}.")
    _refuse_too_large(request, max_bytes)
    return request


def _query(match: re.Match[str], content_length: int | None) -> Query:
    if content_length:
        raise invalid_request(f"Content-Range asks for the offset, but a body of {content_length} bytes came with it.")
    return Query(_number(match[1]))


def _chunk(match: re.Match[str], content_length: int | None) -> Chunk:
    first, last, total = int(match[1]), int(match[2]), _number(match[3])
    if last < first:
        raise invalid_request(f"Content-Range is {match[0]!r}: its last byte comes before its first.")
    if total is not None and last >= total:
        raise invalid_request(f"Content-Range is {match[0]!r}: it goes beyond the total.")
    size = last - first + 1
    if content_length is not None and content_length != size:
        raise invalid_request(f"Content-Range is {match[0]!r}, {size} bytes; the body has {content_length}.")
    return Chunk(first, size, total)


def _number(text: str) -> int | None:
    return None if text == "*" else int(text)


def _refuse_too_large(request: Query | Chunk, max_bytes: int) -> None:
    announced = [request.total_bytes or 0]
    if isinstance(request, Chunk):
        announced.append(request.start + (request.size_bytes or 0))
    if max(announced) > max_bytes:
        raise too_large(max_bytes)


def too_large(max_bytes: int) -> ApiError:
    return ApiError(413, "payload_too_large", f"Files of at most {max_bytes} bytes are accepted.")
