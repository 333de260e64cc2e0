"""What must hold before anything starts."""

from collections.abc import Sequence

import holidays
from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error

from scheduling import timezones


def time_zone_can_be_written(
    app_configs: Sequence[AppConfig] | None, **kwargs: object
) -> list[CheckMessage]:
    """Calendars carry the rule of the department's clocks; without one they would lie."""
    try:
        timezones.vtimezone(settings.TIME_ZONE)
    except timezones.ZoneNotSupported as failure:
        hint = "Set TIME_ZONE to a zone whose clocks change by a yearly rule, or not at all."
        return [Error(f"Calendars cannot be written in {failure}", hint=hint, id="scheduling.E001")]
    return []


def closed_days_are_known(
    app_configs: Sequence[AppConfig] | None, **kwargs: object
) -> list[CheckMessage]:
    """Found at the start, not on every page that shows a day."""
    country, state = settings.HOLIDAYS_OF
    known = holidays.list_supported_countries(include_aliases=True)
    if not country or (country in known and (not state or state in known[country])):
        return []
    return [
        Error(
            f"Nobody knows the closed days of HOLIDAY_COUNTRY={country} HOLIDAY_STATE={state}",
            hint="Write them as US and CA; both empty: no closed days.",
            id="scheduling.E002",
        )
    ]
