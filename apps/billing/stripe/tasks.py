"""What io workers do for payments. Without Stripe's settings it is nothing, and its library is not loaded."""

from celery import shared_task

from apps.billing.stripe.configuration import is_configured


@shared_task(name="apps.billing.stripe.tasks.process_event", ignore_result=True)
def process_event(event_id: str) -> None:
    if is_configured():
        from apps.billing.stripe import inbox

        inbox.process(event_id)


@shared_task(name="apps.billing.stripe.tasks.sweep", ignore_result=True)
def sweep() -> None:
    if is_configured():
        from apps.billing.stripe import inbox

        inbox.process_due()


@shared_task(name="apps.billing.stripe.tasks.report_overage", ignore_result=True)
def report_overage() -> None:
    if is_configured():
        from apps.billing.stripe import overage

        overage.report_all()


@shared_task(name="apps.billing.stripe.tasks.tidy", ignore_result=True)
def tidy() -> None:
    if is_configured():
        from apps.billing.stripe import accounts, inbox

        accounts.sync_stale()
        inbox.purge()
