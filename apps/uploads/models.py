"""Assets: the media files that a workspace has brought in, and the imports that fetch them from elsewhere."""

from typing import Any

from django.db import models
from django.db.models import Q
from django.db.models.functions import Coalesce

from framelane.lib import clock, ids
from framelane.lib.net import shown
from framelane.lib.storage import UploadSession
from framelane.lib.storage.keys import MAX_LENGTH as MAX_KEY_LENGTH

MAX_URL_LENGTH = 2083


def new_asset_id() -> str:
    return ids.new_id("asset")


class Kind(models.TextChoices):
    VIDEO = "video"
    AUDIO = "audio"
    IMAGE = "image"
    FONT = "font"


class Status(models.TextChoices):
    PENDING = "pending"
    PROCESSING = "processing"
    READY = "ready"
    FAILED = "failed"


class Asset(models.Model):
    """A media file and what is known about it.

    `pending` waits for its bytes until `expires_at`, `processing` for its probe, `ready` may be used, `failed` has an
    `error` {code, message}. `source` is the foreign URL that it was copied from, "" for what was uploaded; `sha256` are
    64 hexadecimal digits, once they are known. `last_used_at` is when a job last asked for it. `info` is the probe's
    SourceInfo as JSON. `total_bytes` is what the sender announced, `size_bytes` what has come. While `probe_due_at` is
    set, the file is still to be probed, not before that time.
    """

    id = models.CharField(primary_key=True, max_length=ids.MAX_LENGTH, default=new_asset_id, editable=False)
    workspace = models.ForeignKey("workspaces.Workspace", on_delete=models.CASCADE, related_name="assets")
    key = models.CharField(max_length=MAX_KEY_LENGTH, unique=True, editable=False)
    kind = models.CharField(max_length=16, choices=Kind.choices)
    status = models.CharField(max_length=16, choices=Status.choices, default=Status.PENDING)
    content_type = models.CharField(max_length=64)
    filename = models.CharField(max_length=255, blank=True)
    size_bytes = models.BigIntegerField(null=True, blank=True)
    duration = models.FloatField(null=True, blank=True, help_text="seconds")
    width = models.PositiveIntegerField(null=True, blank=True)
    height = models.PositiveIntegerField(null=True, blank=True)
    info: models.JSONField[Any, Any] = models.JSONField(null=True, blank=True)
    error: models.JSONField[Any, Any] = models.JSONField(null=True, blank=True)
    source = models.CharField(max_length=MAX_URL_LENGTH, blank=True, editable=False)
    sha256 = models.CharField(max_length=64, blank=True, editable=False)
    last_used_at = models.DateTimeField(null=True, editable=False)
    created_at = models.DateTimeField(default=clock.now, editable=False)
    expires_at = models.DateTimeField()
    received_at = models.DateTimeField(null=True, editable=False)

    handle = models.TextField(blank=True, editable=False)
    origin = models.CharField(max_length=255, blank=True, editable=False)
    total_bytes = models.BigIntegerField(null=True, editable=False)
    described_by_sender = models.BooleanField(default=False, editable=False)
    probe_due_at = models.DateTimeField(null=True, editable=False)
    probe_attempt = models.PositiveSmallIntegerField(default=0, editable=False)

    class Meta:
        ordering = ["-created_at", "-id"]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=Kind.values), name="asset_kind_is_known"),
            models.CheckConstraint(condition=Q(status__in=Status.values), name="asset_status_is_known"),
        ]
        indexes = [
            models.Index(fields=["workspace", "-created_at", "-id"], name="assets_newest_first"),
            models.Index(fields=["workspace", "sha256"], condition=~Q(sha256=""), name="asset_by_content"),
            models.Index(fields=["probe_due_at"], condition=Q(probe_due_at__isnull=False), name="asset_probe_due"),
            models.Index(fields=["expires_at"], condition=Q(status="pending"), name="asset_pending"),
            models.Index(Coalesce("last_used_at", "created_at"), name="asset_last_use"),
        ]

    def __str__(self) -> str:
        return f"{self.filename or self.kind} ({self.id})"

    @property
    def upload_session(self) -> UploadSession:
        """The session that its bytes come through."""
        return UploadSession(self.key, self.handle)


