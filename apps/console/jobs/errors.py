"""What to do about an error: a sentence for each code of the contract."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from apps.console.jobs.film.labels import plain
from framelane.lib.net import shown
from gpu_tasks.timeline.problems import pointer

ADVICE: Final[dict[str, str]] = {
    # Why jobs fail.
    "invalid_source": "Open the source's address in a browser to see what is behind it. It has to lead to the file "
    "itself, without a sign-in, and be of the kind that its place in the request asks for.",
    "source_not_found": "Check the address for typing errors and for links that have run out, then run the job again.",
    "source_too_large": "Use a smaller or shorter file, or cut it first. The limits of your plan are on the billing "
    "page.",
    "asset_not_ready": "Finish the upload, or upload the file once more, then run the job again.",
    "codec_unsupported": "Convert the file, for example to H.264 video with AAC sound in an mp4, and use that.",
    "decode_failed": "The file is damaged or incomplete. Export or upload it once more and run the job again.",
    "encode_failed": "Try another output format or size. If it fails again, write to support with the id of the job.",
    "timeout": "Make the film shorter or smaller, or split it into several jobs.",
    "out_of_memory": "Lower the resolution, or use fewer large sources at the same time.",
    "gpu_error": "This was on our side. Run the job again; if it fails again, write to support with its id.",
    "upload_failed": "This was on our side: the result could not be stored. Run the job again.",
    "provider_error": "A service that this job depends on did not work. Run the job again in a few minutes.",
    "ingest_failed": "The source could not be copied. See that its address can be reached by anybody, or upload the "
    "file as an asset.",
    "internal": "This was on our side. Run it again; if that fails too, write to support with the id.",
    "cancelled": "Somebody has cancelled the job. Run it again if that was not meant.",
    # Why requests are refused.
    "invalid_request": "The request cannot be read. Check that it is complete, valid JSON.",
    "unauthorized": "Sign in again, or use another API key.",
    "quota_exceeded": "Choose a larger plan on the billing page, or wait until the minutes of the next month come.",
    "email_not_verified": "Sign in with that address: the code in the mail proves that it is yours.",
    "plan_limit": "Lower the resolution, or choose a larger plan on the billing page.",
    "forbidden": "Ask an owner of this workspace to do it, or to give you the right.",
    "not_found": "It may have been deleted. Check the id, and that you are in the right workspace.",
    "method_not_allowed": "The address exists, but not for this. See the API reference.",
    "conflict": "Its state has changed meanwhile. Load the page again to see how it stands.",
    "idempotency_conflict": "The same Idempotency-Key was used for another request. Use a new key.",
    "not_ready": "Wait until the job is completed.",
    "gone": "The file was deleted when its retention time was over. Run the job again to make it anew.",
    "payload_too_large": "Make the request smaller: fewer elements, or several jobs.",
    "unsupported_media_type": "Send the request as application/json.",
    "validation_error": "Correct the fields that are named, then submit it again.",
    "unsupported_feature": "This installation cannot do that part. Leave it out, or ask its operator.",
    "unsupported_content_type": "Files of this kind cannot be used. Convert the file first.",
    "rate_limited": "Wait a minute, then try again.",
    "not_configured": "This installation is not set up for it. Its operator can do that.",
    "unavailable": "Something that is needed is away for the moment. Try again soon.",
}
_POINTER: Final = re.compile(r"(?:^|[\s:(])((?:/[A-Za-z0-9_~-]+)*/(?:elements|transitions)/\d+(?:/[A-Za-z0-9_~-]+)*)")
_MAX_PLACES: Final = 5
_MIN_VALUE: Final = 8
"""A shorter text of the request stands in a message by chance."""


@dataclass(frozen=True, slots=True)
class Place:
    """A place in the request that an error is about: a JSON pointer (RFC 6901) and, shortened, what stands there."""

    path: str
    value: str


def advice_for(code: str) -> str:
    """What a person can do about an error."""
    return ADVICE.get(code, ADVICE["internal"])


def places_in(request: Any, message: str) -> list[Place]:
    """Where in a request an error lies: the paths that its message names, and the addresses that it quotes."""
    named = [Place(path, "") for path in _POINTER.findall(message)]
    # Messages leave out the query of an address, which may be a secret.
    addresses = ((path, value, shown(value)) for path, value in _texts(request, []))
    quoted = [
        Place(path, plain(value)) for path, value, bare in addresses if len(bare) >= _MIN_VALUE and bare in message
    ]
    return list(dict.fromkeys(named + quoted))[:_MAX_PLACES]


def _texts(node: Any, parts: list[str | int]) -> Iterator[tuple[str, str]]:
    """Every address of a request with its path."""
    if isinstance(node, str):
        if "://" in node:
            yield pointer(parts), node
    elif isinstance(node, dict | list):
        members = node.items() if isinstance(node, dict) else enumerate(node)
        for key, member in members:
            yield from _texts(member, [*parts, key])
