"""Start-up checks with ids. A half-configured production does not start, and is told all that is missing at once."""

import logging
import re
from collections.abc import Iterator, Sequence
from email.utils import parseaddr
from ipaddress import ip_network
from typing import Any
from urllib.parse import urlsplit

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import ERROR, CheckMessage, Error, Warning, register, run_checks
from django.core.exceptions import ImproperlyConfigured

from apps.billing.stripe import configuration as stripe
from framelane.mail_files import FILES
from framelane.mail_services import MAIL_SERVICES

log = logging.getLogger(__name__)

MIN_SECRET_LENGTH = 32
MIN_METRICS_TOKEN_LENGTH = 16
MAX_FILM_S = 86_400
MAX_QUEUE_WEIGHT = 1000
MAX_PROXIES = 10
MAX_RETENTION_DAYS = 36_500
_LOCAL_HOSTS = {"", "localhost", "127.0.0.1", "::1", "0.0.0.0"}


def refuse_unsafe_start() -> None:
    """Raises ImproperlyConfigured with every error that the checks find; warnings of ours go to the log."""
    found = run_checks()
    errors = [message for message in found if message.level >= ERROR]
    for message in found:
        if message.level < ERROR and str(message.id).startswith("framelane."):
            log.warning("%s: %s %s", message.id, message.msg, message.hint)
    if errors:
        raise ImproperlyConfigured("\n".join(str(error) for error in errors))


@register
def check_settings(app_configs: Sequence[AppConfig] | None = None, **_: Any) -> list[CheckMessage]:
    """Settings that cannot work anywhere, and in production those that must not stay at their embedded defaults."""
    found: list[CheckMessage] = [*_inconsistent(), *_models(), *_mail(), *_shares(), *_retention(), *_ingest()]
    found += [*_payments(), *_sign_in(), *_operations()]
    if settings.FRAMELANE_ENV == "production":
        found += [*_unsafe_web(), *_embedded_services(), *_unsafe_network()]
    elif not _is_local(settings.FRAMELANE_PUBLIC_URL):
        message = f"FRAMELANE_PUBLIC_URL is {settings.FRAMELANE_PUBLIC_URL!r}, but FRAMELANE_ENV is not production."
        found.append(Warning(message, hint="Set FRAMELANE_ENV=production.", id="framelane.W001"))
    return found


def _error(number: int, message: str, hint: str) -> Error:
    return Error(message, hint=hint, id=f"framelane.E{number:03}")


def _warning(number: int, message: str, hint: str) -> Warning:
    return Warning(message, hint=hint, id=f"framelane.W{number:03}")


def _inconsistent() -> Iterator[Error]:
    if settings.FRAMELANE_ENV not in ("development", "production"):
        message = f"FRAMELANE_ENV is {settings.FRAMELANE_ENV!r}."
        yield _error(1, message, "Accepted are development and production.")
    lease_s, heartbeat_s = settings.FRAMELANE_JOB_LEASE_S, settings.FRAMELANE_JOB_HEARTBEAT_S
    if not 0 < heartbeat_s <= lease_s / 2:
        message = f"FRAMELANE_JOB_HEARTBEAT_S is {heartbeat_s} with FRAMELANE_JOB_LEASE_S {lease_s}."
        yield _error(2, message, "A lease must outlast a lost heartbeat: at most half the lease, above 0.")
    if urlsplit(settings.STORAGE_URL).scheme not in ("file", "gs"):
        message = f"STORAGE_URL is {settings.STORAGE_URL!r}."
        yield _error(3, message, "Accepted are file:///folder and gs://bucket/prefix.")
    if unreadable := [network for network in settings.FRAMELANE_NET_ALLOW if not _is_network(network)]:
        message = f"FRAMELANE_NET_ALLOW holds {unreadable}."
        yield _error(4, message, "Write networks as 127.0.0.0/8 or fd00::/8, separated by commas.")
    if not 0 < settings.FRAMELANE_WEBHOOK_SWEEP_S <= 60:
        message = f"FRAMELANE_WEBHOOK_SWEEP_S is {settings.FRAMELANE_WEBHOOK_SWEEP_S}."
        yield _error(120, message, "Accepted are seconds above 0, at most 60: retries come this much late.")
    if not 0 < (reserve_s := settings.FRAMELANE_UNKNOWN_RESERVE_S) <= MAX_FILM_S:
        message = f"FRAMELANE_UNKNOWN_RESERVE_S is {reserve_s}."
        yield _error(60, message, f"Accepted are seconds above 0, up to {MAX_FILM_S}.")
    if (grace_days := settings.FRAMELANE_PAST_DUE_GRACE_DAYS) < 0:
        yield _error(61, f"FRAMELANE_PAST_DUE_GRACE_DAYS is {grace_days}.", "Accepted are whole days from 0 on.")


