"""The one exception that ends a job with a public error code."""

from typing import Literal

JobErrorCode = Literal[
    "invalid_source",
    "source_not_found",
    "source_too_large",
    "asset_not_ready",
    "codec_unsupported",
    "decode_failed",
    "encode_failed",
    "timeout",
    "out_of_memory",
    "gpu_error",
    "upload_failed",
    "provider_error",
    "ingest_failed",
    "internal",
    "cancelled",
]


class JobFailed(Exception):
    """The job cannot be finished; `code` is one of the contract's job error codes.

    `message` is shown to the customer: it names the source and the cause. `is_final` says that another attempt would
    meet the same, also where its code stands for causes that may pass.
    """

    def __init__(self, code: JobErrorCode, message: str, *, is_final: bool = False) -> None:
        super().__init__(message)
        self.code: JobErrorCode = code
        self.message = message
        self.is_final = is_final
