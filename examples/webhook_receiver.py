"""A receiver of webhooks that checks them in both ways.

`python -m examples.webhook_receiver --secret whsec_... FOLDER` keeps every delivery in FOLDER as it came (`001.body`,
`001.headers.json`). It is answered with 204 when its signatures hold, with 400 when they do not. A real receiver needs
one of the two checks.
"""

import argparse
import hashlib
import hmac
import json
import time
from collections.abc import Mapping
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

from standardwebhooks.webhooks import Webhook, WebhookVerificationError

TOLERANCE_S = 300
MAX_BODY_BYTES = 1024**2


def is_signed_by_formula(secret: str, headers: Mapping[str, str], body: bytes, now_s: float | None = None) -> bool:
    """Checks `Framelane-Signature: t=<unix>,v1=<hex>[,v1=<hex>]`, the HMAC-SHA256 of `<t>.<body>` with the secret."""
    pairs = [part.partition("=") for part in headers.get("framelane-signature", "").split(",")]
    sent_at = next((value for name, _, value in pairs if name == "t"), "")
    if not sent_at.isdigit() or abs((time.time() if now_s is None else now_s) - int(sent_at)) > TOLERANCE_S:
        return False
    expected = hmac.new(secret.encode(), f"{sent_at}.".encode() + body, hashlib.sha256).hexdigest()
    return any(hmac.compare_digest(expected, value) for name, _, value in pairs if name == "v1")


def is_signed_by_standard(secret: str, headers: Mapping[str, str], body: bytes) -> bool:
    """Checks `webhook-id`, `webhook-timestamp` and `webhook-signature` with the library of standardwebhooks.com."""
    try:
        Webhook(secret).verify(body, dict(headers))
    except WebhookVerificationError:
        return False
    return True


def main() -> None:
    options = _options()
    options.folder.mkdir(parents=True, exist_ok=True)
    server = HTTPServer(("127.0.0.1", options.port), _handler(options.secret, options.folder))
    print(f"listening at http://127.0.0.1:{server.server_port}/", flush=True)
    server.serve_forever()


def _handler(secret: str, folder: Path) -> type[BaseHTTPRequestHandler]:
    class Receiver(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            length_bytes = int(self.headers.get("Content-Length", 0))
            if length_bytes > MAX_BODY_BYTES:
                self.send_error(413)
                return
            body = self.rfile.read(length_bytes)
            headers = {name.lower(): value for name, value in self.headers.items()}
            checks = is_signed_by_formula(secret, headers, body), is_signed_by_standard(secret, headers, body)
            _keep(folder, headers, body)
            print(json.loads(body)["type"] if all(checks) else "refused", *checks, flush=True)
            self.send_response(204 if all(checks) else 400)
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:
            """The line above says more."""

    return Receiver


def _keep(folder: Path, headers: Mapping[str, str], body: bytes) -> None:
    number = len(list(folder.glob("*.body"))) + 1
    (folder / f"{number:03}.body").write_bytes(body)
    (folder / f"{number:03}.headers.json").write_text(json.dumps(headers, indent=2))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Receive webhooks and check their signatures.")
    parser.add_argument("folder", type=Path, help="where deliveries are kept")
    parser.add_argument("--secret", required=True, help="whsec_…, as the endpoint's creation returned it")
    parser.add_argument("--port", type=int, default=9000)
    return parser.parse_args()


if __name__ == "__main__":
    main()
