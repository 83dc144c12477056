"""Mail services that are spoken to by their own HTTP interface, through django-anymail.

Those that need more than a key and a domain are reached by SMTP: Amazon SES, for one, with `EMAIL_URL`.
"""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class MailService:
    """`prefix` begins the names of its settings in `ANYMAIL`; `key` is the name of its secret there."""

    prefix: str
    key: str = "API_KEY"
    needs_domain: bool = False


MAIL_SERVICES: Final[dict[str, MailService]] = {
    "brevo": MailService("BREVO"),
    "mailgun": MailService("MAILGUN", needs_domain=True),
    "postmark": MailService("POSTMARK", key="SERVER_TOKEN"),
    "resend": MailService("RESEND"),
    "sendgrid": MailService("SENDGRID"),
    "sparkpost": MailService("SPARKPOST"),
}


def backend_of(service: str) -> str:
    """The path of the service's class of Django mail backend."""
    return f"anymail.backends.{service}.EmailBackend"


def anymail_settings(
    service: str, *, api_key: str, domain: str, api_url: str, timeout_s: float
) -> dict[str, str | float]:
    """What django-anymail calls these. Empty ones are left to its defaults; a service unknown here has none."""
    if service not in MAIL_SERVICES:
        return {}
    known = MAIL_SERVICES[service]
    given: dict[str, str | float] = {f"{known.prefix}_{known.key}": api_key, f"{known.prefix}_API_URL": api_url}
    if known.needs_domain:
        given[f"{known.prefix}_SENDER_DOMAIN"] = domain
    return {**{name: value for name, value in given.items() if value}, "REQUESTS_TIMEOUT": timeout_s}
