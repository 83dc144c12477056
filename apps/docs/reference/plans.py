"""Plans and limits."""

from collections.abc import Iterable, Iterator
from typing import Any, Final

from apps.docs.pages import Page
from apps.docs.reference.catalogue import entries, served
from apps.docs.reference.writing import page, table

_NO: Final = "–"
LIMITS: Final[dict[str, tuple[str, str]]] = {
    "source_max_bytes": ("bytes", "The largest source of a job."),
    "source_url_valid_after_submit_seconds": (
        "s",
        ("How long the address of a source must work after a job was submitted."),
    ),
    "upload_url_lifetime_seconds": ("s", "How long an `upload_url` takes bytes."),
    "idempotency_window_seconds": ("s", "How long an `Idempotency-Key` is remembered."),
    "long_poll_seconds": ("s", "How long `wait` may make an answer wait for the end of a job."),
    "webhook_receiver_timeout_seconds": ("s", "How long your server may take to answer a webhook."),
    "webhook_signature_tolerance_seconds": ("s", "How old a signature may be when you check it."),
    "workspace_name_length": ("characters", "Length of a workspace's name."),
    "otp_digits": ("digits", "Length of the code in a mail."),
    "page": ("entries", "Length of a page of a list, `limit`."),
    "rate_limits_per_minute": ("requests a minute", "Requests of a workspace, by its plan."),
    "body_max_bytes": ("bytes", "The largest body of a request to the API."),
}
"""What each limit of the catalogue means, with its unit."""


def pages() -> Iterable[Page]:
    """The pages of plans and of limits."""
    return (_plans(), _limits())


def _plans() -> Page:
    known = entries("plans")
    return page(
        "plans",
        "# Plans",
        "What a workspace may do, and what it costs. A minute is one of finished output; jobs that failed or were "
        "cancelled, checks and previews are free.",
        table(("", *(entry["type"] for entry in known)), _plan_rows(known)),
        "Above a plan's frame size the answer is `403 plan_limit`, above the minutes of the free plan `402 "
        "quota_exceeded`. `GET /v1/billing/plans` tells the same to programs; [billing](../billing.md) says how "
        "minutes are counted and paid.",
    )


def _plan_rows(known: list[dict[str, Any]]) -> Iterator[tuple[str, ...]]:
    rates = served()["rate_limits"]
    yield "price a month", *(_price(entry["usd_month"]) for entry in known)
    yield "minutes a month", *(_amount(entry["render_minutes"]) for entry in known)
    yield "each minute above", *(_overage(entry) for entry in known)
    yield "largest frame", *(entry["max_output"] for entry in known)
    yield "watermark", *("yes" if entry["watermark"] else "no" for entry in known)
    yield "renders at a time", *(_amount(entry["concurrent_renders"]) for entry in known)
    yield "GPU", *("yes" if entry["gpu"] else "no" for entry in known)
    yield "requests a minute", *(_amount(rates[entry["type"]]) for entry in known)


def _price(usd: float | None) -> str:
    return "as agreed" if usd is None else "free" if usd == 0 else f"{usd} USD"


def _amount(count: int | None) -> str:
    return "no limit" if count is None else f"{count:,}"


def _overage(entry: dict[str, Any]) -> str:
    usd = entry.get("overage_usd_per_minute")
    return f"{usd} USD" if usd else _NO


def _limits() -> Page:
    return page(
        "limits",
        "# Limits in numbers",
        "The numbers that hold on this installation; `limits` of `GET /v1/capabilities` tells them to programs.",
        table(("limit", "value", "what it is"), _limit_rows(served()["limits"])),
        "[Limits and fairness](../limits.md) explains rate limits and queues, [plans](plans.md) what a plan "
        "includes, and the pages of the elements the range of every field.",
    )


def _limit_rows(limits: dict[str, Any]) -> Iterator[tuple[str, ...]]:
    for one, value in limits.items():
        unit, meaning = LIMITS[one]
        yield f"`{one}`", f"{_value(value)} {unit}", meaning


def _value(value: Any) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{part.replace('_', ' ')} {_value(number)}" for part, number in value.items())
    return " to ".join(map(_value, value)) if isinstance(value, list) else f"{value:,}"
