"""Endpoints of webhooks."""

from collections.abc import Iterator
from contextlib import contextmanager

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from apps.api_keys.views import KeyViewSet
from apps.webhooks import schemas, secrets, selectors, services
from apps.webhooks.models import Endpoint
from framelane.api.errors import conflict, not_found, validation_error
from framelane.api.idempotency import idempotent
from framelane.api.pagination import PageQuery, paginate
from framelane.api.schema import IDEMPOTENCY_KEY, UNAUTHORIZED, answers, described, path_parameter, query_parameters
from framelane.api.views import respond
from gpu_tasks.timeline.problems import Problem

NOT_FOUND = described("No such webhook in this workspace.")
INVALID = described("Validation error, or a URL that can receive nothing.")
_NO_WEBHOOK = "Webhook not found."
WEBHOOK_ID = path_parameter("webhook_id")


@contextmanager
def _refusals() -> Iterator[None]:
    """Turns what a webhook can be refused for into answers."""
    try:
        yield
    except services.RefusedUrl as refused:
        raise validation_error([Problem("/url", "url", str(refused))]) from None
    except services.TooManyEndpoints as full:
        raise conflict(str(full)) from None
    except Endpoint.DoesNotExist:
        # Deleted since it was found.
        raise not_found(_NO_WEBHOOK) from None


