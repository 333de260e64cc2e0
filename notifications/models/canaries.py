"""A mail to ourselves now and then: the one proof that mail goes out and arrives."""

from django.db import models
from django.db.models.functions import Now


class Canary(models.Model):
    sent_at = models.DateTimeField(db_default=Now(), editable=False)
    came_back_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-sent_at"]

    def __str__(self) -> str:
        return f"canary {self.pk}"
