"""Paths of plans and payment."""

from django.urls import URLPattern, URLResolver, path

from apps.billing.api import BillingViewSet, PlanViewSet
from apps.billing.stripe.webhook import StripeWebhookViewSet

urlpatterns: list[URLPattern | URLResolver] = [
    path("v1/billing/plans", PlanViewSet.as_view({"get": "list"})),
    path("v1/billing/subscription", BillingViewSet.as_view({"get": "subscription"})),
    path("v1/billing/checkout", BillingViewSet.as_view({"post": "checkout"})),
    path("v1/billing/portal", BillingViewSet.as_view({"post": "portal"})),
    path("v1/billing/stripe-webhook", StripeWebhookViewSet.as_view({"post": "receive"}, schema=None)),
]
