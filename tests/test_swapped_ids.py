"""Promise 23: an id of another beat, person or kind opens nothing, on any address, for any role."""

from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from django.urls import reverse

from notifications.enums import Channel, MessageKind
from notifications.models import Message
from notifications.services import planning
from outreach.actors import SYSTEM
from outreach.enums import AccommodationKind, Disclosure, SafeChannel, VenueKind
from outreach.models import Beat, StaffMember
from scheduling.enums import Outcome
from scheduling.models import Closure, Hours, TimeOff
from scheduling.services import accommodations, closing, door, events, rsvps, series, surveys
from tests.factories.calendars import make_import
from tests.factories.events import EventFactory, make_plan, tomorrow
from tests.factories.messages import make_campaign
from tests.factories.people import make_event_request, make_request
from tests.factories.places import VenueFactory, make_group
from tests.factories.seats import sign_up
from tests.factories.series import coming, make_wish
from tests.permissions import ROLES, TABLE
from tests.second_factor import sign_in
from tests.world import off_and_on

pytestmark = pytest.mark.django_db
# What is of one kind: an event is an event, whatever it is for.
FAMILIES = [
    {"event", "visit", "past", "occurrence"}, {"request"}, {"asked"}, {"guest"}, {"campaign"},
    {"series"}, {"import"}, {"heard"}, {"webhook", "ended webhook"}, {"home", "venue"},
    {"closure"}, {"call", "guest message"}, {"hold"}, {"list"}, {"erasure"}, {"export"},
]  # fmt: skip
OPENS = {200, 204, 302, 303, 400}
PAIRED = ["event rsvp", "event attendance", "event need", "person leave", "person extra"]


@pytest.fixture
def foreign(world) -> dict[str, list]:
    """Of the beat of `other`, what the world has of the beat of `cpc`."""
    beat, other = Beat.objects.get(code="b2"), world["other"]
    event = events.create(make_plan(beat=beat), by=SYSTEM)
    repeated = series.create(make_wish(beat=beat, begins_on=coming(2)), by=SYSTEM)
    request, quiet = (
        make_request(beat, safe_channel=SafeChannel.CALL_ONLY, reach=f"+1415555013{n}")
        for n in (4, 5)
    )
    visit = surveys.book_visit(request.pk, starts_at=tomorrow(10), staff=(other,), by=SYSTEM)
    surveys.book_visit(quiet.pk, starts_at=tomorrow(14), staff=(other,), by=SYSTEM)
    rsvps.set_seats(event.pk, capacity=4, most_a_household=4, closes_at=None)
    guest = sign_up(event, "Cleo", 2)
    walk_in = door.walk_in(event, heads=2, by=other)
    accommodations.ask(event, [accommodations.Need(AccommodationKind.ASL)])
    past = EventFactory(beat=beat, starts_at=tomorrow() - timedelta(days=3))
    said = (closing.Said("Loud street", promise="A sign"),)
    closing.close(past.pk, report=closing.Report(Outcome.HELD, 9, 60, ("en",), said), by=other)
    leave, extra = off_and_on(other)
    planning.plan()
    calls = Message.objects.filter(channel=Channel.CALL, kind=MessageKind.VISIT_BOOKED)
    home = VenueFactory(kind=VenueKind.HOME, disclosure=Disclosure.BLOCK, address="", beat=beat)
    return {
        "event": [event.uid],
        "visit": [visit.uid],
        "past": [past.uid],
        "occurrence": [repeated.occurrences.all()[2].event.uid],
        "series": [repeated.uid],
        "request": [request.uid],
        "asked": [make_event_request(beat).uid],
        "guest": [guest.contact.uid],
        "guest message": [guest.contact.messages.first().uid],
        "heard": [past.heard.get().uid],
        "home": [home.uid],
        "import": [make_import(other, beat).uid],
        "campaign": [make_campaign(other, beat=beat).uid],
        "group": [make_group(beat, code="foreign").code],
        "call": [calls.filter(contact=quiet.contact).get().uid],
        "event rsvp": [event.uid, guest.uid],
        "event attendance": [event.uid, walk_in.uid],
        "event need": [event.uid, event.accommodations.get().uid],
        "person": [other.pk],
        "person leave": [other.pk, leave.uid],
        "person extra": [other.pk, extra.pk],
    }


def rows():
    """Reading first: a POST may change what the next would see."""
    return sorted(TABLE.items(), key=lambda item: item[0][2])


def test_ids_of_another_beat_open_to_its_own_people_alone(client, world, foreign):
    """Mirrored: the coordinator of one beat gets there what the other one gets here."""
    sign_in(client, world["cpc"])
    wrong, tried = [], 0
    for (name, arguments, method), answers in rows():
        wanted = answers[ROLES.index("other")]
        if arguments not in foreign or wanted in OPENS:
            continue
        tried += 1
        address = reverse(name, args=foreign[arguments])
        given = client.generic(method, address).status_code
        if given != wanted:
            wrong.append(f"{method} {address} ({name}): {given}, not {wanted}")

    assert not wrong, "\n".join(wrong)
    assert tried > 60


