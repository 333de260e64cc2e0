from collections.abc import Callable

from django.conf import settings
from django.http import HttpResponse
from django.urls import path, register_converter
from django.urls.converters import SlugConverter

from scheduling.api import urls as api
from scheduling.months import MonthConverter
from scheduling.views import (
    answering,
    availability,
    closed_days,
    closing,
    door,
    embedding,
    feeds,
    finding,
    groups,
    imports,
    needs,
    numbers,
    own_calendar,
    people,
    public,
    requests,
    seats,
    series,
    staff,
    staff_seats,
    ways_out,
    week,
)


class FurtherLanguage(SlugConverter):
    """A language beside the department's first: its calendars have addresses of their own."""

    regex = "|".join(code for code, _ in settings.LANGUAGES if code != settings.LANGUAGE_CODE)


register_converter(FurtherLanguage, "language")
register_converter(MonthConverter, "month")
CALENDARS: dict[str, tuple[str, Callable[..., HttpResponse]]] = {
    "city_feed": ("all.ics", feeds.feed),
    "beat_feed": ("beats/<slug:code>.ics", feeds.feed),
    "beat_program_feed": ("beats/<slug:code>/<slug:program>.ics", feeds.feed),
    "program_feed": ("programs/<slug:program>.ics", feeds.feed),
    "group_feed": ("groups/<slug:code>.ics", feeds.group_feed),
}
calendars = [
    found
    for name, (address, view) in CALENDARS.items()
    for found in (
        path(f"feeds/{address}", view, name=name),
        path(f"feeds/<language:language>/{address}", view, name=f"{name}_in"),
    )
]
urlpatterns = [
    path("", public.home, name="home"),
    path("beats/", public.beats, name="beats"),
    path("beats/<slug:code>/", public.beat, name="beat"),
    path("beats/<slug:code>/events.atom", ways_out.atom, name="beat_atom"),
    path("beats/<slug:code>/events.<language:language>.atom", ways_out.atom, name="beat_atom_in"),
    path("beats/<slug:code>/events.csv", ways_out.csv, name="beat_csv"),
    path("beats/<slug:code>/<month:month>/", public.beat_month, name="beat_month"),
    path(
        "beats/<slug:code>/<month:month>/flyer-<slug:language>.pdf",
        ways_out.month_flyer,
        name="month_flyer",
    ),
    path("events.atom", ways_out.atom, name="city_atom"),
    path("events.<language:language>.atom", ways_out.atom, name="city_atom_in"),
    path("events.csv", ways_out.csv, name="events_csv"),
    path("embed/", embedding.embed, name="embed_city"),
    path("embed/about/", embedding.about, name="embed_about"),
    path("embed/beats/<slug:code>/", embedding.embed, name="embed_beat"),
    path("events/", public.events, name="events"),
    path("events/<uuid:uid>/", public.event, name="event"),
    path("events/<uuid:uid>.ics", feeds.event_file, name="event_file"),
    path("events/<uuid:uid>/calendar/", feeds.add_to_calendar, name="add_to_calendar"),
    *calendars,
    path("feeds/own/<str:token>.ics", feeds.own_feed, name="own_feed"),
    path("own/<str:token>/", public.own_survey, name="own_survey"),
    path("own/<str:token>/coming/", public.confirm_own_visit, name="confirm_own_visit"),
    path("own/<str:token>/language/", public.own_visit_language, name="own_visit_language"),
    path("own/<str:token>/cancel/", public.cancel_own_visit, name="cancel_own_visit"),
    path(
        "own/<str:token>/withdraw/",
        public.withdraw_own,
        name="withdraw_own",
    ),
    path("events/<uuid:uid>/seats/", seats.take_seats, name="take_seats"),
    path("events/<uuid:uid>/seats/thanks/", seats.seats_taken, name="seats_taken"),
    path("events/<uuid:uid>/needs/", needs.ask_needs, name="ask_needs"),
    path("rsvp/<str:token>/", seats.own_seats, name="own_seats"),
    path("rsvp/<str:token>/coming/", seats.confirm_own_seats, name="confirm_own_seats"),
    path("rsvp/<str:token>/language/", seats.own_seats_language, name="own_seats_language"),
    path("rsvp/<str:token>/change/", seats.change_own_seats, name="change_own_seats"),
    path("rsvp/<str:token>/give-back/", seats.give_back_own, name="give_back_own"),
    path("staff/events/<uuid:uid>/seats/", staff_seats.event_seats, name="event_seats"),
    path("staff/events/<uuid:uid>/seats/new/", staff_seats.add_sign_up, name="add_sign_up"),
    path("staff/events/<uuid:uid>/seats/<uuid:rsvp_uid>/", staff_seats.sign_up, name="sign_up"),
    path(
        "staff/events/<uuid:uid>/seats/<uuid:rsvp_uid>/give-back/",
        staff_seats.give_back,
        name="give_back",
    ),
    path("staff/events/<uuid:uid>/door/", door.door, name="door"),
    path("staff/events/<uuid:uid>/door/walk-ins/", door.walk_in, name="walk_in"),
    path("staff/events/<uuid:uid>/door/<uuid:rsvp_uid>/", door.check_in, name="check_in"),
    path("staff/events/<uuid:uid>/door/undo/<uuid:attendance_uid>/", door.undo, name="undo_heads"),
    path("staff/events/<uuid:uid>/sheet/", door.sign_in_sheet, name="sign_in_sheet"),
    path("staff/events/<uuid:uid>/close/", closing.close_event, name="close_event"),
    path("staff/events/<uuid:uid>/needs/", needs.add_needs, name="add_needs"),
    path("staff/events/<uuid:uid>/needs/<uuid:need_uid>/", needs.change_need, name="change_need"),
    path("staff/log/", closing.log_activity, name="log_activity"),
    path("staff/heard/", closing.heard, name="staff_heard"),
    path("staff/heard/<uuid:uid>/", closing.answer_heard, name="answer_heard"),
    path("staff/numbers/", numbers.numbers, name="staff_numbers"),
    path("staff/numbers.csv", numbers.numbers_csv, name="numbers_csv"),
    path("staff/patrol/", numbers.patrol, name="patrol_sheet"),
    path("requests/new/", requests.request_event, name="request_event"),
    path("asked/<str:token>/", requests.own_event_request, name="own_event_request"),
    path(
        "asked/<str:token>/withdraw/",
        requests.withdraw_own_event_request,
        name="withdraw_own_event_request",
    ),
    path("staff/requests/", answering.event_requests, name="event_requests"),
    path("staff/requests/new/", answering.add_event_request, name="add_event_request"),
    path("staff/requests/<uuid:uid>/", answering.event_request, name="event_request"),
    path(
        "staff/requests/<uuid:uid>/decline/",
        answering.decline_event_request,
        name="decline_event_request",
    ),
    path(
        "staff/requests/<uuid:uid>/reveal/",
        answering.reveal_event_request,
        name="reveal_event_request",
    ),
    path(
        "staff/requests/<uuid:uid>/withdraw/",
        answering.withdraw_event_request,
        name="withdraw_event_request",
    ),
    path("staff/week/", week.week, name="staff_week"),
    path("staff/availability/", availability.everybody, name="availability"),
    path("staff/availability/<int:pk>/", availability.of_person, name="availability_of"),
    path("staff/availability/<int:pk>/hours/", availability.set_hours, name="set_hours"),
    path("staff/availability/<int:pk>/leave/", availability.take_leave, name="take_leave"),
    path(
        "staff/availability/<int:pk>/leave/<uuid:uid>/remove/",
        availability.remove_leave,
        name="remove_leave",
    ),
    path("staff/availability/<int:pk>/swap/", availability.swap, name="swap_shift"),
    path(
        "staff/availability/<int:pk>/days/<int:row>/remove/",
        availability.remove_day,
        name="remove_extra_day",
    ),
    path("staff/availability/<int:pk>/calendar/", availability.bring_in, name="bring_in"),
    path("staff/closures/", closed_days.closed, name="closures"),
    path("staff/closures/new/", closed_days.add, name="add_closure"),
    path("staff/closures/lift/", closed_days.lift, name="lift_closure"),
    path("staff/closures/<uuid:uid>/remove/", closed_days.remove, name="remove_closure"),
    path("staff/venues/<uuid:uid>/hours/", closed_days.venue_hours, name="venue_hours"),
    path("staff/groups/", groups.groups, name="watch_groups"),
    path("staff/groups/new/", groups.add_group, name="add_group"),
    path("staff/groups/<slug:code>/", groups.change_group, name="change_group"),
    path("staff/people/", people.people, name="people"),
    path("staff/people/new/", people.add_person, name="add_person"),
    path("staff/people/<int:pk>/", people.person, name="person"),
    path("staff/people/<int:pk>/link/", people.new_password_link, name="new_password_link"),
    path("staff/people/<int:pk>/factor/", people.reset_second_factor, name="reset_second_factor"),
    path("staff/people/<int:pk>/leave/", people.person_leaves, name="person_leaves"),
    path("staff/people/<int:pk>/return/", people.person_returns, name="person_returns"),
    path("staff/calendar/", own_calendar.own_calendar, name="own_calendar"),
    path("staff/calendar/renew/", own_calendar.renew_own_calendar, name="renew_own_calendar"),
    path("staff/calendar/revoke/", own_calendar.revoke_own_calendar, name="revoke_own_calendar"),
    path("staff/find/", finding.find_time, name="find_time"),
    path("staff/series/", series.every, name="staff_series_list"),
    path("staff/series/new/", series.add_series, name="add_series"),
    path("staff/series/<uuid:uid>/", series.show, name="staff_series"),
    path("staff/series/<uuid:uid>/dates/", series.add_date, name="add_series_date"),
    path("staff/events/<uuid:uid>/claim/", series.claim, name="claim_occurrence"),
    path("staff/import/", imports.add_import, name="add_import"),
    path("staff/lookup/", staff.lookup, name="lookup"),
    path("staff/surveys/", staff.survey_queue, name="survey_queue"),
    path("staff/surveys/<uuid:uid>/", staff.survey, name="staff_survey"),
    path("staff/surveys/<uuid:uid>/cancel-visit/", staff.cancel_visit, name="cancel_visit"),
    path("staff/surveys/<uuid:uid>/reveal/", staff.reveal_survey, name="reveal_survey"),
    path("staff/surveys/<uuid:uid>/withdraw/", staff.withdraw_survey, name="withdraw_survey"),
    *api.urlpatterns,
]
