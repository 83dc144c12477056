"""How a delivery proves where it comes from: our own header, and the trio of Standard Webhooks.

`Framelane-Signature: t=<unix>,v1=<hex>` is HMAC-SHA256 over `<t>.<body>`; its key is the text of the secret as it is
shown, `whsec_` included, in UTF-8. `webhook-signature` follows https://www.standardwebhooks.com: its key is what the
secret spells in base64 after `whsec_`. While a former secret is valid there is one signature of each.
"""

import hashlib
import hmac
from base64 import b64encode
from collections.abc import Sequence
from datetime import datetime
from secrets import token_bytes

from standardwebhooks import Webhook

PREFIX = "whsec_"
KEY_BYTES = 24


def new_secret() -> str:
    """`whsec_` and 32 characters of base64."""
    return PREFIX + b64encode(token_bytes(KEY_BYTES)).decode("ascii")


def signature_headers(secrets: Sequence[str], event_id: str, body: str, at: datetime) -> dict[str, str]:
    """The headers that sign `body`, with every secret in turn."""
    unix = int(at.timestamp())
    ours = [f"v1={_hex_signature(secret, unix, body)}" for secret in secrets]
    standard = [Webhook(secret).sign(event_id, at, body) for secret in secrets]
    return {
        "Framelane-Signature": ",".join([f"t={unix}", *ours]),
        "webhook-id": event_id,
        "webhook-timestamp": str(unix),
        "webhook-signature": " ".join(standard),
    }


def _hex_signature(secret: str, unix: int, body: str) -> str:
    return hmac.new(secret.encode(), f"{unix}.{body}".encode(), hashlib.sha256).hexdigest()