class EgressDay(models.Model):
    """How many bytes of a workspace's media were given out on a day (UTC). It only ever grows."""

    workspace = models.ForeignKey("workspaces.Workspace", on_delete=models.CASCADE, related_name="egress_days")
    day = models.DateField()
    bytes = models.BigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["workspace", "day"], name="egress_day_once"),
            models.CheckConstraint(condition=Q(bytes__gte=0), name="egress_is_not_negative"),
        ]

    def __str__(self) -> str:
        return f"{self.bytes} bytes of {self.workspace_id} on {self.day}"


def new_import_id() -> str:
    return ids.new_id("import")


class ImportStatus(models.TextChoices):
    FETCHING = "fetching"
    STORED = "stored"
    FAILED = "failed"
    WITHDRAWN = "withdrawn"


class Import(models.Model):
    """A file that is fetched from an address on the web.

    `fetching` until the file has become the asset `asset` (`stored`), or has not (`failed`, with an `error` {code,
    message}); `withdrawn` when the jobs that wanted it have gone. `requested` tells what a client imported from what
    is copied for jobs. `key` is what its own `source_url` names; the asset's key may be another. `url_digest` is the
    SHA-256 of `url`, which may be too long for an index. While `due_at` is set the file is still to be fetched, not
    before that time; it doubles as the lease of whoever fetches, who is fenced by the number of `attempts`.
    """

    id = models.CharField(primary_key=True, max_length=ids.MAX_LENGTH, default=new_import_id, editable=False)
    workspace = models.ForeignKey("workspaces.Workspace", on_delete=models.CASCADE, related_name="imports")
    url = models.CharField(max_length=MAX_URL_LENGTH)
    url_digest = models.CharField(max_length=64, editable=False)
    filename = models.CharField(max_length=255, blank=True)
    requested = models.BooleanField(default=True, editable=False)
    key = models.CharField(max_length=MAX_KEY_LENGTH, unique=True, editable=False)
    status = models.CharField(max_length=16, choices=ImportStatus.choices, default=ImportStatus.FETCHING)
    asset = models.ForeignKey(Asset, null=True, blank=True, on_delete=models.CASCADE, related_name="imports")
    error: models.JSONField[Any, Any] = models.JSONField(null=True, blank=True)
    due_at = models.DateTimeField(null=True, editable=False)
    attempts = models.PositiveSmallIntegerField(default=0, editable=False)
    created_at = models.DateTimeField(default=clock.now, editable=False)
    ended_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        ordering = ["-created_at", "-id"]
        constraints = [
            models.CheckConstraint(condition=Q(status__in=ImportStatus.values), name="import_status_is_known"),
            models.CheckConstraint(
                condition=Q(status="fetching", due_at__isnull=False, ended_at__isnull=True)
                | (~Q(status="fetching") & Q(due_at__isnull=True, ended_at__isnull=False)),
                name="import_due_is_of_fetching",
            ),
            models.CheckConstraint(
                condition=~Q(status="stored") | Q(asset__isnull=False), name="import_stored_has_an_asset"
            ),
        ]
        indexes = [
            models.Index(
                fields=["workspace", "-created_at", "-id"], condition=Q(requested=True), name="imports_newest_first"
            ),
            models.Index(fields=["workspace", "url_digest"], name="import_by_url"),
            models.Index(fields=["due_at"], condition=Q(due_at__isnull=False), name="import_due"),
            models.Index(
                fields=["ended_at"], condition=Q(requested=False, ended_at__isnull=False), name="import_ended_copy"
            ),
        ]

    def __str__(self) -> str:
        return f"{shown(self.url)[:80]} ({self.id})"


class CopyUse(models.Model):
    """A job that waits for an import. `waiter` is the job's id; the row goes when it no longer waits."""

    source = models.ForeignKey(Import, on_delete=models.CASCADE, related_name="uses")
    waiter = models.CharField(max_length=ids.MAX_LENGTH)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["waiter", "source"], name="copy_is_awaited_once")]

    def __str__(self) -> str:
        return f"{self.waiter} waits for {self.source_id}"
