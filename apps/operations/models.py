"""The workers of an installation, as they tell of themselves."""

from typing import Any

from django.db import models


class WorkerNode(models.Model):
    """A Celery worker by its node name (`cpu@host`). It rewrites its row every 15 seconds and deletes it when it stops.

    `kind` is the name before the @ without its number. `busy` is how many of its `concurrency` places are taken.
    `gpus` lists the cards that it may use: [{"index", "name", "used_bytes", "total_bytes"}]. The disk is that of the
    folder where it works.
    """

    name = models.CharField(primary_key=True, max_length=255)
    kind = models.CharField(max_length=64)
    host = models.CharField(max_length=255)
    pid = models.PositiveIntegerField()
    version = models.CharField(max_length=32)
    queues: models.JSONField[Any, Any] = models.JSONField(default=list)
    concurrency = models.PositiveIntegerField()
    busy = models.PositiveIntegerField()
    gpus: models.JSONField[Any, Any] = models.JSONField(default=list)
    disk_free_bytes = models.BigIntegerField(null=True)
    disk_total_bytes = models.BigIntegerField(null=True)
    started_at = models.DateTimeField()
    seen_at = models.DateTimeField()

    class Meta:
        ordering = ["name"]
        verbose_name = "worker"
        permissions = [
            ("view_flower", "Can look into Flower"),
            ("control_flower", "Can control workers and tasks through Flower"),
        ]

    def __str__(self) -> str:
        return self.name
