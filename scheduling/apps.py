"""The app, and what it looks at before anything starts."""

from django.apps import AppConfig
from django.core import checks

from scheduling.checks import closed_days_are_known, time_zone_can_be_written


class SchedulingConfig(AppConfig):
    name = "scheduling"

    def ready(self) -> None:
        checks.register(time_zone_can_be_written)
        checks.register(closed_days_are_known)
