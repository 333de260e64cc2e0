"""Who asked for an event in the made-up city, and what became of it."""

from dataclasses import replace
from datetime import datetime, time, timedelta

from django.utils import timezone

from outreach import selectors
from outreach.actors import Actor
from outreach.enums import Program
from outreach.models import Beat, EventRequest
from outreach.services.requests import Ask
from scheduling import localtime
from scheduling.demo.sketches import people
from scheduling.services import requests

LONG_AGO = timedelta(days=8)  # more than two business days, whatever the weekday


def load() -> None:
    harbor, old_town, mesa, canyon = Beat.objects.order_by("code")
    requests.ask(_first(harbor))
    _unheld(old_town)
    _old(harbor)
    _declined(canyon)
    _approved(mesa)


def _at(weeks: int, weekday: int, hour: int) -> datetime:
    today = timezone.localdate()
    day = today + timedelta(weeks=weeks, days=weekday - today.weekday())
    return localtime.instant(day, time(hour))


def _first(beat: Beat) -> Ask:
    """The talk whose time is kept until somebody answers."""
    return Ask(
        program=Program.PRESENTATIONS,
        topic="Keeping our shop safe",
        minutes=60,
        wished=(_at(4, 1, 10), _at(4, 3, 10)),
        name="Priya Raman",
        email="priya@baytailors.example",
        organization="Bay Tailors",
        beat=beat,
        place="331 3rd St",
        block="300 block of 3rd St",
        audience_size=15,
        audience="Shop owners of the block",
        accommodations=("step-free",),
        notes="Parking is behind the shop.",
    )


def _unheld(beat: Beat) -> None:
    """On a Monday afternoon all are at the briefing: the time cannot be kept."""
    requests.ask(
        Ask(
            program=Program.NEIGHBORHOOD_WATCH,
            topic="We would like to start a watch group",
            minutes=90,
            wished=(_at(4, 0, 16),),
            name="Rosa Delgado",
            email="rosa@example.org",
            beat=beat,
            block="400 block of 2nd St",
            audience_size=25,
            event_language="es",
            language="es",
        )
    )


def _old(beat: Beat) -> None:
    """By the same mailbox, so nothing is kept; it has waited for more than a week."""
    wish = replace(_first(beat), topic="A table at our block sale", program=Program.COMMUNITY)
    asked = requests.ask(replace(wish, wished=(_at(5, 4, 15),), minutes=120, audience_size=60))
    EventRequest.objects.filter(pk=asked.pk).update(created_at=timezone.now() - LONG_AGO)


def _declined(beat: Beat) -> None:
    wish = replace(_first(beat), topic="Self-defense course", email="gym@example.net")
    asked = requests.ask(
        replace(wish, wished=(_at(3, 2, 14),), organization="Canyon Gym", name="Jo Beck")
    )
    reason = "We do not teach self-defense; the recreation center does."
    requests.decline(asked.pk, by=Actor(staff=people("tom")[0]), reason=reason)


def _approved(beat: Beat) -> None:
    wish = replace(_first(beat), topic="Safe ways to school", email="office@mesaschool.example")
    wish = replace(wish, organization="Mesa Middle School", name="Ms. Adeyemi")
    asked = requests.ask(replace(wish, wished=(_at(3, 3, 10),), audience_size=120))
    pair = tuple(selectors.pair_of(beat).members)
    approval = requests.Approval(
        summary=asked.topic,
        starts_at=asked.wished_starts[0],
        minutes=asked.minutes,
        staff=pair,
        location=asked.block,
        texts={"es": ("Caminos seguros a la escuela", "")},
    )
    requests.approve(asked.pk, approval, by=pair[0])
