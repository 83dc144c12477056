"""The client for asyncio."""

from __future__ import annotations

from types import TracebackType

import httpx

from framelane._async._driver import AsyncDriver
from framelane._async.accounts import AsyncApiKeys, AsyncBilling, AsyncCapabilities, AsyncSignup, AsyncWorkspace
from framelane._async.media import AsyncAssets, AsyncImports
from framelane._async.renders import AsyncRenders
from framelane._async.tasks import AsyncTasks
from framelane._async.uploads import AsyncUploads
from framelane._async.webhooks import AsyncWebhooks
from framelane._settings import settings_from


class AsyncFramelane:
    """One workspace's view of the Framelane API, for asyncio. Close it, or use it in `async with`.

    `api_key` and `base_url` come from FRAMELANE_API_KEY and FRAMELANE_BASE_URL unless given; without either the address
    is http://localhost:8000. `timeout_s` is how long to wait for a connection and for the next bytes of an answer.
    Requests that fail for a passing reason (429, 500, 502, 503, 504, a broken connection) are sent again up to
    `max_retries` times, with growing pauses or the one that the server asks for. `http_client` is one of yours, for
    proxies, certificates and the like; it is not closed.
    """

    def __init__(
        self,
        api_key: str | None = None,
        base_url: str | None = None,
        timeout_s: float = 60.0,
        max_retries: int = 3,
        http_client: httpx.AsyncClient | None = None,
    ) -> None:
        settings = settings_from(api_key, base_url, timeout_s, max_retries)
        http = http_client or httpx.AsyncClient()
        self._owned = http if http_client is None else None
        self._base_url = settings.base_url
        driver = AsyncDriver(http)
        self.renders = AsyncRenders(settings, driver)
        self.tasks = AsyncTasks(settings, driver)
        self.uploads = AsyncUploads(settings, driver)
        self.imports = AsyncImports(settings, driver)
        self.assets = AsyncAssets(settings, driver)
        self.webhooks = AsyncWebhooks(settings, driver)
        self.api_keys = AsyncApiKeys(settings, driver)
        self.workspace = AsyncWorkspace(settings, driver)
        self.billing = AsyncBilling(settings, driver)
        self.capabilities = AsyncCapabilities(settings, driver)
        self.signup = AsyncSignup(settings, driver)

    def __repr__(self) -> str:
        return f"AsyncFramelane(base_url={self._base_url!r})"

    async def close(self) -> None:
        """Close the connections."""
        if self._owned is not None:
            await self._owned.aclose()

    async def __aenter__(self) -> AsyncFramelane:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()
