"""`python -m scripts.healthy`: whether the web of this container answers. For Docker's health check."""

import http.client
import os
import sys
from urllib.parse import urlsplit

TIMEOUT_S = 4


def main() -> int:
    """0 when /healthz answers 200 on PORT, else 1."""
    host = os.environ.get("FRAMELANE_ALLOWED_HOSTS", "").split(",")[0]
    host = host or urlsplit(os.environ.get("FRAMELANE_PUBLIC_URL", "")).netloc or "localhost"
    connection = http.client.HTTPConnection("127.0.0.1", int(os.environ.get("PORT", "8000")), timeout=TIMEOUT_S)
    try:
        connection.request("GET", "/healthz", headers={"Host": host})
        return 0 if connection.getresponse().status == http.client.OK else 1
    except (OSError, http.client.HTTPException):
        return 1
    finally:
        connection.close()


if __name__ == "__main__":
    sys.exit(main())