class WebhookViewSet(KeyViewSet):
    """`/v1/webhooks`."""

    scope_area = "webhooks"

    def find(self, webhook_id: str) -> Endpoint:
        """An endpoint of the caller's workspace. Raises ApiError 404."""
        endpoint = selectors.find_endpoint(self.workspace, webhook_id)
        if endpoint is None:
            raise not_found(_NO_WEBHOOK)
        return endpoint

    @extend_schema(
        operation_id="create_webhook",
        tags=["webhooks"],
        summary="Create a webhook",
        parameters=[IDEMPOTENCY_KEY],
        request=schemas.WebhookRequest,
        responses={
            200: answers(schemas.WebhookCreatedOut, "Idempotent replay, without the secret."),
            201: answers(schemas.WebhookCreatedOut),
            401: UNAUTHORIZED,
            409: described("The workspace has 20 webhooks already, or the Idempotency-Key came with another body."),
            422: INVALID,
        },
    )
    def create(self, request: Request) -> Response:
        """Sends events of the workspace to your server from now on. Keep the secret: it is shown once."""
        body = self.body(schemas.WebhookRequest)
        shown: list[str] = []

        def create() -> Endpoint:
            with _refusals():
                endpoint, secret = services.create_endpoint(
                    workspace=self.workspace, url=body.url, events=body.events, enabled=body.enabled
                )
            shown.append(secret)
            return endpoint

        endpoint, is_replay = idempotent(request, self.workspace.id, create, self.find)
        out = schemas.webhook_created_out(endpoint, None if is_replay else shown[-1])
        return respond(out, status=200 if is_replay else 201)

    @extend_schema(
        operation_id="list_webhooks",
        tags=["webhooks"],
        summary="List webhooks",
        parameters=query_parameters(PageQuery),
        responses={200: answers(schemas.WebhookPage), 401: UNAUTHORIZED},
    )
    def list(self, request: Request) -> Response:
        page = paginate(selectors.endpoints_of(self.workspace), self.query(PageQuery), schemas.webhook_out)
        return respond(schemas.WebhookPage.model_validate(page))

    @extend_schema(
        operation_id="get_webhook",
        tags=["webhooks"],
        summary="Get a webhook",
        parameters=[WEBHOOK_ID],
        responses={200: answers(schemas.WebhookOut), 401: UNAUTHORIZED, 404: NOT_FOUND},
    )
    def retrieve(self, request: Request, webhook_id: str) -> Response:
        return respond(schemas.webhook_out(self.find(webhook_id)))

    @extend_schema(
        operation_id="update_webhook",
        tags=["webhooks"],
        summary="Change a webhook",
        parameters=[WEBHOOK_ID],
        request=schemas.WebhookChanges,
        responses={200: answers(schemas.WebhookOut), 401: UNAUTHORIZED, 404: NOT_FOUND, 422: INVALID},
    )
    def partial_update(self, request: Request, webhook_id: str) -> Response:
        endpoint, changes = self.find(webhook_id), self.body(schemas.WebhookChanges)
        with _refusals():
            changed = services.update_endpoint(
                endpoint=endpoint, url=changes.url, events=changes.events, enabled=changes.enabled
            )
        return respond(schemas.webhook_out(changed))

    @extend_schema(
        operation_id="delete_webhook",
        tags=["webhooks"],
        summary="Delete a webhook",
        parameters=[WEBHOOK_ID],
        responses={204: described("It is gone, with its log."), 401: UNAUTHORIZED, 404: NOT_FOUND},
    )
    def destroy(self, request: Request, webhook_id: str) -> Response:
        """Nothing more is sent, and the log goes with it."""
        services.delete_endpoint(endpoint=self.find(webhook_id))
        return Response(status=204)

    @extend_schema(
        operation_id="rotate_webhook_secret",
        tags=["webhooks"],
        summary="Replace the signing secret",
        parameters=[WEBHOOK_ID],
        request=schemas.RotationRequest,
        responses={200: answers(schemas.WebhookSecretOut), 401: UNAUTHORIZED, 404: NOT_FOUND, 422: INVALID},
    )
    def rotate_secret(self, request: Request, webhook_id: str) -> Response:
        """The new secret signs at once. For 24 hours deliveries carry a signature of the former one beside it."""
        endpoint, body = self.find(webhook_id), self.optional_body(schemas.RotationRequest)
        with _refusals():
            secret, until = secrets.rotate_endpoint_secret(endpoint=endpoint, revoke_now=body.revoke_now)
        return respond(schemas.WebhookSecretOut(secret=secret, previous_valid_until=until))

    @extend_schema(
        operation_id="rotate_signing_secret",
        tags=["webhooks"],
        summary="Replace the secret for the URLs of jobs",
        request=schemas.RotationRequest,
        responses={200: answers(schemas.WebhookSecretOut), 401: UNAUTHORIZED, 422: INVALID},
    )
    def rotate_signing_secret(self, request: Request) -> Response:
        """Calls to the `webhook_url` of a render or a task are signed with a secret of the workspace. This is how to
        get it: the first time as well as later, when the former one stays valid beside it for 24 hours."""
        body = self.optional_body(schemas.RotationRequest)
        secret, until = secrets.rotate_workspace_secret(workspace=self.workspace, revoke_now=body.revoke_now)
        return respond(schemas.WebhookSecretOut(secret=secret, previous_valid_until=until))

    @extend_schema(
        operation_id="test_webhook",
        tags=["webhooks"],
        summary="Send a test event",
        parameters=[WEBHOOK_ID],
        request=schemas.WebhookTestRequest,
        responses={202: answers(schemas.WebhookDeliveryOut), 401: UNAUTHORIZED, 404: NOT_FOUND, 422: INVALID},
    )
    def test(self, request: Request, webhook_id: str) -> Response:
        """Sends a made-up event once, also to a webhook that is disabled or does not listen to that type."""
        endpoint, body = self.find(webhook_id), self.optional_body(schemas.WebhookTestRequest)
        with _refusals():
            attempt = services.send_test(endpoint=endpoint, event_type=body.event_type)
        return respond(schemas.delivery_out(attempt), status=202)

    @extend_schema(
        operation_id="list_webhook_deliveries",
        tags=["webhooks"],
        summary="List deliveries",
        parameters=[WEBHOOK_ID, *query_parameters(schemas.DeliveryListQuery)],
        responses={200: answers(schemas.WebhookDeliveryPage), 401: UNAUTHORIZED, 404: NOT_FOUND},
    )
    def deliveries(self, request: Request, webhook_id: str) -> Response:
        """Every attempt of the last 30 days, made or planned."""
        endpoint, query = self.find(webhook_id), self.query(schemas.DeliveryListQuery)
        page = paginate(selectors.log_of(endpoint, status=query.status), query, schemas.delivery_out)
        return respond(schemas.WebhookDeliveryPage.model_validate(page))

    @extend_schema(
        operation_id="redeliver_webhook_delivery",
        tags=["webhooks"],
        summary="Send a delivery again",
        parameters=[WEBHOOK_ID, path_parameter("delivery_id", "A `delivery_id`, or the `id` of one of its attempts.")],
        request=None,
        responses={
            202: answers(schemas.WebhookDeliveryOut),
            401: UNAUTHORIZED,
            404: described("No such delivery of this webhook."),
        },
    )
    def redeliver(self, request: Request, webhook_id: str, delivery_id: str) -> Response:
        """Makes a new delivery of the same event, whatever became of the former one. Its `id` stays the same."""
        former = selectors.find_attempt(self.find(webhook_id), delivery_id)
        if former is None:
            raise not_found("Delivery not found.")
        with _refusals():
            attempt = services.redeliver(attempt=former)
        return respond(schemas.delivery_out(attempt), status=202)
