"""What happened: close-outs, logged activity, things heard, and survey visits."""

from datetime import timedelta
from uuid import uuid4

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from notifications.models import Message
from notifications.services import planning
from outreach.actors import SYSTEM
from outreach.enums import Program, Role, SurveyStatus
from outreach.services import surveys as requests
from scheduling import records
from scheduling.enums import Classification, HeardStatus, Outcome, RevisionKind
from scheduling.models import CloseOut, Event, Heard
from scheduling.services import closing, door, events, surveys
from scheduling.services.bookings import EventCancelled
from tests.factories.events import EventFactory, make_plan, tomorrow
from tests.factories.messages import SubscriptionFactory
from tests.factories.people import StaffMemberFactory, make_pair, make_request
from tests.factories.places import BeatFactory
from tests.factories.seats import make_seated, sign_up

pytestmark = pytest.mark.django_db
HELD = closing.Report(outcome=Outcome.HELD, head_count=12, minutes=60, languages=("en", "es"))
NOT_HELD = closing.Report(outcome=Outcome.NOT_HELD)


def yesterday(hour: int = 19):
    return tomorrow(hour) - timedelta(days=2)


@pytest.fixture
def beat():
    return BeatFactory(code="b1")


@pytest.fixture
def cpc(beat):
    return make_pair(beat)[0]


@pytest.fixture
def event(beat):
    return EventFactory(beat=beat, starts_at=yesterday())


