"""What workers do for the outbox of mails."""

from celery import shared_task

from apps.mail import services


@shared_task(name="apps.mail.tasks.send", ignore_result=True)
def send() -> None:
    services.send_due()


@shared_task(name="apps.mail.tasks.purge", ignore_result=True)
def purge() -> None:
    services.purge()
