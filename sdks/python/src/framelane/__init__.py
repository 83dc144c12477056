"""Make videos from JSON: the Python client of the Framelane API.

from framelane import Framelane

with Framelane() as client:
    job = client.renders.create_and_wait({"elements": [{"type": "text", "text": "Hello", "duration": 2}]})
    client.renders.download(job, "hello.mp4")
"""

from framelane import errors, types, webhooks
from framelane._async.client import AsyncFramelane
from framelane._sync.client import Framelane
from framelane._version import __version__
from framelane.errors import (
    ApiError,
    AssetFailed,
    ConnectionFailed,
    FramelaneError,
    ImportFailed,
    InvalidSignature,
    JobCancelled,
    JobFailed,
    MissingApiKey,
    NotFound,
    QuotaExceeded,
    RateLimited,
    TimedOut,
    UnexpectedAnswer,
    ValidationFailed,
    WaitTimedOut,
)
from framelane.timeline import Timeline
from framelane.transcripts import Transcript, TranscriptWord

__all__ = [
    "ApiError",
    "AssetFailed",
    "AsyncFramelane",
    "ConnectionFailed",
    "Framelane",
    "FramelaneError",
    "ImportFailed",
    "InvalidSignature",
    "JobCancelled",
    "JobFailed",
    "MissingApiKey",
    "NotFound",
    "QuotaExceeded",
    "RateLimited",
    "TimedOut",
    "Timeline",
    "Transcript",
    "TranscriptWord",
    "UnexpectedAnswer",
    "ValidationFailed",
    "WaitTimedOut",
    "__version__",
    "errors",
    "types",
    "webhooks",
]
