"""What Flower's pages may load: what it brings itself, and the one inline script of its own that we have read."""

import base64
import hashlib
from typing import Final

# As it is sent: Tornado runs white space of templates together.
_SWITCH_OF_REFRESHING: Final = "\nvar autorefresh = {};\n"


def _source(script: str) -> str:
    """A script as a source of the policy (Content Security Policy Level 3, 2.3.1)."""
    digest = hashlib.sha256(script.encode()).digest()
    return f"'sha256-{base64.b64encode(digest).decode('ascii')}'"


# Of the text that Flower is known to have, not of what an answer brings: that would bless whatever stands in it.
_SCRIPTS: Final = " ".join(_source(_SWITCH_OF_REFRESHING.format(value)) for value in (0, 1))

POLICY: Final = "; ".join(
    (
        "default-src 'none'",
        f"script-src 'self' {_SCRIPTS}",
        "style-src 'self'",
        "img-src 'self' data:",
        "font-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "frame-ancestors 'none'",
        "base-uri 'none'",
    )
)
