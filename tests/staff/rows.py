"""A row of every kind that the staff of an installation can look at, with secrets in every place that may hold one."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any, Final

from allauth.account.models import EmailAddress
from django.contrib import admin
from django.contrib.auth.models import Group, User
from django.db import models
from djstripe import models as mirror

from apps.api_keys.models import ApiKey
from apps.audit.models import AuditEntry
from apps.billing.models import Grant, Reservation, UsageRecord
from apps.billing.stripe.models import BillingAccount, OverageReport, StripeEvent, Subscription
from apps.events.models import Event
from apps.jobs.models import Job
from apps.mail.models import Mail
from apps.operations.models import WorkerNode
from apps.previews.models import Preview
from apps.signup.models import Signup
from apps.uploads.models import Asset, EgressDay, Import
from apps.webhooks.models import Attempt, Endpoint, Message, Secret
from apps.workspaces.models import Erasure, Identity, Membership, Workspace
from framelane.lib import clock, ids

SECRET: Final = "sesame"
MARKUP: Final = "<img src=x onerror=alert(1)>\"'><script>alert(2)</script>{{ 7 }}\u202e"
"""What somebody might hope to see at work in the pages of others."""
URL: Final = f"https://bob:{SECRET}@files.example.org/film.mp4?signature={SECRET}"
Maker = Callable[[int, Workspace], models.Model]


def user(n: int, workspace: Workspace) -> User:
    return User.objects.create(username=f"user{n}", email=f"user{n}@example.org", first_name=MARKUP[:150])


def job(n: int, workspace: Workspace) -> Job:
    return Job.objects.create(
        id=ids.new_id("render"),
        workspace=workspace,
        kind="render",
        request={"elements": [{"source_url": URL}, {"text": f"Look at {URL} now {MARKUP}"}]},
        metadata={"from": URL, MARKUP: MARKUP},
        webhook_url=URL,
        copies={URL: "asset_1"},
        warnings=[{"message": f"{URL} is slow"}],
        error_message=MARKUP,
        worker=MARKUP,
        stages=[{"stage": "encoding", "at": MARKUP}],
        queue="render.cpu",
        deadline=clock.now(),
    )


def asset(n: int, workspace: Workspace) -> Asset:
    return Asset.objects.create(
        workspace=workspace,
        key=f"{workspace.id}/{n}.mp4",
        kind="video",
        content_type="video/mp4",
        filename=f"{MARKUP}.mp4",
        source=URL,
        handle=SECRET,
        info={"width": 1920, "codec": MARKUP},
        expires_at=clock.now(),
    )


def fetched(n: int, workspace: Workspace) -> Import:
    return Import.objects.create(
        workspace=workspace,
        filename=MARKUP,
        url=URL,
        url_digest="0" * 64,
        key=f"{workspace.id}/imported/{n}",
        due_at=clock.now(),
    )


def endpoint(n: int, workspace: Workspace) -> Endpoint:
    made = Endpoint.objects.create(workspace=workspace, url=URL, events=["*"])
    Secret.objects.create(workspace=workspace, endpoint=made, sealed=SECRET)
    return made


def attempt(n: int, workspace: Workspace) -> Attempt:
    message = Message.objects.create(
        event_id=ids.new_id("evt"),
        workspace=workspace,
        type="render.completed",
        body=f'{{"data": {{"url": "{URL}"}}}}',
        happened_at=clock.now(),
    )
    return Attempt.objects.create(
        workspace=workspace,
        endpoint=endpoint(n, workspace) if n % 2 else None,
        url="" if n % 2 else URL,
        message=message,
        job_id=ids.new_id("render"),
        max_attempts=9,
        response_body=MARKUP,
        error=MARKUP,
    )


def signup(n: int, workspace: Workspace) -> Signup:
    return Signup.objects.create(
        address=workspace.email,
        workspace=workspace,
        key_prefix="fl_live_AbCd",
        code_salt=SECRET,
        code_seal=SECRET,
        code_expires_at=clock.now(),
    )


def entry(n: int, workspace: Workspace) -> AuditEntry:
    return AuditEntry.objects.create(
        actor=user(n, workspace),
        actor_name=MARKUP,
        action="workspace.verify",
        object_type="workspaces.workspace" if n % 2 else "gone.thing",
        object_id=workspace.id,
        workspace_id=workspace.id,
        changes={"from": URL, MARKUP: MARKUP},
        reason=MARKUP,
    )


def subscription(n: int, workspace: Workspace) -> Subscription:
    now = clock.now()
    times = {"started_at": now, "current_period_start": now, "current_period_end": now}
    return Subscription.objects.create(
        id=f"sub_{n}", workspace=workspace, customer_id=f"cus_{n}", status="active", **times
    )


def overage(n: int, workspace: Workspace) -> OverageReport:
    now = clock.now()
    where = {"subscription_id": f"sub_{n}", "customer_id": f"cus_{n}", "month": now.date(), "happened_at": now}
    return OverageReport.objects.create(workspace=workspace, from_minute=0, to_minute=5, ledger_output_s=300, **where)


def customer(n: int, workspace: Workspace) -> models.Model:
    return _mirrored(mirror.Customer, f"cus_{n}", email=workspace.email)


def billed(model: Any) -> Maker:
    """What belongs to a customer at Stripe."""

    def make(n: int, workspace: Workspace) -> models.Model:
        return _mirrored(model, f"made_{n}", customer=customer(n, workspace))

    return make


def price(n: int, workspace: Workspace) -> models.Model:
    return _mirrored(mirror.Price, f"price_{n}", active=True, currency="eur", product=product(n, workspace))


def product(n: int, workspace: Workspace) -> models.Model:
    return _mirrored(mirror.Product, f"prod_{n}", name="Framelane Pro", active=True)


def _mirrored(model: Any, key: str, **values: Any) -> models.Model:
    """As dj-stripe keeps it, with an address that only the customer should open."""
    data = {"id": key, "status": "paid", "total": 1900, "currency": "eur", "hosted_invoice_url": URL}
    made: models.Model = model.objects.create(
        id=key, livemode=False, created=clock.now(), stripe_data=data, metadata={}, **values
    )
    return made


MAKERS: Final[dict[type[models.Model], Maker]] = {
    User: user,
    Group: lambda n, workspace: Group.objects.create(name=f"group {n}"),
    Workspace: lambda n, workspace: workspace,
    Membership: lambda n, workspace: Membership.objects.create(workspace=workspace, user=user(n, workspace)),
    Identity: lambda n, workspace: Identity.objects.create(
        issuer="https://issuer.example.org", subject=f"subject {n}", user=user(n, workspace)
    ),
    Erasure: lambda n, workspace: Erasure.objects.create(workspace_id=workspace.id, rows_deleted={"jobs.Job": 3}),
    EmailAddress: lambda n, workspace: EmailAddress.objects.create(
        user=user(n, workspace), email=f"user{n}@example.org", verified=True, primary=True
    ),
    AuditEntry: entry,
    WorkerNode: lambda n, workspace: WorkerNode.objects.create(
        name=f"gpu@{n}{MARKUP}",
        kind="gpu",
        host=MARKUP,
        pid=1,
        version="0.1.0",
        queues=["render", MARKUP],
        concurrency=2,
        busy=1,
        gpus=[{"index": 0, "name": MARKUP, "used_bytes": 1, "total_bytes": 2}],
        started_at=clock.now(),
        seen_at=clock.now(),
    ),
    Event: lambda n, workspace: Event.objects.create(
        workspace=workspace, type="render.completed", data={"job": {"id": ids.new_id("render"), "output": {"url": URL}}}
    ),
    Mail: lambda n, workspace: Mail.objects.create(
        workspace=workspace if n % 2 else None, to="a@example.org", template="quota_80", context={"code": SECRET}
    ),
    ApiKey: lambda n, workspace: ApiKey.objects.create(
        workspace=workspace, name=f"key {n} {MARKUP}", key_prefix="fl_live_AbCd", key_hash=f"{SECRET}{n}"
    ),
    BillingAccount: lambda n, workspace: BillingAccount.objects.create(workspace=workspace, customer_id=f"cus_{n}"),
    Subscription: subscription,
    StripeEvent: lambda n, workspace: StripeEvent.objects.create(id=f"evt_{n}", type="invoice.paid"),
    OverageReport: overage,
    UsageRecord: lambda n, workspace: UsageRecord.objects.create(
        workspace=workspace, job_id=ids.new_id("render"), kind="render", output_s=12
    ),
    Reservation: lambda n, workspace: Reservation.objects.create(
        workspace=workspace, job_id=ids.new_id("render"), output_s=12
    ),
    Grant: lambda n, workspace: Grant.objects.create(
        workspace=workspace, month=clock.now().date().replace(day=1), minutes=5, reason=MARKUP
    ),
    Signup: signup,
    Asset: asset,
    Import: fetched,
    EgressDay: lambda n, workspace: EgressDay.objects.create(
        workspace=workspace, day=clock.now().date() - timedelta(days=n), bytes=12
    ),
    Preview: lambda n, workspace: Preview.objects.create(
        subject_id=ids.new_id("asset" if n % 2 else "render"), workspace=workspace, source_key=f"{workspace.id}/{n}.mp4"
    ),
    Job: job,
    Endpoint: endpoint,
    Attempt: attempt,
    mirror.Customer: customer,
    mirror.Subscription: billed(mirror.Subscription),
    mirror.Invoice: billed(mirror.Invoice),
    mirror.Product: product,
    mirror.Price: price,
}
REGISTERED: Final = sorted(admin.site._registry, key=lambda model: model._meta.label)


def make_rows(model: type[models.Model], count: int, first: int = 0) -> list[models.Model]:
    """So many of them, each of a workspace of its own, whose names are as long and as odd as they may be.

    They are numbered from `first` on: two rows of one number are one too many for some tables.
    """
    numbers = range(first, first + count)
    made = [Workspace(name=f"{n} {MARKUP} & Sons " + "x" * 150, email=f"owner{n}@example.org") for n in numbers]
    pairs = zip(numbers, Workspace.objects.bulk_create(made), strict=True)
    return [MAKERS[model](n, workspace) for n, workspace in pairs]
