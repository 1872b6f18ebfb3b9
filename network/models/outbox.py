from django.db import models


class Lane(models.IntegerChoices):
    """Read in this order: what takes something away goes before what adds."""

    WITHDRAWALS = 0
    NEEDS = 1
    PEOPLE = 2
    REST = 3


class OutboxEntry(models.Model):
    """One line of the log of changes; see `network.outbox`.

    `xid` is PostgreSQL's transaction id, 0 on SQLite, where writers queue up and the
    order of `seq` is the order of commits.
    """

    seq = models.BigAutoField(primary_key=True)
    xid = models.BigIntegerField(default=0)
    lane = models.PositiveSmallIntegerField(choices=Lane.choices)
    kind = models.CharField(max_length=40)
    key = models.CharField(max_length=64)
    row_version = models.PositiveBigIntegerField()
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        indexes = [models.Index(fields=["lane", "xid", "seq"], name="outbox_order")]


class OutboxPosition(models.Model):
    """How far a consumer has read a lane."""

    consumer = models.CharField(max_length=60)
    lane = models.PositiveSmallIntegerField(choices=Lane.choices)
    xid = models.BigIntegerField(default=0)
    seq = models.BigIntegerField(default=0)
    read_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["consumer", "lane"], name="outbox_position_once"
            )
        ]
