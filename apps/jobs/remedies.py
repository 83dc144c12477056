"""What to do when a job failed, by the code of its error. What each code means stands with the codes themselves."""

from typing import Final

from apps.jobs.schemas import ErrorCode

REMEDIES: Final[dict[ErrorCode, str]] = {
    ErrorCode.INVALID_SOURCE: "Check that the address works without signing in and leads to a file of the right kind.",
    ErrorCode.SOURCE_NOT_FOUND: "Check the address; signed addresses of a store must not have expired.",
    ErrorCode.SOURCE_TOO_LARGE: "Use a smaller file; the page of the limits says how large sources may be.",
    ErrorCode.ASSET_NOT_READY: "Look at the asset: send its bytes, or upload it again, then run the job again.",
    ErrorCode.CODEC_UNSUPPORTED: "Convert the source, to H.264 and AAC in an mp4 for instance.",
    ErrorCode.DECODE_FAILED: "Send the file again, or export it anew: it is damaged or was cut short.",
    ErrorCode.ENCODE_FAILED: "Try another `output_format` or size; when it stays, tell whoever runs the installation.",
    ErrorCode.TIMEOUT: "Make the film shorter or smaller, or run it again when there is less to do.",
    ErrorCode.OUT_OF_MEMORY: "Make the film smaller, or use smaller sources and fewer of them at a time.",
    ErrorCode.GPU_ERROR: "Run it again; it was tried several times before it failed.",
    ErrorCode.UPLOAD_FAILED: "Run it again after a while.",
    ErrorCode.PROVIDER_ERROR: "Read the message, and run it again after a while.",
    ErrorCode.INGEST_FAILED: "Check the address, or send the file to `/v1/uploads` instead.",
    ErrorCode.INTERNAL: "Run it again; when it stays, give the id of the job to whoever runs the installation.",
    ErrorCode.CANCELLED: "Nothing: somebody asked for it. Run it again if that was a mistake.",
}
