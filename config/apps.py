"""The site shell as an app: its templates and styles, and the doorbell."""

from django.apps import AppConfig
from django.core import checks

from config import celery
from config.checks import key_file_can_be_used


class SiteConfig(AppConfig):
    name = "config"
    label = "site_shell"
    verbose_name = "Beatbook"
    tasks = celery.app  # loaded with Django, so that every process rings the same doorbell

    def ready(self) -> None:
        checks.register(key_file_can_be_used)
