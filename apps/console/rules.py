"""What the API demands of a workspace before it writes, demanded by pages too."""

from apps.console.visitor import Page
from framelane.api.errors import ApiError
from framelane.api.throttling import count_for, rate_limited


def require_verified(request: Page) -> None:
    """Raises ApiError 403 until the e-mail address of the workspace is proven, as every write of the API does."""
    if request.visitor.workspace.verified_at is None:
        message = "The e-mail address of this workspace is still to be verified. Its owner does so by signing in."
        raise ApiError(403, "email_not_verified", message)


def count_act(request: Page) -> None:
    """Count what the API would count, in the same account of the workspace. Raises ApiError 429."""
    verdict = count_for(request.visitor.workspace)
    if not verdict.allowed:
        raise rate_limited(verdict)