def test_control_the_other_coordinator_does_open_them(client, world, foreign):
    """Else the test above would be of ids that open to nobody."""
    sign_in(client, world["other"])
    for (name, arguments, method), answers in rows():
        if arguments in foreign and method == "GET" and answers[ROLES.index("cpc")] == 200:
            address = reverse(name, args=foreign[arguments])
            assert client.get(address).status_code == 200, address


@pytest.mark.parametrize("role", ROLES)
def test_id_of_another_kind_is_as_good_as_none(client, world, role):
    if role != "anonymous":
        sign_in(client, world[role])
    known = world["arguments"]
    wrong = []
    for number, ((name, arguments, method), answers) in enumerate(rows()):
        family = next((one for one in FAMILIES if arguments in one), None)
        answer = answers[ROLES.index(role)]
        if family is None or (role == "anonymous" and answer == 302):
            continue
        # Who may open the right one is told that there is none; others what they are told anyway.
        wanted = {404} if answer in {200, 204, 303, 302, 400} else {answer, 403, 404}
        # Two each: over all addresses every kind is tried in many places.
        others = [one for one in FAMILIES if one is not family]
        for other in (others[number % len(others)], others[(number + 5) % len(others)]):
            uid: UUID = known[sorted(other)[0]][0]
            address = reverse(name, args=[uid])
            given = client.generic(method, address).status_code
            if given not in wanted:
                wrong.append(f"{method} {address} ({name} of {sorted(other)[0]}): {given}")

    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("role", ["cpc", "sergeant"])
@pytest.mark.parametrize("kind", PAIRED)
def test_part_of_another_record_is_not_found_under_ones_own(client, world, foreign, role, kind):
    """Both may open the first id; the second belongs to somebody else's."""
    sign_in(client, world[role])
    mixed = [world["arguments"][kind][0], foreign[kind][1]]
    before = world_of_parts(world["other"], foreign)
    for (name, arguments, method), _answers in rows():
        if arguments == kind:
            given = client.generic(method, reverse(name, args=mixed)).status_code
            assert given in {404, 405}, name

    assert world_of_parts(world["other"], foreign) == before


def world_of_parts(other: StaffMember, foreign: dict[str, list]) -> list[object]:
    event = EventFactory._meta.model.objects.get(uid=foreign["event"][0])
    return [
        list(event.rsvps.values_list("response", "seats")),
        list(event.attendances.values_list("uid", "heads")),
        list(event.accommodations.values_list("state", flat=True)),
        TimeOff.objects.filter(staff=other).count(),
        other.hours.count(),
    ]


def test_person_of_another_id_is_not_changed(client, world, foreign):
    """A coordinator keeps the own hours, by whatever number is typed."""
    sign_in(client, world["cpc"])
    for (name, arguments, method), answers in rows():
        if arguments == "person" and answers[ROLES.index("other")] == 403:
            address = reverse(name, args=foreign["person"])
            assert client.generic(method, address).status_code == 403, address


@pytest.mark.parametrize("number", [999_999_999, 10**40], ids=["unknown", "of no number's size"])
def test_number_of_nobody_is_not_found_and_nothing_is_taken_away(client, world, number):
    sign_in(client, world["sergeant"])
    kept = [TimeOff.objects.count(), Hours.objects.count(), Closure.objects.count()]
    person = world["arguments"]["person"][0]
    for name, arguments in [
        ("availability_of", [number]),
        ("remove_leave", [number, uuid4()]),
        ("remove_leave", [person, uuid4()]),
        ("remove_extra_day", [number, number]),
        ("remove_extra_day", [person, number]),
        ("remove_closure", [uuid4()]),
        ("undo_heads", [*world["arguments"]["event"], uuid4()]),
    ]:
        method = "GET" if name == "availability_of" else "POST"
        assert client.generic(method, reverse(name, args=arguments)).status_code == 404, name

    assert [TimeOff.objects.count(), Hours.objects.count(), Closure.objects.count()] == kept


@pytest.mark.parametrize(("beat", "is_refused"), [("b2", True), ("b1", False)])
def test_beat_of_others_is_no_choice_in_what_a_form_sends(client, world, beat, is_refused):
    sign_in(client, world["cpc"])
    for page in ("add_event", "add_series", "add_campaign", "log_activity", "add_import"):
        answer = client.post(reverse(page), {"beat": beat, "beats": [beat]})

        assert ("beat" in answer.context["form"].errors) == is_refused, page