def _models() -> Iterator[Error]:
    whisper, models = settings.FRAMELANE_WHISPER_MODEL, settings.FRAMELANE_MODELS
    if whisper is not None and not (whisper / "model.bin").is_file():
        message = f"FRAMELANE_WHISPER_MODEL is {str(whisper)!r}, which holds no model.bin."
        yield _error(6, message, "Name the folder of a model in faster-whisper's format, or unset it.")
    if models is not None and not models.is_dir():
        message = f"FRAMELANE_MODELS is {str(models)!r}, which is no folder."
        yield _error(7, message, "Make the folder, or unset it: installed weights then lie in var/models.")
    address = urlsplit(settings.FRAMELANE_ASSEMBLYAI_BASE_URL)
    if address.scheme not in ("http", "https") or not address.hostname:
        message = f"FRAMELANE_ASSEMBLYAI_BASE_URL is {settings.FRAMELANE_ASSEMBLYAI_BASE_URL!r}."
        yield _error(8, message, "Unset it, or write https://…")


def _mail() -> Iterator[Error]:
    name = settings.FRAMELANE_MAIL_SERVICE
    if name and name not in MAIL_SERVICES:
        yield _error(70, f"FRAMELANE_MAIL_SERVICE is {name!r}.", f"Accepted are {', '.join(MAIL_SERVICES)}.")
    elif name:
        needs_domain = MAIL_SERVICES[name].needs_domain
        if not settings.FRAMELANE_MAIL_API_KEY:
            yield _error(71, f"FRAMELANE_MAIL_SERVICE is {name!r} without FRAMELANE_MAIL_API_KEY.", "Set its key.")
        if needs_domain and not settings.FRAMELANE_MAIL_DOMAIN:
            message = f"FRAMELANE_MAIL_SERVICE is {name!r} without FRAMELANE_MAIL_DOMAIN."
            yield _error(72, message, "Set the domain that you verified there.")
    for name in ("FRAMELANE_SIGNUPS_PER_ADDRESS", "FRAMELANE_SIGNUPS_PER_CLIENT"):
        if (count := getattr(settings, name)) < 1:
            yield _error(74, f"{name} is {count}.", "Accepted are sign-ups an hour from 1 on.")
    if settings.FRAMELANE_MAIL_TIMEOUT_S <= 0:
        message = f"FRAMELANE_MAIL_TIMEOUT_S is {settings.FRAMELANE_MAIL_TIMEOUT_S}."
        yield _error(73, message, "Set it above 0: a server that never answers would hold its worker for ever.")


def _shares() -> Iterator[Error]:
    plans = ("FREE", "PRO", "ENTERPRISE")
    limits = [f"FRAMELANE_RATE_LIMIT_{name}" for name in (*plans, "PUBLIC", "SIGNUP", "FAILED_AUTH")]
    for name in limits:
        if (count := getattr(settings, name)) < 1:
            yield _error(50, f"{name} is {count}.", "Accepted are requests a minute from 1 on.")
    for name in [f"FRAMELANE_QUEUE_WEIGHT_{plan}" for plan in plans]:
        if not 1 <= (weight := getattr(settings, name)) <= MAX_QUEUE_WEIGHT:
            yield _error(51, f"{name} is {weight}.", f"Accepted are whole numbers from 1 to {MAX_QUEUE_WEIGHT}.")
    if not 0 <= (proxies := settings.FRAMELANE_TRUSTED_PROXIES) <= MAX_PROXIES:
        yield _error(52, f"FRAMELANE_TRUSTED_PROXIES is {proxies}.", f"Accepted are 0 to {MAX_PROXIES} proxies.")


def _retention() -> Iterator[Error]:
    for name in ("FRAMELANE_ASSET_RETENTION_DAYS", "FRAMELANE_COPY_RETENTION_DAYS"):
        if not 0 <= (days := getattr(settings, name)) <= MAX_RETENTION_DAYS:
            yield _error(80, f"{name} is {days}.", f"Accepted are 0, for ever, to {MAX_RETENTION_DAYS} days.")


