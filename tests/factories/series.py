"""Series as the builder would ask for them."""

from datetime import date, time, timedelta

from django.utils import timezone

from scheduling.recurrence import Repeats, Rule
from scheduling.services.series import Wish
from tests.factories.events import make_plan


def coming(weekday: int, weeks: int = 1) -> date:
    """A weekday at least a week ahead, so that nothing depends on the hour a test runs."""
    day = timezone.localdate() + timedelta(weeks=weeks)
    return day + timedelta(days=(weekday - day.weekday()) % 7)


def weekly(*weekdays: int, **wishes) -> Rule:
    return Rule(Repeats.WEEKLY, weekdays=weekdays, **wishes)


def make_wish(rule: Rule | None = None, **wishes) -> Wish:
    """Tuesdays at 7 p.m., one hour, closures or not; what is left over describes the events."""
    begins_on = wishes.pop("begins_on", None) or coming(1)
    told = {
        name: wishes.pop(name, usual)
        for name, usual in {
            "starts": time(19),
            "minutes": 60,
            "skips_closures": False,
            "exdates": (),
            "rdates": (),
        }.items()
    }
    rule = rule or weekly(1)
    return Wish(rule=rule, begins_on=begins_on, like=make_plan(**wishes), **told)
