"""Whether and how this installation takes payments."""

from urllib.parse import urlsplit

from django.conf import settings

NEEDED = (
    "FRAMELANE_STRIPE_SECRET_KEY",
    "FRAMELANE_STRIPE_WEBHOOK_SECRET",
    "FRAMELANE_STRIPE_PRICE_PRO",
    "FRAMELANE_STRIPE_PRICE_OVERAGE",
)


def missing() -> list[str]:
    """The settings that payment needs and that are empty."""
    return [name for name in NEEDED if not getattr(settings, name)]


def is_configured() -> bool:
    """Whether payments work."""
    return not missing()


def webhook_secrets() -> list[str]:
    """The secrets that sign Stripe's events; two of them while one is being replaced."""
    return [secret.strip() for secret in settings.FRAMELANE_STRIPE_WEBHOOK_SECRET.split(",") if secret.strip()]


def return_origins() -> list[str]:
    """The origins that Stripe's pages may send people back to."""
    return [origin_of(url) for url in (settings.FRAMELANE_PUBLIC_URL, *settings.FRAMELANE_BILLING_RETURN_ORIGINS)]


def origin_of(url: str) -> str:
    """Scheme, host and port of a URL, lower case. Raises ValueError for a port that is no number."""
    parts = urlsplit(url)
    port = parts.port
    default = {"http": 80, "https": 443}.get(parts.scheme)
    return f"{parts.scheme}://{parts.hostname or ''}{'' if port in (None, default) else f':{port}'}"
