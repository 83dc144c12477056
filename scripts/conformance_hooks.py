"""What Schemathesis must be told: not to wait, not to throw its own key away, and which 5xx are honest."""

from typing import Any

import schemathesis

LONGEST_WAIT_S = 0.2
_ENDS_A_KEY = ("revoke_api_key", "rotate_api_key")
_own_keys: set[str] = set()


@schemathesis.hook
def before_call(context: Any, case: Any, kwargs: dict[str, Any]) -> None:
    """Shortens long polls, and points what would end the run's own key at a key that is not there."""
    wait_s = (case.query or {}).get("wait")
    if isinstance(wait_s, int | float) and LONGEST_WAIT_S < wait_s <= 25:
        case.query["wait"] = LONGEST_WAIT_S
    if _operation_id(case) in _ENDS_A_KEY and case.path_parameters.get("api_key_id") in _own_keys:
        case.path_parameters["api_key_id"] = "key_00000000000000000000000000"


@schemathesis.hook
def after_call(context: Any, case: Any, response: Any) -> None:
    """Learns which key the run itself uses: the first that was made, so the last of the list."""
    if _operation_id(case) == "list_api_keys" and response.status_code == 200 and not response.json()["has_more"]:
        _own_keys.update(key["id"] for key in response.json()["data"][-1:])


def _operation_id(case: Any) -> str:
    found: str = case.operation.definition.raw.get("operationId", "")
    return found


@schemathesis.check
def no_internal_error(context: Any, response: Any, case: Any) -> None:
    """Of the server errors only 501 and 503 may be: they are in the document, and say what is missing or away."""
    assert response.status_code not in (500, 502, 504), response.text