def _payments() -> Iterator[CheckMessage]:
    absent = stripe.missing()
    if 0 < len(absent) < len(stripe.NEEDED):
        yield _error(90, f"Stripe is configured by halves: {', '.join(absent)} missing.", "Set all of them, or none.")
    key = settings.FRAMELANE_STRIPE_SECRET_KEY
    if key and not re.fullmatch(r"sk_(test|live)_[A-Za-z0-9]{24,}", key):
        message = "FRAMELANE_STRIPE_SECRET_KEY is no secret key of Stripe's."
        yield _error(91, message, "It begins with sk_live_ or sk_test_.")
    origins = [settings.FRAMELANE_STRIPE_API_BASE, *settings.FRAMELANE_BILLING_RETURN_ORIGINS]
    if unusable := [origin for origin in origins if not _is_origin(origin)]:
        message = f"FRAMELANE_STRIPE_API_BASE or FRAMELANE_BILLING_RETURN_ORIGINS holds {unusable}."
        yield _error(92, message, "Write origins as https://console.example.org, separated by commas.")
    if settings.FRAMELANE_ENV == "production" and key.startswith("sk_test_"):
        message = "FRAMELANE_STRIPE_SECRET_KEY is a test key: nobody will be charged."
        yield Warning(message, hint="Set the live key.", id="framelane.W090")


def _ingest() -> Iterator[Error]:
    if settings.FRAMELANE_COPY_REUSE_S < 0:
        yield _error(
            100, f"FRAMELANE_COPY_REUSE_S is {settings.FRAMELANE_COPY_REUSE_S}.", "Accepted are seconds from 0."
        )
    if settings.FRAMELANE_IMPORTS_AT_ONCE < 1:
        yield _error(
            102, f"FRAMELANE_IMPORTS_AT_ONCE is {settings.FRAMELANE_IMPORTS_AT_ONCE}.", "Accepted is 1 or more."
        )
    bases = settings.FRAMELANE_SHARE_BASES
    if unusable := [base for base in bases.values() if urlsplit(base).scheme not in ("http", "https")]:
        message = f"FRAMELANE_SHARE_BASES holds {unusable}."
        yield _error(101, message, "Write host=http://127.0.0.1:9000, separated by commas.")


def _sign_in() -> Iterator[CheckMessage]:
    issuer = settings.FRAMELANE_OIDC_ISSUER
    names = ("FRAMELANE_OIDC_JWKS_URL", "FRAMELANE_OIDC_AUDIENCE", "FRAMELANE_OIDC_AUTHORIZED_PARTIES")
    given = [name for name in names if getattr(settings, name)]
    if given and not issuer:
        yield _error(110, f"{given[0]} is set without FRAMELANE_OIDC_ISSUER.", "Set the issuer too, or neither.")
    if issuer and not (settings.FRAMELANE_OIDC_AUDIENCE or settings.FRAMELANE_OIDC_AUTHORIZED_PARTIES):
        message = "Every token of FRAMELANE_OIDC_ISSUER that names no audience is accepted."
        hint = "Set FRAMELANE_OIDC_AUDIENCE or FRAMELANE_OIDC_AUTHORIZED_PARTIES."
        yield Warning(message, hint=hint, id="framelane.W002")
    for name in ("FRAMELANE_OIDC_ISSUER", "FRAMELANE_OIDC_JWKS_URL"):
        if (url := getattr(settings, name)) and not _is_trustworthy(url):
            yield _error(111, f"{name} is {url!r}.", "Write https://…; http:// only in development or on this machine.")


def _operations() -> Iterator[Error]:
    if settings.FRAMELANE_LOG_FORMAT not in ("plain", "json"):
        yield _error(130, f"FRAMELANE_LOG_FORMAT is {settings.FRAMELANE_LOG_FORMAT!r}.", "Accepted are plain and json.")
    token = settings.FRAMELANE_METRICS_TOKEN
    if token and (len(token) < MIN_METRICS_TOKEN_LENGTH or not token.isascii() or not token.isprintable()):
        message = "FRAMELANE_METRICS_TOKEN is short, or no token."
        hint = f"Set at least {MIN_METRICS_TOKEN_LENGTH} random characters of ASCII, or unset it."
        yield _error(131, message, hint)
    if not _is_origin(settings.FRAMELANE_FLOWER_URL) or " " in settings.FRAMELANE_FLOWER_URL:
        message = f"FRAMELANE_FLOWER_URL is {settings.FRAMELANE_FLOWER_URL!r}."
        yield _error(132, message, "Write http://127.0.0.1:5555: an origin, without a path.")


def _is_trustworthy(url: str) -> bool:
    """Whether nobody on the way can change what is fetched from there."""
    address = urlsplit(url)
    is_local = settings.FRAMELANE_ENV != "production" or _is_local(url)
    return bool(address.hostname) and (address.scheme == "https" or (address.scheme == "http" and is_local))


