"""The workspace, its keys, what it pays, and how it begins."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from framelane._async._resource import AsyncPages, AsyncResource
from framelane._call import Call, Reference, at, creating, given
from framelane._generated import (
    ApiKeyCreated,
    ApiKeyOut,
    CapabilitiesOut,
    ErasureOut,
    PlanOut,
    RedirectOut,
    ResendOut,
    SignupOut,
    SubscriptionOut,
    UsageOut,
    VerifyOut,
    WorkspaceOut,
)
from framelane._pages import Page


class AsyncApiKeys(AsyncResource):
    """API keys: `client.api_keys`."""

    async def create(
        self,
        *,
        name: str,
        scopes: Sequence[str] | None = None,
        expires_at: datetime | str | None = None,
        idempotency_key: str | None = None,
    ) -> ApiKeyCreated:
        """Make a key, with all scopes unless `scopes` are given. `key` is shown only now: keep it."""
        body = given(name=name, scopes=scopes, expires_at=expires_at)
        return await self._call(creating("/v1/api-keys", ApiKeyCreated, body, idempotency_key))

    def list(self, *, limit: int | None = None) -> AsyncPages[ApiKeyOut]:
        """All keys, revoked ones too, newest first. `limit` (1 to 200) is the size of the pages fetched."""
        return self._list("/v1/api-keys", ApiKeyOut, limit)

    async def revoke(self, id: Reference) -> None:
        """End a key at once."""
        await self._call(Call("DELETE", at("/v1/api-keys/{}", id)))

    async def rotate(
        self, id: Reference, *, overlap_s: int | None = None, idempotency_key: str | None = None
    ) -> ApiKeyCreated:
        """Replace a key by a new one. The old one works on for `overlap_s` seconds, a day unless given."""
        path = at("/v1/api-keys/{}/rotate", id)
        return await self._call(creating(path, ApiKeyCreated, given(overlap_s=overlap_s), idempotency_key))


class AsyncWorkspace(AsyncResource):
    """The workspace that the key belongs to: `client.workspace`."""

    async def get(self) -> WorkspaceOut:
        """Read the workspace."""
        return await self._call(Call("GET", "/v1/workspace", WorkspaceOut))

    async def update(self, *, name: str) -> WorkspaceOut:
        """Rename the workspace."""
        return await self._call(Call("PATCH", "/v1/workspace", WorkspaceOut, body={"name": name}))

    async def delete(self, *, confirm: str) -> ErasureOut:
        """Delete the workspace and everything in it, for good. `confirm` is its id."""
        body = {"confirm": confirm}
        return await self._call(Call("DELETE", "/v1/workspace", ErasureOut, body=body))

    async def usage(self, period: str = "current") -> UsageOut:
        """What was used in a period: `current` (the calendar month), `7d`, `30d` or `90d`."""
        return await self._call(Call("GET", "/v1/workspace/usage", UsageOut, {"period": period}))


class AsyncBilling(AsyncResource):
    """Plans and payments: `client.billing`."""

    async def plans(self) -> list[PlanOut]:
        """All plans. Needs no key."""
        page: Page[PlanOut] = await self._call(Call("GET", "/v1/billing/plans", Page[PlanOut], public=True))
        return page.data

    async def subscription(self) -> SubscriptionOut:
        """What the workspace subscribes to."""
        return await self._call(Call("GET", "/v1/billing/subscription", SubscriptionOut))

    async def checkout(
        self, *, plan: str = "pro", success_url: str | None = None, cancel_url: str | None = None
    ) -> RedirectOut:
        """The address of a page where a plan can be bought. Raises NotConfigured without billing."""
        body = given(plan=plan, success_url=success_url, cancel_url=cancel_url)
        return await self._call(Call("POST", "/v1/billing/checkout", RedirectOut, body=body, repeatable=True))

    async def portal(self, *, return_url: str | None = None) -> RedirectOut:
        """The address of a page with invoices and payment methods. Raises NotConfigured without billing."""
        body = given(return_url=return_url)
        return await self._call(Call("POST", "/v1/billing/portal", RedirectOut, body=body, repeatable=True))


class AsyncCapabilities(AsyncResource):
    """What this installation can do: `client.capabilities`."""

    async def get(self) -> CapabilitiesOut:
        """Everything that requests may ask for, with every range and limit. Needs no key."""
        return await self._call(Call("GET", "/v1/capabilities", CapabilitiesOut, public=True))


class AsyncSignup(AsyncResource):
    """A new workspace: `client.signup`. Needs no key."""

    async def create(self, *, workspace_name: str, email: str) -> SignupOut:
        """Make a workspace. Its key is in the answer, and works once the code that is mailed has been verified."""
        body = {"workspace_name": workspace_name, "email": email}
        return await self._call(Call("POST", "/v1/signup", SignupOut, body=body, public=True))

    async def verify(self, *, email: str, otp_code: str) -> VerifyOut:
        """Verify the address with the six digits that were mailed."""
        body = {"email": email, "otp_code": otp_code}
        return await self._call(Call("POST", "/v1/signup/verify", VerifyOut, body=body, public=True))

    async def resend(self, *, email: str) -> ResendOut:
        """Have a new code mailed."""
        return await self._call(Call("POST", "/v1/signup/resend", ResendOut, body={"email": email}, public=True))
