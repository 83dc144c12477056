"""The endpoints of the contract are there, each under its name, with its tag and its success."""

from typing import Any, NamedTuple

import pytest

from framelane.api.openapi import build


class Promise(NamedTuple):
    """What the document must say of an operation. `refuses` are errors that it describes, besides 401 where a key is
    needed and the envelope of all errors.
    """

    operation_id: str
    tag: str
    succeeds: tuple[int, ...]
    refuses: tuple[int, ...] = ()


PROMISES = {
    "GET /v1/capabilities": Promise("get_capabilities", "capabilities", (200,)),
    "POST /v1/renders": Promise("create_render", "renders", (202, 200), (402, 403, 409, 422, 429)),
    "GET /v1/renders": Promise("list_renders", "renders", (200,)),
    "GET /v1/renders/{render_id}": Promise("get_render", "renders", (200,), (404,)),
    "DELETE /v1/renders/{render_id}": Promise("cancel_render", "renders", (200,), (404, 409)),
    "GET /v1/renders/{render_id}/download": Promise("download_render", "renders", (302,), (404, 409, 410)),
    "POST /v1/tasks/super-resolution": Promise("create_super_resolution", "tasks", (202, 200), (422, 429)),
    "POST /v1/tasks/gaze-redirect": Promise("create_gaze_redirect", "tasks", (202, 200), (422, 429)),
    "POST /v1/tasks/remove-background": Promise("create_remove_background", "tasks", (202, 200), (422, 429)),
    "POST /v1/tasks/transcribe": Promise("create_transcribe", "tasks", (202, 200), (422, 429)),
    "GET /v1/tasks": Promise("list_tasks", "tasks", (200,)),
    "GET /v1/tasks/{task_id}": Promise("get_task", "tasks", (200,), (404,)),
    "DELETE /v1/tasks/{task_id}": Promise("cancel_task", "tasks", (200,), (404, 409)),
    "GET /v1/tasks/{task_id}/download": Promise("download_task", "tasks", (302,), (404, 409, 410)),
    "POST /v1/uploads": Promise("create_upload", "uploads", (201,), (422,)),
    "POST /v1/imports": Promise("create_import", "imports", (202, 200), (409, 422)),
    "GET /v1/imports": Promise("list_imports", "imports", (200,)),
    "GET /v1/imports/{import_id}": Promise("get_import", "imports", (200,), (404,)),
    "GET /v1/workspace": Promise("get_workspace", "workspace", (200,)),
    "PATCH /v1/workspace": Promise("update_workspace", "workspace", (200,), (422,)),
    "DELETE /v1/workspace": Promise("delete_workspace", "workspace", (202,), (422,)),
    "GET /v1/workspace/usage": Promise("get_usage", "workspace", (200,)),
    "GET /v1/workspace/assets": Promise("list_assets", "assets", (200,)),
    "GET /v1/workspace/assets/{asset_id}": Promise("get_asset", "assets", (200,), (404,)),
    "DELETE /v1/workspace/assets/{asset_id}": Promise("delete_asset", "assets", (204,), (404, 409)),
    "GET /v1/api-keys": Promise("list_api_keys", "api-keys", (200,)),
    "POST /v1/api-keys": Promise("create_api_key", "api-keys", (201, 200), (403, 409, 422)),
    "DELETE /v1/api-keys/{api_key_id}": Promise("revoke_api_key", "api-keys", (204,), (404,)),
    "POST /v1/api-keys/{api_key_id}/rotate": Promise("rotate_api_key", "api-keys", (201, 200), (403, 404, 409, 422)),
    "GET /v1/webhooks": Promise("list_webhooks", "webhooks", (200,)),
    "POST /v1/webhooks": Promise("create_webhook", "webhooks", (201, 200), (409, 422)),
    "GET /v1/webhooks/{webhook_id}": Promise("get_webhook", "webhooks", (200,), (404,)),
    "PATCH /v1/webhooks/{webhook_id}": Promise("update_webhook", "webhooks", (200,), (404, 422)),
    "DELETE /v1/webhooks/{webhook_id}": Promise("delete_webhook", "webhooks", (204,), (404,)),
    "POST /v1/webhooks/{webhook_id}/rotate-secret": Promise("rotate_webhook_secret", "webhooks", (200,), (404,)),
    "POST /v1/webhooks/{webhook_id}/test": Promise("test_webhook", "webhooks", (202,), (404,)),
    "GET /v1/webhooks/{webhook_id}/deliveries": Promise("list_webhook_deliveries", "webhooks", (200,), (404,)),
    "POST /v1/webhooks/{webhook_id}/deliveries/{delivery_id}/redeliver": Promise(
        "redeliver_webhook_delivery", "webhooks", (202,), (404,)
    ),
    "POST /v1/signup": Promise("signup", "signup", (201,), (422,)),
    "POST /v1/signup/verify": Promise("verify_signup", "signup", (200,), (422,)),
    "POST /v1/signup/resend": Promise("resend_signup_code", "signup", (202,), (422,)),
    "POST /v1/auth/sync": Promise("sync_session", "auth", (200,), (401, 422, 501)),
    "GET /v1/billing/plans": Promise("list_plans", "billing", (200,)),
    "GET /v1/billing/subscription": Promise("get_subscription", "billing", (200,)),
    "POST /v1/billing/checkout": Promise("create_checkout", "billing", (200,), (409, 422, 501)),
    "POST /v1/billing/portal": Promise("create_portal", "billing", (200,), (422, 501)),
    "GET /v1/system/health": Promise("get_health", "system", (200,)),
    "GET /v1/system/ready": Promise("get_readiness", "system", (200, 503)),
    "GET /v1/system/version": Promise("get_version", "system", (200,)),
}


@pytest.fixture(scope="module")
def operations() -> dict[str, Any]:
    paths = build()["paths"]
    return {f"{method.upper()} {path}": operation for path in paths for method, operation in paths[path].items()}


@pytest.mark.parametrize("name", PROMISES)
def test_the_document_keeps_the_promise(name: str, operations: dict[str, Any]) -> None:
    promise, operation = PROMISES[name], operations[name]
    assert (operation["operationId"], operation["tags"]) == (promise.operation_id, [promise.tag])
    statuses = set(operation["responses"])
    successes = {status for status in statuses if status[0] in "23"} - {"304"}
    assert successes | ({"503"} & statuses) == {str(status) for status in promise.succeeds}
    assert statuses >= {str(status) for status in promise.refuses} | {"default"}
    assert ("401" in statuses) >= ("security" in operation)
