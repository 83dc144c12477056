"""Probes: is the process alive, can it do its work, which version is it."""

import logging
import os
from collections.abc import Callable, Iterable, Mapping
from urllib.parse import unquote, urlsplit

from celery import current_app
from django.conf import settings
from django.db import connection
from drf_spectacular.utils import extend_schema
from pydantic import BaseModel, Field
from rest_framework.request import Request
from rest_framework.response import Response

from framelane.api.schema import answers
from framelane.api.views import ApiViewSet, respond
from framelane.lib.storage import get_store

log = logging.getLogger(__name__)
_PROBED_KEY = f"ws_{'0' * 26}/readiness"


class HealthOut(BaseModel):
    """The process answers."""

    status: str = Field(description="Always `ok`.")


class ReadyOut(BaseModel):
    """Whether everything that requests need is there."""

    status: str = Field(description="`ok`, or `unavailable` when any check failed.")
    checks: dict[str, str] = Field(description="`ok` or `failed` for `database`, `broker` and `storage`.")
    failing: list[str] = Field(description="The names of the checks that failed.")


class VersionOut(BaseModel):
    """What is running."""

    name: str
    version: str
    api_version: str


def check_database() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")


def check_broker() -> None:
    with current_app.connection_for_write() as broker:
        broker.ensure_connection(max_retries=1, timeout=3)


def check_storage() -> None:
    parts = urlsplit(settings.STORAGE_URL)
    if parts.scheme == "file" and not os.access(unquote(parts.path), os.R_OK | os.W_OK | os.X_OK):
        raise OSError(f"{unquote(parts.path)!r} is not a folder that this process may write to")
    get_store().exists(_PROBED_KEY)


CHECKS: Mapping[str, Callable[[], None]] = {
    "database": check_database,
    "broker": check_broker,
    "storage": check_storage,
}


def failing_checks(names: Iterable[str] = CHECKS) -> list[str]:
    """Those of these parts that do not work right now. What exactly is wrong goes to the log, not to the public."""
    return [name for name in names if not _passes(name, CHECKS[name])]


def _passes(name: str, check: Callable[[], None]) -> bool:
    try:
        check()
    except Exception:
        log.warning("readiness check %s failed", name, exc_info=True)
        return False
    return True


class SystemViewSet(ApiViewSet):
    """Public: load balancers and monitors have no key."""

    @extend_schema(operation_id="get_health", tags=["system"], summary="Health", responses={200: answers(HealthOut)})
    def health(self, request: Request) -> Response:
        """Answers as long as the process runs."""
        return respond(HealthOut(status="ok"))

    @extend_schema(
        operation_id="get_readiness",
        tags=["system"],
        summary="Readiness",
        responses={200: answers(ReadyOut), 503: answers(ReadyOut, "Something that requests need is not there.")},
    )
    def ready(self, request: Request) -> Response:
        """Checks the database, the broker and the storage, and names what fails."""
        failing = failing_checks()
        checks = {name: "failed" if name in failing else "ok" for name in CHECKS}
        status = "unavailable" if failing else "ok"
        return respond(ReadyOut(status=status, checks=checks, failing=failing), status=503 if failing else 200)

    @extend_schema(operation_id="get_version", tags=["system"], summary="Version", responses={200: answers(VersionOut)})
    def version(self, request: Request) -> Response:
        """Names the version that runs."""
        return respond(VersionOut(name="framelane", version=settings.FRAMELANE_VERSION, api_version="v1"))
