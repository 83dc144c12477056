"""Rate limits without Redis: a row for each subject, changed by one statement."""

import time
from collections.abc import Callable

from django.db import DatabaseError, InterfaceError, connection

from framelane.api.models import RateCount
from framelane.lib.rate_limit import Limit, LimiterUnavailable, Verdict, Window

# The database re-reads the row under its lock before it decides: two processes never take the last request both.
# A window that began later than ours was opened by a host whose clock is ahead; then it is ours as well.
_TABLE = RateCount._meta.db_table
_HIT = f"""
INSERT INTO {_TABLE} (subject, began_ms, hits, earlier) VALUES (%(subject)s, %(began_ms)s, 1, 0)
ON CONFLICT (subject) DO UPDATE SET
  began_ms = CASE WHEN {_TABLE}.began_ms > excluded.began_ms THEN {_TABLE}.began_ms ELSE excluded.began_ms END,
  hits = CASE WHEN {_TABLE}.began_ms >= excluded.began_ms THEN {_TABLE}.hits + 1 ELSE 1 END,
  earlier = CASE WHEN {_TABLE}.began_ms >= excluded.began_ms THEN {_TABLE}.earlier
                 WHEN {_TABLE}.began_ms = excluded.began_ms - %(period_ms)s THEN {_TABLE}.hits ELSE 0 END
WHERE CASE WHEN {_TABLE}.began_ms >= excluded.began_ms
             THEN {_TABLE}.hits + {_TABLE}.earlier * %(left_ms)s / %(period_ms)s
           WHEN {_TABLE}.began_ms = excluded.began_ms - %(period_ms)s
             THEN {_TABLE}.hits * %(left_ms)s / %(period_ms)s
           ELSE 0 END < %(count)s
RETURNING hits, earlier
"""


def _now_ms() -> int:
    return int(time.time() * 1000)


class DatabaseLimiter:
    """Costs one small write for each request that passes."""

    def __init__(self, now_ms: Callable[[], int] = _now_ms) -> None:
        self._now_ms = now_ms

    def hit(self, subject: str, limit: Limit) -> Verdict:
        """Raises LimiterUnavailable."""
        now_ms = self._now_ms()
        elapsed_ms = now_ms % limit.period_ms
        began_ms = now_ms - elapsed_ms
        try:
            counted = _count(subject, limit, began_ms, elapsed_ms)
            hits, earlier = counted or _seen(subject, limit, began_ms)
        except (DatabaseError, InterfaceError) as error:
            raise LimiterUnavailable(f"the database: {error}") from error
        return Window(hits, earlier, elapsed_ms).verdict(limit, allowed=counted is not None)


def _count(subject: str, limit: Limit, began_ms: int, elapsed_ms: int) -> tuple[int, int] | None:
    values: dict[str, str | int] = {
        "subject": subject,
        "began_ms": began_ms,
        "period_ms": limit.period_ms,
        "left_ms": limit.period_ms - elapsed_ms,
        "count": limit.count,
    }
    with connection.cursor() as cursor:
        cursor.execute(_HIT, values)
        rows = cursor.fetchall()
    return (rows[0][0], rows[0][1]) if rows else None


def _seen(subject: str, limit: Limit, began_ms: int) -> tuple[int, int]:
    """The numbers that a refusal was based on."""
    row = RateCount.objects.filter(subject=subject).first()
    if row is None:
        return limit.count, 0
    if row.began_ms >= began_ms:
        return row.hits, row.earlier
    return 0, row.hits if row.began_ms == began_ms - limit.period_ms else 0


def purge(older_than_s: int) -> int:
    """Forget windows that began longer ago; returns how many."""
    return RateCount.objects.filter(began_ms__lt=_now_ms() - older_than_s * 1000).delete()[0]
