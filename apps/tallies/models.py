"""What has happened how often, apart from the rows in which it happened: those are deleted one day, counts never."""

from django.db import models

MAX_NAME_LENGTH = 64
MAX_LABELS_LENGTH = 255


class Tally(models.Model):
    """Part of a counter, which is the sum of all rows of its name and labels. Rows are added, and merged by `compact`.

    Adding a row waits for nobody: a row per counter would be a lock that all jobs end behind. `labels` are the values
    of the counter's labels as a JSON array. `value` is whole, so that no rounding ever makes a sum smaller.
    """

    name = models.CharField(max_length=MAX_NAME_LENGTH)
    labels = models.CharField(max_length=MAX_LABELS_LENGTH)
    value = models.BigIntegerField()

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(value__gte=0), name="tally_never_counts_down")]

    def __str__(self) -> str:
        return f"{self.name} {self.labels} +{self.value}"
