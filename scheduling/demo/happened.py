"""What happened at the made-up past events, and who signed up for a coming one."""

from datetime import timedelta

from django.utils import timezone

from outreach.actors import SYSTEM
from outreach.enums import AccommodationKind, Program
from scheduling import selectors
from scheduling.enums import AccommodationState, Outcome
from scheduling.models import CloseOut, Event
from scheduling.services import accommodations, closing, rsvps

HEADS = [14, 9, 22, 17, 8, 31]
SAID = closing.Said(
    topic="Street light out at the corner",
    block="1200 block of Alder St",
    promise="Ask the city when it is mended",
)
HOUSEHOLDS = [
    ("Okafor family", "okafor@example.org", 4, "en"),
    ("Señora Vega", "vega@example.org", 2, "es"),
    ("Kim", "kim@example.net", 3, "ko"),
    ("Lee and Pat", "lee@example.com", 2, "en"),
    ("Nguyen", "nguyen@example.net", 3, "vi"),
]
CAPACITY = 12
SOON = timedelta(days=3)  # late enough to sign up and to ask for an interpreter


def load() -> None:
    _close_past()
    ahead = selectors.upcoming(selectors.public_events()).filter(
        program=Program.COMMUNITY, beat__isnull=False, starts_at__gt=timezone.now() + SOON
    )
    if event := ahead.first():
        _seat(event)


def _close_past() -> None:
    """All but the last two, which wait for their team; the first has something to answer."""
    past = list(Event.objects.filter(ends_at__lt=timezone.now()).order_by("ends_at"))[:-2]
    for number, event in enumerate(past):
        staff = selectors.staff_of(event)
        if not staff:
            continue
        report = closing.Report(
            outcome=Outcome.HELD,
            head_count=HEADS[number % len(HEADS)],
            minutes=int(event.span.length.total_seconds() // 60),
            languages=("en", "es") if number % 2 else ("en",),
            heard=() if CloseOut.objects.exists() else (SAID,),
        )
        closing.close(event.pk, report=report, by=staff[0])


def _seat(event: Event) -> None:
    rsvps.set_seats(event.pk, capacity=CAPACITY, most_a_household=6, closes_at=None)
    for name, email, seats, spoken in HOUSEHOLDS:
        wish = rsvps.Wish(
            name=name,
            email=email,
            seats=seats,
            spoken=spoken,
            language="es" if spoken == "es" else "en",
        )
        rsvps.sign_up(event.pk, wish=wish, by=SYSTEM)
    needs = [
        accommodations.Need(AccommodationKind.ASL),
        accommodations.Need(AccommodationKind.INTERPRETER, "es"),
    ]
    accommodations.ask(event, needs)
    for need in event.accommodations.filter(kind=AccommodationKind.INTERPRETER):
        accommodations.set_state(need, AccommodationState.CONFIRMED)
