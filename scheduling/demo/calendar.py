"""Two months of made-up events, so that every page has something to show."""

from dataclasses import replace
from datetime import date, time, timedelta

from django.utils import timezone

from outreach import selectors
from outreach.actors import SYSTEM
from outreach.enums import Program
from outreach.models import Beat, Venue, WatchGroup
from scheduling import localtime
from scheduling.services import bookings, events

# Weekday, start, minutes, program, words in English, words in Spanish. One pattern a beat a week.
PATTERN = [
    (
        1,
        time(19),
        90,
        Program.NEIGHBORHOOD_WATCH,
        (
            "Neighborhood Watch meeting",
            "Meet your block captains and your team. New neighbors are welcome.",
        ),
        (
            "Reunión de Vigilancia Vecinal",
            "Conozca a los capitanes de cuadra y a su equipo. Los vecinos nuevos son bienvenidos.",
        ),
    ),
    (
        2,
        time(10),
        60,
        Program.COMMUNITY,
        ("Coffee with your officer", "Bring a question or just a cup."),
        ("Café con su oficial", "Traiga una pregunta o solo una taza."),
    ),
    (
        3,
        time(18, 30),
        60,
        Program.PRESENTATIONS,
        ("Stay ahead of scams", "A talk for everyone who has a phone."),
        ("Adelántese a las estafas", "Una charla para todos los que tienen teléfono."),
    ),
    (
        5,
        time(11),
        120,
        Program.COMMUNITY,
        ("Bike engraving day", "We mark your bike so that it finds its way home."),
        ("Día de grabado de bicicletas", "Marcamos su bicicleta para que vuelva a casa."),
    ),
]
WEEKS = range(-2, 9)
GROUPS = [
    ("alder-street", "Alder Street Watch", "1200 and 1300 blocks of Alder St"),
    ("harbor-lofts", "Harbor Lofts Watch", "The lofts at the old cannery"),
    ("hillside", "Hillside Neighbors", "Blocks above Summit Ave"),
]


def load() -> None:
    """For every beat one event a week, in turn; some for the whole city."""
    today = timezone.localdate()
    monday = today - timedelta(days=today.weekday())
    beats = list(selectors.beats_in_effect())
    venues = list(Venue.objects.filter(kind="public").order_by("name"))
    _groups(beats)
    for week in WEEKS:
        for number, beat in enumerate(beats):
            row = PATTERN[(week + number) % len(PATTERN)]
            venue = _venue_of(beat, venues, week)
            _plan(row, monday + timedelta(weeks=week), beat, venue)
    _whole_city(monday, venues)


def _groups(beats: list[Beat]) -> None:
    """A Neighborhood Watch group for each beat but the last, whose neighbors are still to start."""
    for beat, (code, name, area) in zip(beats[:-1], GROUPS, strict=False):
        WatchGroup.objects.create(
            code=code, name=name, area=area, beat=beat, starts_on=date(2023, 3, 1)
        )


def _venue_of(beat: Beat, venues: list[Venue], week: int) -> Venue | None:
    near = [venue for venue in venues if venue.beat_id == beat.pk] or venues
    return near[week % len(near)] if near else None


def _plan(row: tuple, monday: date, beat: Beat, venue: Venue | None) -> None:
    weekday, start, minutes, program, english, spanish = row
    starts_at = localtime.instant(monday + timedelta(days=weekday), start)
    is_watch = program == Program.NEIGHBORHOOD_WATCH
    plan = events.Plan(
        program=program,
        group=beat.groups.order_by("pk").first() if is_watch else None,
        summary=english[0],
        description=english[1],
        texts={"es": spanish},
        starts_at=starts_at,
        ends_at=starts_at + timedelta(minutes=minutes),
        classification=events.Classification.PUBLIC,
        beat=beat,
        venue=venue,
        staff=tuple(selectors.pair_of(beat).members),
    )
    try:
        events.create(plan, by=SYSTEM)
    except bookings.DoubleBooked:
        events.create(_without_claims(plan), by=SYSTEM)  # one officer covers two beats here


def _without_claims(plan: events.Plan) -> events.Plan:
    return replace(plan, venue=None, staff=())


def _whole_city(monday: date, venues: list[Venue]) -> None:
    starts_at = localtime.instant(monday + timedelta(days=26), time(10))
    events.create(
        events.Plan(
            program=Program.COMMUNITY,
            summary="Open house of the Community Affairs Unit",
            description="Meet all four teams, see the bikes and the dogs.",
            texts={
                "es": (
                    "Puertas abiertas de la Unidad de Asuntos Comunitarios",
                    "Conozca a los cuatro equipos, las bicicletas y los perros.",
                )
            },
            starts_at=starts_at,
            ends_at=starts_at + timedelta(hours=3),
            classification=events.Classification.PUBLIC,
            venue=venues[0] if venues else None,
        ),
        by=SYSTEM,
    )
