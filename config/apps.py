"""The site shell as an app: its templates and styles, and the doorbell."""

from django.apps import AppConfig

from config import celery


class SiteConfig(AppConfig):
    name = "config"
    label = "site_shell"
    verbose_name = "Beatbook"
    tasks = celery.app  # loaded with Django, so that every process rings the same doorbell
