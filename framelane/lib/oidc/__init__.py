"""Sign-in by an OpenID Connect issuer (Clerk, Auth0, Keycloak, ...): its tokens, verified.

issuer = oidc.configured()
claims = issuer.verify(token)
"""

from functools import lru_cache

from django.conf import settings

from framelane.lib.oidc.fetching import KeySource
from framelane.lib.oidc.keys import KeySet, Unavailable
from framelane.lib.oidc.tokens import MAX_TOKEN_LENGTH, Claims, InvalidToken, Issuer

__all__ = ["MAX_TOKEN_LENGTH", "Claims", "InvalidToken", "Issuer", "KeySet", "Unavailable", "configured"]


def configured() -> Issuer | None:
    """The issuer that the settings name, with its keys as far as they are known; None without one."""
    if not settings.FRAMELANE_OIDC_ISSUER:
        return None
    return _issuer(
        settings.FRAMELANE_OIDC_ISSUER,
        settings.FRAMELANE_OIDC_JWKS_URL,
        tuple(settings.FRAMELANE_OIDC_AUDIENCE),
        tuple(settings.FRAMELANE_OIDC_AUTHORIZED_PARTIES),
    )


@lru_cache(maxsize=4)
def _issuer(url: str, jwks_url: str, audience: tuple[str, ...], authorized_parties: tuple[str, ...]) -> Issuer:
    return Issuer(url, audience, authorized_parties, KeySet(KeySource(url, jwks_url)))
