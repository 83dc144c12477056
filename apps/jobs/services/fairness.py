"""Whose job of a queue comes next: every workspace that waits gets its share, however much the others have queued.

Start-time fair queueing (P. Goyal, H. M. Vin, H. Cheng, SIGCOMM 1996), with whole numbers as in stride scheduling
(C. A. Waldspurger, W. E. Weihl, MIT/LCS/TM-528, 1995). A claim costs a workspace `STRIDE / weight` of virtual time.
Its next job has the start tag max(virtual time of the queue, its own finish tag); the smallest start tag is served, and
becomes the virtual time of the queue. So who comes new or was idle joins at the present: nothing is saved up, and
nothing held against it. Among equal tags the older job goes first; within a workspace priority, then age.
"""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.db.models import OuterRef, Subquery

from apps.jobs import plans
from apps.jobs.models import FairQueue, FairShare, Job
from apps.workspaces.models import Plan, Workspace
from framelane.lib import clock

STRIDE = 1 << 20
"""Virtual time that a claim costs at weight 1. Large, so that dividing by a weight of up to 1000 loses nothing."""

# The workspaces with jobs that may start are found by as many leaps through the index `job_turn`; how many jobs they
# have plays no part. The conditions on jobs are those of that index to the letter, otherwise it could not be used; and
# its whole order is asked for, so that PostgreSQL does not think of walking through an index of all jobs instead.
_STARTABLE = "status = 'queued' AND NOT held"
_ORDER = "priority DESC, created_at, id LIMIT 1"
_TURN = """
WITH RECURSIVE waiting (workspace_id) AS (
  SELECT (SELECT workspace_id FROM {job} WHERE {startable} AND queue = %(queue)s ORDER BY workspace_id, {order})
  UNION ALL
  SELECT (SELECT workspace_id FROM {job} WHERE {startable} AND queue = %(queue)s
          AND {job}.workspace_id > waiting.workspace_id ORDER BY workspace_id, {order})
  FROM waiting WHERE waiting.workspace_id IS NOT NULL
)
SELECT head.id, CASE WHEN share.finish_tag > %(now_tag)s THEN share.finish_tag ELSE %(now_tag)s END AS start_tag
FROM waiting
JOIN {workspace} AS workspace ON workspace.id = waiting.workspace_id
JOIN {job} AS head ON head.id = (
  SELECT id FROM {job} WHERE {startable} AND queue = %(queue)s AND {job}.workspace_id = waiting.workspace_id
  AND deadline > %(now)s ORDER BY {order}
)
LEFT JOIN {share} AS share ON share.workspace_id = waiting.workspace_id AND share.queue = %(queue)s
WHERE NOT (head.kind = 'render' AND workspace.plan IN ({alone}) AND EXISTS (
  SELECT 1 FROM {job} WHERE status = 'processing' AND exclusive AND {job}.workspace_id = waiting.workspace_id
))
ORDER BY start_tag, head.created_at, head.id LIMIT 1
"""


@dataclass(frozen=True, slots=True)
class Turn:
    """The job whose turn it is. Nobody else's can come up in its queue before the transaction ends."""

    job: Job
    start_tag: int

    def charge(self) -> None:
        """The job was started: its workspace has had this turn."""
        finish_tag = self.start_tag + STRIDE // weight_of(self.job.workspace)
        FairQueue.objects.filter(name=self.job.queue).update(virtual_time=self.start_tag)
        mine = {"workspace_id": self.job.workspace_id, "queue": self.job.queue}
        if not FairShare.objects.filter(**mine).update(finish_tag=finish_tag):
            FairShare.objects.create(**mine, finish_tag=finish_tag)


def weight_of(workspace: Workspace) -> int:
    """How many jobs of this workspace are started for one of a workspace with weight 1, while both have some."""
    return int(getattr(settings, f"FRAMELANE_QUEUE_WEIGHT_{workspace.plan.upper()}"))


def next_turn(queue: str) -> Turn | None:
    """Whose turn it is, to be asked within a transaction; None when no job of the queue may start.

    Jobs that are set aside do not count, nor those past their deadline, nor renders of a workspace that renders one at
    a time and is at it.
    """
    virtual_time = _locked(queue).virtual_time
    with connection.cursor() as cursor:
        cursor.execute(_sql(), _values(queue, virtual_time))
        found = cursor.fetchone()
    if found is None:
        return None
    return Turn(Job.objects.select_related("workspace").get(id=found[0]), found[1])


def has_startable(queue: str) -> bool:
    """Whether asking for a turn may be worth a lock."""
    return Job.objects.filter(queue=queue, status="queued", held=False).exists()


def forget_idle() -> int:
    """Delete shares that the virtual time has overtaken: they mean the same as none. Returns how many."""
    virtual_time = FairQueue.objects.filter(name=OuterRef("queue")).values("virtual_time")
    return FairShare.objects.filter(finish_tag__lte=Subquery(virtual_time)).delete()[0]


def _locked(queue: str) -> FairQueue:
    rows = FairQueue.objects.select_for_update().filter(name=queue)
    if (row := rows.first()) is not None:
        return row
    with transaction.atomic():
        FairQueue.objects.get_or_create(name=queue)
    return rows.get()


def _sql() -> str:
    tables = {
        name: model._meta.db_table for name, model in (("job", Job), ("share", FairShare), ("workspace", Workspace))
    }
    alone = ", ".join(f"'{plan}'" for plan in Plan.values if plans.renders_alone(plan)) or "NULL"
    return _TURN.format(**tables, startable=_STARTABLE, order=_ORDER, alone=alone)


def _values(queue: str, virtual_time: int) -> dict[str, Any]:
    now = connection.ops.adapt_datetimefield_value(clock.now())
    return {"queue": queue, "now_tag": virtual_time, "now": now}
