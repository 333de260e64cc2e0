"""What comes again and again in the made-up city: rules, and the events made of them."""

from dataclasses import replace
from datetime import date, time, timedelta

from django.utils import timezone

from outreach.actors import SYSTEM
from outreach.enums import Program
from scheduling.demo.sketches import Sketch, plan
from scheduling.recurrence import Repeats, Rule
from scheduling.services import events, series
from scheduling.services.series import Wish

HABITS = [
    (
        Rule(Repeats.WEEKLY, weekdays=(0,)),
        Sketch(
            time(16, 30),
            30,
            Program.COMMUNITY,
            "Briefing of the unit",
            "Reunión de la unidad",
            "maya dev lucia tom owen june amara",
            location="Briefing room",
        ),
    ),
    (
        Rule(Repeats.BY_WEEKDAY, weekdays=(1,), places=(2,)),
        Sketch(
            time(19),
            90,
            Program.NEIGHBORHOOD_WATCH,
            "Block captains of Old Town",
            "Capitanes de cuadra de Old Town",
            "dev june",
            beat="b2",
            venue="Old Town Senior Center",
            is_public=True,
        ),
    ),
    # On the evenings of a talk it clashes; those dates wait for somebody to settle them.
    (
        Rule(Repeats.WEEKLY, weekdays=(3,), count=6),
        Sketch(
            time(18),
            60,
            Program.NEIGHBORHOOD_WATCH,
            "Evening walk along the harbor",
            "Caminata nocturna por el puerto",
            "maya owen",
            beat="b1",
            location="Meet at the pier",
            is_public=True,
        ),
    ),
    (
        Rule(Repeats.WEEKLY, weekdays=(2,), count=12),
        Sketch(
            time(18),
            150,
            Program.ACADEMY,
            "Community Police Academy",
            "Academia Comunitaria de Policía",
            "tom amara",
            venue="City Hall Council Chamber",
        ),
    ),
]


def load() -> None:
    """Each series from tomorrow on; what this week had of it before are plain events."""
    today = timezone.localdate()
    monday = today - timedelta(days=today.weekday())
    for rule, sketch in HABITS:
        wish = _wish(rule, sketch, today + timedelta(days=1))
        series.create(wish, by=SYSTEM)
        for day in replace(wish, begins_on=monday).days(before=wish.begins_on):
            events.create(wish.plan_on(day), by=SYSTEM)


def _wish(rule: Rule, sketch: Sketch, begins_on: date) -> Wish:
    return Wish(
        rule=rule,
        begins_on=begins_on,
        starts=sketch.starts,
        minutes=sketch.minutes,
        like=plan(sketch, begins_on),
    )
