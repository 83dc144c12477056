"""The content security policy: what a page of ours may load, and where its forms may lead. Nothing inline, ever."""

from typing import Any
from urllib.parse import urlsplit

_GOOGLE_STORAGE = "https://storage.googleapis.com"
_STRIPE_PAGES = ("https://checkout.stripe.com", "https://billing.stripe.com")


def policy_for(public_url: str, storage_url: str, stripe_api_base: str) -> dict[str, Any]:
    """The setting CONTENT_SECURITY_POLICY of django-csp (Content Security Policy Level 3).

    Media come from the store: this installation under its public address, or Google's. A form that answers with a
    redirect to Stripe's pages has to be allowed to lead there; a Stripe elsewhere is one for tests.
    """
    media = ["'self'", _origin(public_url)]
    if storage_url.startswith("gs:"):
        media.append(_GOOGLE_STORAGE)
    stripe = _STRIPE_PAGES if stripe_api_base == "https://api.stripe.com" else (_origin(stripe_api_base),)
    return {
        "DIRECTIVES": {
            "default-src": ["'none'"],
            "script-src": ["'self'"],
            "style-src": ["'self'"],
            "font-src": ["'self'"],
            "img-src": [*media, "data:", "blob:"],
            "media-src": [*media, "blob:"],
            "connect-src": media,
            "manifest-src": ["'self'"],
            "form-action": ["'self'", *stripe],
            "frame-ancestors": ["'none'"],
            "base-uri": ["'none'"],
        }
    }


def _origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"
