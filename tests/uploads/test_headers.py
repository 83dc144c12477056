"""Whatever a client writes into its range headers is understood or refused, never half of each."""

import contextlib

from hypothesis import example, given
from hypothesis import strategies as st

from apps.uploads.protocol import Chunk, Query, understand
from apps.uploads.ranges import Unsatisfiable, span_of
from framelane.api.errors import ApiError

MAX_BYTES = 5 * 1024**3

NUMBERS = st.one_of(st.integers(0, 50), st.integers(0, 10**20), st.sampled_from([MAX_BYTES, MAX_BYTES + 1]))
PARTS = st.one_of(NUMBERS.map(str), st.sampled_from(["*", "", "-1", "x"]))
CONTENT_RANGES = st.one_of(
    st.none(), st.text(), st.builds("bytes {}-{}/{}".format, PARTS, PARTS, PARTS), st.builds("bytes */{}".format, PARTS)
)
LENGTHS = st.one_of(st.none(), st.integers(0, 60), st.just(MAX_BYTES + 1))


@given(CONTENT_RANGES, LENGTHS)
@example("bytes 0-9/10", 10)
@example("bytes 0-9/*", None)
def test_an_upload_request_that_is_understood_makes_sense(content_range: str | None, length: int | None) -> None:
    request = outcome_of(content_range, length)
    if isinstance(request, int):
        assert request in (400, 413)
        return
    total = MAX_BYTES if request.total_bytes is None else request.total_bytes
    assert total <= MAX_BYTES
    if isinstance(request, Query):
        assert not length
    else:
        assert_consistent(request, length, total)


def outcome_of(content_range: str | None, length: int | None) -> Query | Chunk | int:
    """What is understood, or the status of the refusal."""
    try:
        return understand(content_range, length, MAX_BYTES)
    except ApiError as error:
        return error.status


def assert_consistent(chunk: Chunk, length: int | None, total: int) -> None:
    assert chunk.start >= 0
    if chunk.size_bytes is not None:
        assert chunk.start + chunk.size_bytes <= total
        assert length in (None, chunk.size_bytes)


@given(
    st.one_of(st.none(), st.text(), st.builds("bytes={}-{}".format, PARTS, PARTS)),
    st.binary(max_size=60),
)
@example("bytes=0-", b"")
@example("bytes=-5", b"")
def test_a_span_lies_in_the_file(header: str | None, content: bytes) -> None:
    with contextlib.suppress(Unsatisfiable):
        span = span_of(header, len(content))
        assert len(content[span.start : span.start + span.length]) == span.length
        assert span.partial or span.length == len(content)
        assert not span.partial or span.length > 0
