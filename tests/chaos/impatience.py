"""Loaded by the workers of these tests: who was lost is missed after seconds, and every sweep comes each second."""

from datetime import timedelta

from apps.account import erasure
from apps.billing.stripe.configuration import is_configured
from apps.mail import services as mails
from apps.webhooks import schedule
from apps.workspaces import erasures
from framelane.celery import app

LEASE_S = 8
SWEEP_S = 1
SWEEPS = ("sweep-uploads", "sweep-erasures", "send-mail", "sweep-stripe-events")

for module in (schedule, mails, erasures):
    vars(module)["LEASE_S"] = LEASE_S
vars(erasure)["_SPARE_S"] = 0
if is_configured():
    from apps.billing.stripe import inbox

    vars(inbox)["LEASE"] = timedelta(seconds=LEASE_S)

for name in SWEEPS:
    app.conf.beat_schedule[name]["schedule"] = timedelta(seconds=SWEEP_S)
