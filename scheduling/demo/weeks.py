"""What fills the days of this week and the next: talks, walks, visits at work."""

from contextlib import suppress
from datetime import date, time, timedelta

from django.utils import timezone

from outreach.actors import SYSTEM
from outreach.enums import Program
from scheduling import closures
from scheduling.demo.sketches import Sketch, plan
from scheduling.services import bookings, events

TALK, MEETING = Program.PRESENTATIONS, Program.COMMUNITY
# By week and weekday; Monday is 0.
ROWS = [
    (0, 0, Sketch(time(13), 60, TALK, "Safety talk for home aides",
                  "Charla de seguridad para cuidadores", "maya", "b1", "Harbor Elementary School")),
    (0, 0, Sketch(time(14), 60, MEETING, "Walk to school planning",
                  "Plan de caminar a la escuela", "lucia amara", "b3", "Mesa Middle School")),
    (0, 1, Sketch(time(10), 60, TALK, "Storefront safety on 2nd Street",
                  "Seguridad de comercios en la calle 2", "dev june", "b2",
                  location="200 block of 2nd St")),
    (0, 1, Sketch(time(13), 90, TALK, "Apartment managers’ round table",
                  "Mesa de administradores de edificios", "tom", "b4", "Canyon Community Room")),
    (0, 2, Sketch(time(13), 60, TALK, "Online safety, grade 5",
                  "Seguridad en línea, quinto grado", "maya owen", "b1",
                  "Harbor Elementary School")),
    (0, 2, Sketch(time(15), 45, TALK, "Bike rules after school",
                  "Reglas de bicicleta después de clases", "lucia", "b3", "Mesa Middle School")),
    (0, 3, Sketch(time(9, 30), 60, TALK, "Fraud talk for seniors",
                  "Charla sobre fraudes para mayores", "dev", "b2", "Old Town Senior Center")),
    (0, 3, Sketch(time(11), 60, MEETING, "Ride-along with the traffic unit",
                  "Recorrido con la unidad de tránsito", "june amara", is_sure=False,
                  location="Traffic office")),
    (0, 4, Sketch(time(10), 60, TALK, "Fraud talk for bank tellers",
                  "Charla sobre fraudes para cajeros", "maya", "b1",
                  location="300 block of Anchor Ave")),
    (0, 4, Sketch(time(13), 60, MEETING, "Park cleanup check",
                  "Revisión de limpieza del parque", "tom owen", "b4", "Dogwood Park")),
    (0, 5, Sketch(time(9), 60, MEETING, "Table at the farmers market",
                  "Mesa en el mercado", "lucia", "b3", "Heron Park", is_public=True)),
    (1, 0, Sketch(time(13), 60, TALK, "Robbery prevention for clerks",
                  "Prevención de robos para dependientes", "dev june", "b2",
                  location="500 block of 3rd St")),
    (1, 1, Sketch(time(10), 60, TALK, "Personal safety at the clinic",
                  "Seguridad personal en la clínica", "lucia", "b3",
                  location="800 block of 8th St")),
    (1, 1, Sketch(time(13), 60, TALK, "Scam stories, lunch hour",
                  "Historias de estafas, al mediodía", "maya", "b1",
                  "Civic Center Community Room", is_public=True)),
    (1, 2, Sketch(time(14), 60, MEETING, "Meet the crossing guards",
                  "Encuentro con los guardias escolares", "owen", "b1",
                  "Harbor Elementary School")),
    (1, 3, Sketch(time(10), 60, TALK, "New owners’ evening, rehearsal",
                  "Ensayo para la noche de propietarios", "maya", "b1",
                  "Anchor Park Clubhouse", is_sure=False)),
    (1, 4, Sketch(time(11), 60, MEETING, "Lunch with the youth council",
                  "Almuerzo con el consejo juvenil", "june amara", "b2", "Fire Station 1")),
]  # fmt: skip


def load() -> None:
    """A row that finds somebody taken is left out."""
    for sketch, day in on_open_days():
        with suppress(bookings.DoubleBooked):
            events.create(plan(sketch, day), by=SYSTEM)


def on_open_days() -> list[tuple[Sketch, date]]:
    """Nobody plans these for a day on which City Hall is closed."""
    today = timezone.localdate()
    monday = today - timedelta(days=today.weekday())
    days = [(row, monday + timedelta(weeks=week, days=weekday)) for week, weekday, row in ROWS]
    closed = closures.between(monday, monday + timedelta(weeks=2))
    return [(row, day) for row, day in days if not closed.name_of(day)]
