"""Tables behind the HTTP contract."""

from django.db import models


class IdempotencyRecord(models.Model):
    """An `Idempotency-Key` that was used, with the object that its request made.

    Inserted in the transaction that makes the object: a second request with the same key waits at the unique
    constraint until the first one has committed or given up.
    """

    workspace_id = models.CharField(max_length=40)
    method = models.CharField(max_length=10)
    path = models.CharField(max_length=255)
    key = models.CharField(max_length=255)
    fingerprint = models.CharField(max_length=64)
    object_id = models.CharField(max_length=40, blank=True)
    created_at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["workspace_id", "method", "path", "key"], name="idempotency_once")
        ]

    def __str__(self) -> str:
        return f"{self.method} {self.path} {self.key}"


class RateCount(models.Model):
    """Requests of a subject in the window that began at `began_ms` (milliseconds since 1970) and in the one before.

    Only installations without Redis write here. A row that is two windows old says nothing any more.
    """

    subject = models.CharField(primary_key=True, max_length=100)
    began_ms = models.BigIntegerField()
    hits = models.BigIntegerField()
    earlier = models.BigIntegerField()

    def __str__(self) -> str:
        return f"{self.subject}: {self.hits} after {self.earlier}"
