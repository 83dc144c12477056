"""Where the staff's pages tell of what was done. The log itself is an application above; it says so when it loads."""

from typing import Any, Protocol

from django.db.models import Model
from django.http import HttpRequest


class Recorder(Protocol):
    """Adds an entry to the audit log; see `apps.audit.services.record`."""

    def __call__(
        self,
        *,
        request: HttpRequest,
        action: str,
        obj: Model | None = None,
        workspace_id: str = "",
        changes: dict[str, Any] | None = None,
        reason: str = "",
    ) -> object: ...


_recorders: list[Recorder] = []


def record_by(recorder: Recorder) -> None:
    """From now on that is where acts are recorded."""
    _recorders[:] = [recorder]


def recorder() -> Recorder:
    """Where acts are recorded, in the transaction of each. Raises RuntimeError where that is nowhere: an act that
    nobody can see is not done."""
    if not _recorders:
        raise RuntimeError("there is no audit log that the staff's acts could be recorded in")
    return _recorders[0]
