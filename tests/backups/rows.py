"""What is written in a town, and read again; run by `manage.py shell` there."""

import json
import time
from collections import Counter

from django.db import connection

from config.backups import nightly
from notifications import tasks
from notifications.models import Gate, Message
from notifications.services import planning
from outreach.models import Beat, SurveyRequest, User
from scheduling.services import publishing
from tests.factories.events import EventFactory
from tests.factories.people import ContactFactory, make_pair, make_request
from tests.factories.places import BeatFactory


def fill(sealed: int, contacts: int) -> None:
    beat = BeatFactory(code="b1")
    make_pair(beat)
    for number in range(sealed):
        make_request(beat, address=f"{number} Alder St", reach=f"robin{number}@example.org")
    ContactFactory.create_batch(3)
    EventFactory.create_batch(3, beat=beat)
    publish()
    planning.plan()
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO outreach_user (password, is_superuser, username, first_name, last_name,"
            " email, is_staff, is_active, date_joined)"
            " SELECT '', false, 'many' || n, '', '', '', false, true, now()"
            " FROM generate_series(1, %s) AS n",
            [contacts],
        )


def opened() -> None:
    print(json.dumps([one.unseal("address") for one in SurveyRequest.objects.order_by("pk")]))


def write(name: str) -> None:
    User.objects.create(username=name)


def write_on() -> None:
    """A row every tenth of a second until the database is gone, its instant in its name; each is
    told when it is committed."""
    while True:
        name = f"at-{time.time()}"
        User.objects.create(username=name)
        print(name, flush=True)
        time.sleep(0.1)


def names() -> None:
    print(json.dumps(sorted(User.objects.values_list("username", flat=True))))


def closed() -> None:
    print(
        json.dumps(
            {gate.name: gate.reason for gate in Gate.objects.filter(closed_at__isnull=False)}
        )
    )


def fill_again() -> None:
    ContactFactory.create_batch(3)


def publish() -> None:
    publishing.heal()
    while publishing.publish():
        pass


def add_event() -> None:
    EventFactory(beat=Beat.objects.get(code="b1"))
    publish()


def send() -> None:
    """A round of the worker; what became of the messages."""
    tasks.drain_personal()
    print(json.dumps(dict(Counter(Message.objects.values_list("status", flat=True)))))


def log_age() -> None:
    print(nightly.age_of_last_wal().total_seconds())
