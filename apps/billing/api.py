"""Plans and subscriptions."""

from django.conf import settings
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from apps.api_keys.views import KeyViewSet
from apps.billing.plans import plan_facts
from apps.billing.schemas import CheckoutRequest, PlanPage, PortalRequest, RedirectOut, SubscriptionOut
from apps.billing.stripe.configuration import is_configured
from apps.billing.terms import plan_out, subscription_out
from framelane.api.errors import ApiError
from framelane.api.schema import UNAUTHORIZED, answers, described
from framelane.api.views import ApiViewSet, respond

_NOT_CONFIGURED = described("This installation takes no payments.")


class PlanViewSet(ApiViewSet):
    """Public: prices are looked at before signing up."""

    @extend_schema(
        operation_id="list_plans", tags=["billing"], summary="List plans", responses={200: answers(PlanPage)}
    )
    def list(self, request: Request) -> Response:
        """Lists what each plan costs and includes, smallest first."""
        return respond(PlanPage(data=[plan_out(name) for name in plan_facts()], next_cursor=None, has_more=False))


class BillingViewSet(KeyViewSet):
    scope_area = "billing"

    @extend_schema(
        operation_id="get_subscription",
        tags=["billing"],
        summary="Show the subscription",
        responses={200: answers(SubscriptionOut), 401: UNAUTHORIZED},
    )
    def subscription(self, request: Request) -> Response:
        """Shows the workspace's plan, whether it is paid, and the overage of this month."""
        return respond(subscription_out(self.workspace))

    @extend_schema(
        operation_id="create_checkout",
        tags=["billing"],
        summary="Subscribe to a plan",
        description="Opens a page on which the plan is paid for. The plan counts from the payment on; what remains of "
        "the current month is charged by the day.",
        request=CheckoutRequest,
        responses={
            200: answers(RedirectOut),
            401: UNAUTHORIZED,
            409: described("The workspace has a paid plan already: use the portal."),
            422: described("An unknown plan, or an address to return to that is not one of ours."),
            501: _NOT_CONFIGURED,
        },
    )
    def checkout(self, request: Request) -> Response:
        body = self.body(CheckoutRequest)
        _require_payments()
        from apps.billing.stripe import checkout

        success_url = body.success_url or f"{settings.FRAMELANE_PUBLIC_URL}/?checkout=succeeded"
        cancel_url = body.cancel_url or f"{settings.FRAMELANE_PUBLIC_URL}/?checkout=cancelled"
        with checkout.refusals():
            url = checkout.start_checkout(workspace=self.workspace, success_url=success_url, cancel_url=cancel_url)
        return respond(RedirectOut(url=url))

    @extend_schema(
        operation_id="create_portal",
        tags=["billing"],
        summary="Manage the subscription",
        description="Opens a page on which invoices are found, the means of payment is changed and the plan cancelled.",
        request=PortalRequest,
        responses={
            200: answers(RedirectOut),
            401: UNAUTHORIZED,
            409: described("The workspace has never paid: begin with a checkout."),
            422: described("An address to return to that is not one of ours."),
            501: _NOT_CONFIGURED,
        },
    )
    def portal(self, request: Request) -> Response:
        body = self.optional_body(PortalRequest)
        _require_payments()
        from apps.billing.stripe import checkout

        return_url = body.return_url or f"{settings.FRAMELANE_PUBLIC_URL}/"
        with checkout.refusals():
            url = checkout.open_portal(workspace=self.workspace, return_url=return_url)
        return respond(RedirectOut(url=url))


def _require_payments() -> None:
    """Raises ApiError 501 where payment is not configured."""
    if not is_configured():
        raise ApiError(501, "not_configured", "This installation takes no payments: Stripe is not configured.")