def _unsafe_web() -> Iterator[CheckMessage]:
    if settings.DEBUG:
        yield _error(10, "FRAMELANE_DEBUG is on in production.", "Unset it: its error pages show settings and source.")
    if settings.FRAMELANE_SECRET_IS_GENERATED or len(settings.SECRET_KEY) < MIN_SECRET_LENGTH:
        hint = f"Set it to at least {MIN_SECRET_LENGTH} random characters, the same for every process."
        yield _error(11, "FRAMELANE_SECRET_KEY is missing or short.", hint)
    if not settings.ALLOWED_HOSTS or "*" in settings.ALLOWED_HOSTS:
        message = f"FRAMELANE_ALLOWED_HOSTS is {','.join(settings.ALLOWED_HOSTS)!r}."
        yield _error(12, message, "Name the hosts that this installation answers for, separated by commas.")
    yield from _unsafe_address(settings.FRAMELANE_PUBLIC_URL)


def _unsafe_address(url: str) -> Iterator[CheckMessage]:
    if settings.FRAMELANE_ALLOW_HTTP and url.startswith("http://") and urlsplit(url).hostname:
        message = f"FRAMELANE_PUBLIC_URL is {url!r}: whoever is on the way reads every key, cookie and film."
        yield _warning(13, message, "Only in a closed network; else set https:// and unset FRAMELANE_ALLOW_HTTP.")
    elif not url.startswith("https://") or _is_local(url):
        hint = "Set the https:// address that clients reach: signed URLs begin with it. A closed network may do"
        yield _error(13, f"FRAMELANE_PUBLIC_URL is {url!r}.", f"{hint} without TLS: FRAMELANE_ALLOW_HTTP=on.")


def _embedded_services() -> Iterator[CheckMessage]:
    if settings.DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
        yield _error(20, "The database is SQLite.", "Set DATABASE_URL=postgres://...")
    if settings.CELERY_BROKER_URL.startswith("filesystem:"):
        yield _error(21, "The broker is a folder.", "Set REDIS_URL or CELERY_BROKER_URL to redis://...")
    yield from _local_store()
    yield from _sender()


def _local_store() -> Iterator[CheckMessage]:
    if not settings.STORAGE_URL.startswith("file:"):
        return
    if settings.FRAMELANE_ALLOW_LOCAL_STORE:
        message = "The store is a local folder: every process must run on this machine, and its disk holds all films."
        yield _warning(22, message, "Back it up; with a second machine, set STORAGE_URL=gs://bucket/prefix.")
    else:
        hint = (
            "Set STORAGE_URL=gs://bucket/prefix. When everything runs on one machine: FRAMELANE_ALLOW_LOCAL_STORE=on."
        )
        yield _error(22, "The store is a local folder.", hint)


def _sender() -> Iterator[CheckMessage]:
    if settings.EMAIL_BACKEND == FILES and settings.FRAMELANE_ALLOW_MAIL_FILES:
        message = "Mail is written to files: nobody can sign up or in without somebody who reads them out."
        yield _warning(23, message, "Set EMAIL_URL=smtp+tls://user:password@host:587, or FRAMELANE_MAIL_SERVICE.")
        return
    if settings.EMAIL_BACKEND == FILES:
        hint = "Set EMAIL_URL=smtp+tls://user:password@host:587, or FRAMELANE_MAIL_SERVICE. A closed network may do"
        yield _error(23, "Mail is written to files.", f"{hint} without: FRAMELANE_ALLOW_MAIL_FILES=on.")
    if parseaddr(settings.DEFAULT_FROM_EMAIL)[1].partition("@")[2] in _LOCAL_HOSTS:
        message = f"Mail comes from {settings.DEFAULT_FROM_EMAIL!r}, which no server accepts."
        yield _error(24, message, "Set FRAMELANE_FROM_EMAIL='Name <name@your.domain>'.")


def _unsafe_network() -> Iterator[Error]:
    if settings.FRAMELANE_NET_ALLOW:
        message = f"FRAMELANE_NET_ALLOW opens {settings.FRAMELANE_NET_ALLOW} to everybody's source URLs and webhooks."
        yield _error(30, message, "Unset it: it is for development and tests.")
    if settings.FRAMELANE_SHARE_BASES:
        message = f"FRAMELANE_SHARE_BASES sends the share links of {sorted(settings.FRAMELANE_SHARE_BASES)} elsewhere."
        yield _error(31, message, "Unset it: it is for development and tests.")


def _is_local(url: str) -> bool:
    return (urlsplit(url).hostname or "") in _LOCAL_HOSTS


def _is_origin(text: str) -> bool:
    try:
        parts = urlsplit(text)
        is_web = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False
    return is_web and f"{parts.scheme}://{parts.netloc}" == text


def _is_network(text: str) -> bool:
    try:
        ip_network(text)
    except ValueError:
        return False
    return True
