"""What was sent to us once, so that a second click or a retry changes nothing."""

from django.db import models


class Submission(models.Model):
    """One form or API call, by the key its sender chose."""

    key = models.CharField(max_length=100, unique=True)
    fingerprint = models.CharField(max_length=64)  # HMAC-SHA-256 of what was sent
    outcome = models.CharField(max_length=100)  # the uid of what came of it
    created_at = models.DateTimeField(auto_now_add=True)
