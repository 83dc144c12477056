"""The outbox of mails: what is to be sent, written in the transaction of its cause."""

from django.db import models

from framelane.lib import clock


class Mail(models.Model):
    """A mail to one address.

    It waits until `due_at`, which also is the lease of whoever is sending it, until it is sent or given up. `context`
    may hold secrets and is emptied then; a mail without a code that was given up keeps it, to be sent again by hand.
    `once` is empty, or names what must be told a single time.
    """

    workspace = models.ForeignKey("workspaces.Workspace", null=True, on_delete=models.CASCADE, related_name="mails")
    to = models.EmailField(max_length=254)
    template = models.CharField(max_length=64)
    context = models.JSONField(default=dict)
    once = models.CharField(max_length=200, blank=True, default="")
    created_at = models.DateTimeField(default=clock.now, editable=False)
    due_at = models.DateTimeField(default=clock.now)
    useless_after = models.DateTimeField(null=True)
    attempts = models.PositiveIntegerField(default=0)
    sent_at = models.DateTimeField(null=True)
    given_up_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-created_at", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["once"], condition=~models.Q(once=""), name="mail_once"),
            models.CheckConstraint(
                condition=models.Q(sent_at=None) | models.Q(given_up_at=None), name="mail_is_sent_or_given_up"
            ),
        ]
        indexes = [
            models.Index(fields=["due_at"], condition=models.Q(sent_at=None, given_up_at=None), name="mail_due"),
            models.Index(fields=["created_at"], name="mail_by_age"),
        ]

    def __str__(self) -> str:
        return f"{self.template} ({self.id})"
