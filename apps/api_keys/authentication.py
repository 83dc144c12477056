"""`Authorization: Bearer fl_live_…`."""

from rest_framework.authentication import BaseAuthentication
from rest_framework.request import Request

from apps.api_keys import selectors, services
from apps.api_keys.models import ApiKey
from framelane.api.errors import unauthorized
from framelane.lib import clock

_HINT = "Send it as 'Authorization: Bearer fl_live_...'."


class BearerAuthentication(BaseAuthentication):
    """Finds the key of a request. `request.auth` becomes the ApiKey; `request.user` stays empty."""

    def authenticate(self, request: Request) -> tuple[None, ApiKey]:
        """Raises ApiError 401 when there is no usable key."""
        scheme, _, secret = request.headers.get("Authorization", "").partition(" ")
        if not scheme:
            raise unauthorized(f"This needs an API key. {_HINT}")
        if scheme.lower() != "bearer":
            raise unauthorized(f"The Authorization scheme must be Bearer. {_HINT}")
        key = selectors.find_by_secret(secret.strip())
        # One answer for unknown, revoked and expired: nobody learns that a key once worked.
        if key is None or not key.is_active(clock.now()):
            raise unauthorized("The API key is not valid.")
        services.note_use(key=key)
        return None, key

    def authenticate_header(self, request: Request) -> str:
        return 'Bearer realm="Framelane API"'
