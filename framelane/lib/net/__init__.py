"""The guarded HTTP client: every request to an address that a stranger has given goes through here.

Knows nothing of Django, so that workers' children may use it too.
"""

from framelane.lib.net.addresses import is_public, parse_networks
from framelane.lib.net.client import Answer, Download, Policy, download, parse_url, request, shown
from framelane.lib.net.early import refuse_early
from framelane.lib.net.errors import FetchCode, FetchFailed, NotFound, Refused, TimedOut, TooLarge

__all__ = [
    "Answer",
    "Download",
    "FetchCode",
    "FetchFailed",
    "NotFound",
    "Policy",
    "Refused",
    "TimedOut",
    "TooLarge",
    "download",
    "is_public",
    "parse_networks",
    "parse_url",
    "refuse_early",
    "request",
    "shown",
]