@pytest.fixture
def signed_in(client, cpc):
    client.force_login(cpc.user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def test_close_out_keeps_actual_figures_and_a_second_one_corrects_it(event, cpc):
    closing.close(event.pk, report=HELD, by=cpc)
    closed = closing.close(event.pk, report=closing.Report(Outcome.HELD, 15, 90, ("en",)), by=cpc)

    assert CloseOut.objects.get() == closed
    assert (closed.head_count, closed.minutes, closed.languages) == (15, 90, ["en"])
    assert list(event.revisions.values_list("kind", "staff")) == [(RevisionKind.CLOSED, cpc.pk)] * 2


@pytest.mark.parametrize("outcome", [Outcome.NOT_HELD, Outcome.RECALLED])
def test_what_was_not_held_has_no_figures(event, cpc, outcome):
    closed = closing.close(event.pk, report=closing.Report(outcome, 5, 60, ("en",)), by=cpc)

    assert (closed.head_count, closed.minutes, closed.languages) == (None, None, [])


def test_constraint_wants_a_head_count_of_what_was_held(event):
    with pytest.raises(IntegrityError, match="close_out_counts_heads"), transaction.atomic():
        CloseOut.objects.create(event=event, outcome=Outcome.HELD)


def test_close_out_waits_for_the_beginning_and_leaves_cancelled_events_alone(beat, cpc):
    coming = EventFactory(beat=beat)
    gone = events.create(make_plan(beat=beat), by=SYSTEM)
    events.cancel(gone.pk, by=SYSTEM, reason="storm")

    with pytest.raises(closing.NotBegun):
        closing.close(coming.pk, report=NOT_HELD, by=cpc)
    with pytest.raises(EventCancelled):
        closing.close(gone.pk, report=NOT_HELD, by=cpc)

    assert not CloseOut.objects.exists()


@pytest.fixture
def visit(beat, cpc):
    request = make_request(beat)
    with time_machine.travel(timezone.now() - timedelta(days=5)):
        surveys.book_visit(request.pk, starts_at=tomorrow(10), staff=(cpc,), by=SYSTEM)
    request.refresh_from_db()
    return request


def test_visit_that_was_held_ends_its_request(visit, cpc):
    standing = surveys.visit_of(visit)

    closing.close(standing.event_id, report=HELD, by=cpc)

    visit.refresh_from_db()
    assert visit.status == SurveyStatus.DONE
    assert surveys.visit_of(visit) == standing


@pytest.mark.parametrize("outcome", [Outcome.NOT_HELD, Outcome.RECALLED])
@pytest.mark.parametrize("is_correction", [True, False])
def test_visit_that_was_not_held_opens_its_request_again(visit, cpc, outcome, is_correction):
    missed = surveys.visit_of(visit)
    if is_correction:
        closing.close(missed.event_id, report=HELD, by=cpc)

    closing.close(missed.event_id, report=closing.Report(outcome), by=cpc)

    visit.refresh_from_db()
    assert visit.status == SurveyStatus.RECEIVED
    assert surveys.visit_of(visit) is None
    again = surveys.book_visit(visit.pk, starts_at=tomorrow(10), staff=(cpc,), by=SYSTEM)
    closing.close(missed.event_id, report=HELD, by=cpc)  # too late: another visit is booked
    visit.refresh_from_db()
    assert again.pk != missed.event_id
    assert visit.status == SurveyStatus.SCHEDULED


def test_resident_withdraws_by_link_after_a_visit_that_came_to_nothing(client, visit, cpc):
    closing.close(surveys.visit_of(visit).event_id, report=NOT_HELD, by=cpc)

    client.post(reverse("withdraw_own", args=[requests.own_link(visit)]))

    visit.refresh_from_db()
    assert visit.status == SurveyStatus.WITHDRAWN


def test_withdrawn_request_stays_withdrawn_whatever_is_written_down(visit, cpc):
    standing = surveys.visit_of(visit)
    requests.SurveyRequest.objects.update(status=SurveyStatus.WITHDRAWN)

    closing.close(standing.event_id, report=HELD, by=cpc)

    visit.refresh_from_db()
    assert visit.status == SurveyStatus.WITHDRAWN


def form(**wishes) -> dict[str, object]:
    told = {"key": str(uuid4()), "outcome": "held", "head_count": "12", "minutes": "60",
            "languages": ["en"]}  # fmt: skip
    return told | wishes


def test_form_knows_the_likely_answers(signed_in, beat, cpc):
    with time_machine.travel(timezone.now() - timedelta(days=3)):
        event = make_seated(9, beat=beat, starts_at=tomorrow())
        ana = sign_up(event, "Ana", 3)
    door.check_in(ana.pk, heads=2, by=cpc)
    door.walk_in(event, heads=5, by=cpc)

    shown = signed_in.get(reverse("close_event", args=[event.uid])).context["form"].initial

    assert shown == {"head_count": 7, "minutes": 60, "languages": ["en"]}


def test_event_is_closed_out_with_what_was_heard_and_a_double_click_does_it_once(signed_in, event):
    sent = form(topic_1="Dark alley", block_1="1200 block of Oak St", promise_1="Ask for a lamp",
                topic_3="Speeding")  # fmt: skip

    answers = [signed_in.post(reverse("close_event", args=[event.uid]), sent) for _ in range(2)]

    assert {answer.status_code for answer in answers} == {302}
    assert CloseOut.objects.get().head_count == 12
    assert list(Heard.objects.values_list("topic", "promise")) == [
        ("Dark alley", "Ask for a lamp"), ("Speeding", ""),
    ]  # fmt: skip
    page = signed_in.get(reverse("staff_event", args=[event.uid])).content.decode()
    assert "Dark alley" in page
    assert "12 people" in page


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"head_count": ""}, "Count the people"),
        ({"head_count": "-1"}, "greater than or equal to 0"),
        ({"head_count": "9" * 30}, "less than or equal"),
        ({"minutes": "0"}, "greater than or equal to 1"),
        ({"outcome": "maybe"}, "Select a valid choice"),
        ({"languages": ["xx"]}, "Select a valid choice"),
        ({"topic_1": "a\x00"}, "Null characters"),
        ({"promise_2": "A lamp"}, "Say what it was about"),
        ({"due_1": "13/45/2026", "topic_1": "x"}, "Enter a valid date"),
        ({"key": "x"}, "Enter a valid UUID"),
    ],
    ids=str,
)
def test_wrong_close_out_is_refused_and_nothing_is_kept(signed_in, event, wrong, words):
    answer = signed_in.post(reverse("close_event", args=[event.uid]), form(**wrong))

    assert answer.status_code == 200
    assert words in answer.content.decode()
    assert not CloseOut.objects.exists()
    assert not Heard.objects.exists()


def test_not_held_needs_no_figures(signed_in, event):
    sent = form(outcome="not-held", head_count="", minutes="", languages=[])

    assert signed_in.post(reverse("close_event", args=[event.uid]), sent).status_code == 302
    assert CloseOut.objects.get().outcome == Outcome.NOT_HELD


def logged(**wishes) -> dict[str, object]:
    day = timezone.localdate() - timedelta(days=1)
    told = {"key": str(uuid4()), "program": "community", "summary": "Walk on Oak St", "beat": "b1",
            "day": f"{day:%m/%d/%Y}", "starts": "4 p.m.", "minutes": "45", "head_count": "8",
            "languages": ["en", "es"], "topic_1": "Loose dog"}  # fmt: skip
    return told | wishes


