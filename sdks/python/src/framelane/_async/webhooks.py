"""Webhook endpoints. Calls that they receive are checked by `framelane.webhooks.verify`."""

from __future__ import annotations

from collections.abc import Sequence

from framelane._async._resource import AsyncPages, AsyncResource
from framelane._call import Call, Reference, at, creating, given
from framelane._generated import WebhookCreatedOut, WebhookDeliveryOut, WebhookOut, WebhookSecretOut


class AsyncWebhooks(AsyncResource):
    """Where events are sent: `client.webhooks`."""

    async def create(
        self,
        *,
        url: str,
        events: Sequence[str] | None = None,
        enabled: bool | None = None,
        idempotency_key: str | None = None,
    ) -> WebhookCreatedOut:
        """Make an endpoint, for all events unless `events` are given. Its `secret` is shown only now: keep it."""
        body = given(url=url, events=events, enabled=enabled)
        return await self._call(creating("/v1/webhooks", WebhookCreatedOut, body, idempotency_key))

    async def get(self, id: Reference) -> WebhookOut:
        """Read an endpoint."""
        return await self._call(Call("GET", at("/v1/webhooks/{}", id), WebhookOut))

    def list(self, *, limit: int | None = None) -> AsyncPages[WebhookOut]:
        """All endpoints, newest first. `limit` (1 to 200) is the size of the pages fetched."""
        return self._list("/v1/webhooks", WebhookOut, limit)

    async def update(
        self,
        id: Reference,
        *,
        url: str | None = None,
        events: Sequence[str] | None = None,
        enabled: bool | None = None,
    ) -> WebhookOut:
        """Change what is given."""
        body = given(url=url, events=events, enabled=enabled)
        return await self._call(Call("PATCH", at("/v1/webhooks/{}", id), WebhookOut, body=body))

    async def delete(self, id: Reference) -> None:
        """Delete an endpoint."""
        await self._call(Call("DELETE", at("/v1/webhooks/{}", id)))

    async def rotate_secret(self, id: Reference, *, revoke_now: bool = False) -> WebhookSecretOut:
        """Make a new secret. The former one signs beside it for 24 hours, unless `revoke_now`."""
        path = at("/v1/webhooks/{}/rotate-secret", id)
        return await self._call(Call("POST", path, WebhookSecretOut, body={"revoke_now": revoke_now}))

    async def rotate_signing_secret(self, *, revoke_now: bool = False) -> WebhookSecretOut:
        """Make a new secret for calls to the `webhook_url` of single jobs; the first call makes the first one."""
        path = "/v1/webhooks/signing-secret/rotate"
        return await self._call(Call("POST", path, WebhookSecretOut, body={"revoke_now": revoke_now}))

    async def test(self, id: Reference, *, event_type: str | None = None) -> WebhookDeliveryOut:
        """Send a made-up event, of type `webhook.test` unless given."""
        body = given(event_type=event_type)
        return await self._call(Call("POST", at("/v1/webhooks/{}/test", id), WebhookDeliveryOut, body=body))

    def deliveries(
        self, id: Reference, *, status: str | None = None, limit: int | None = None
    ) -> AsyncPages[WebhookDeliveryOut]:
        """All attempts to deliver, newest first, or those of one status."""
        return self._list(at("/v1/webhooks/{}/deliveries", id), WebhookDeliveryOut, limit, status=status)

    async def redeliver(self, id: Reference, delivery_id: Reference) -> WebhookDeliveryOut:
        """Deliver once more."""
        path = at("/v1/webhooks/{}/deliveries/{}/redeliver", id, delivery_id)
        return await self._call(Call("POST", path, WebhookDeliveryOut))
