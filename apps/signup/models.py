"""Sign-ups: whose address leads to which workspace, and how often somebody tried."""

from django.db import models

from framelane.lib import clock


class Signup(models.Model):
    """An address that signed up, in its comparable form, with the one workspace that it has or may come to have.

    `key_prefix` begins the workspace's first key. `code_seal` is the hash of the code that was mailed last, empty once
    that was entered; `tries` counts how often somebody entered one since it was made. A decoy belongs to a stranger who
    signed up with an address that was proven before: its workspace looks as if it waited, and no code proves it.
    """

    address = models.CharField(max_length=254)
    is_decoy = models.BooleanField(default=False)
    workspace = models.OneToOneField("workspaces.Workspace", on_delete=models.CASCADE, related_name="signup")
    key_prefix = models.CharField(max_length=12)
    code_salt = models.CharField(max_length=32)
    code_seal = models.CharField(max_length=43, blank=True)
    code_expires_at = models.DateTimeField()
    tries = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField(default=clock.now, editable=False)

    class Meta:
        ordering = ["-created_at", "-id"]
        indexes = [models.Index(fields=["created_at"], name="signup_by_age")]
        constraints = [models.UniqueConstraint(fields=["address", "is_decoy"], name="signup_once")]

    def __str__(self) -> str:
        return self.address


class Allowance(models.Model):
    """What somebody did within the last hour, as seconds since 1970. `subject` is a keyed hash: nobody is named."""

    subject = models.CharField(max_length=43, unique=True)
    times = models.JSONField(default=list)
    last_at = models.DateTimeField(default=clock.now, db_index=True)

    def __str__(self) -> str:
        return self.subject