def test_past_activity_is_logged_without_a_booking_and_told_to_nobody(signed_in, beat):
    SubscriptionFactory(beat=beat)
    sent = logged()

    for _ in range(2):
        signed_in.post(reverse("log_activity"), sent)
    planning.plan()

    event = Event.objects.get()
    assert event.classification == Classification.PRIVATE
    assert event.ends_at - event.starts_at == timedelta(minutes=45)
    assert event.close_out.head_count == 8
    assert event.heard.get().topic == "Loose dog"
    assert not event.bookings.exists()
    assert not Message.objects.exists()
    assert str(event.uid) not in signed_in.get("/feeds/all.ics").content.decode()


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"day": f"{timezone.localdate() + timedelta(days=2):%m/%d/%Y}"}, "not over yet"),
        ({"day": "03/08/2026", "starts": "2:30 a.m."}, "The clocks jump over"),
        ({"minutes": ""}, "This field is required"),
        ({"head_count": ""}, "Count the people"),
        ({"beat": "b9"}, "Select a valid choice"),
        ({"program": "security-survey"}, "Select a valid choice"),
        ({"summary": ""}, "This field is required"),
        ({"day": "01/01/0001"}, "Choose a date"),
    ],
    ids=str,
)
def test_wrong_log_is_refused_and_nothing_is_kept(signed_in, wrong, words):
    answer = signed_in.post(reverse("log_activity"), logged(**wrong))

    assert answer.status_code == 200
    assert words in answer.content.decode()
    assert not Event.objects.exists()


def test_open_items_head_the_next_agenda_of_beat_and_program_until_answered(signed_in, beat, cpc):
    past = EventFactory(beat=beat, starts_at=yesterday())
    closing.close(
        past.pk, report=closing.Report(Outcome.HELD, 3, heard=(closing.Said("Lamp"),)), by=cpc
    )
    following = EventFactory(beat=beat)
    later = EventFactory(beat=beat, starts_at=tomorrow() + timedelta(days=7))
    talk = EventFactory(beat=beat, program=Program.PRESENTATIONS)
    elsewhere = EventFactory(beat=BeatFactory())
    item = Heard.objects.get()

    shown = {
        event.pk: [one.pk for one in records.agenda(event)]
        for event in (past, following, later, talk, elsewhere)
    }
    assert shown == {
        past.pk: [], following.pk: [item.pk], later.pk: [], talk.pk: [], elsewhere.pk: [],
    }  # fmt: skip
    page = signed_in.get(reverse("staff_event", args=[following.uid])).content.decode()
    assert "First on the agenda" in page
    assert "Lamp" in signed_in.get(reverse("staff_heard")).content.decode()

    signed_in.post(reverse("answer_heard", args=[item.uid]), {"answer": "It is lit."})

    item.refresh_from_db()
    assert (item.status, item.answer) == (HeardStatus.DONE, "It is lit.")
    assert records.agenda(following) == []
    assert "Lamp" not in signed_in.get(reverse("staff_heard")).content.decode()


def test_events_wait_for_their_close_out_with_those_who_answer_for_them(beat, cpc):
    other, _ = make_pair(BeatFactory())
    helper, planner = StaffMemberFactory(), StaffMemberFactory(role=Role.EVENT_PLANNER)
    sergeant = StaffMemberFactory(role=Role.SERGEANT)
    past = {"beat": beat, "starts_at": yesterday()}
    open_one = events.create(make_plan(**past, staff=(helper,)), by=SYSTEM)
    of_city = events.create(make_plan(starts_at=yesterday()), by=SYSTEM)
    closed, cancelled = EventFactory(**past), EventFactory(**past)
    closing.close(closed.pk, report=HELD, by=cpc)
    events.cancel(cancelled.pk, by=SYSTEM, reason="storm")
    EventFactory(beat=beat)
    EventFactory(beat=beat, starts_at=yesterday() - timedelta(days=61))

    waiting = {
        staff: list(records.unclosed_events(staff))
        for staff in (cpc, helper, other, sergeant, planner)
    }

    assert waiting == {
        cpc: [open_one], helper: [open_one], other: [], sergeant: [open_one, of_city], planner: [],
    }  # fmt: skip


def test_visit_that_is_not_theirs_waits_with_nobody_else(visit, cpc):
    excluded = StaffMemberFactory(role=Role.SERGEANT)
    visit.excluded_staff = excluded
    visit.save()

    assert [event.survey_visit.request for event in records.unclosed_events(cpc)] == [visit]
    assert list(records.unclosed_events(excluded)) == []
