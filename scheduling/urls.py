from django.urls import path

from scheduling.api import urls as api
from scheduling.views import feeds, finding, public, series, staff, week

urlpatterns = [
    path("", public.home, name="home"),
    path("beats/", public.beats, name="beats"),
    path("beats/<slug:code>/", public.beat, name="beat"),
    path("events/", public.events, name="events"),
    path("events/<uuid:uid>/", public.event, name="event"),
    path("events/<uuid:uid>.ics", feeds.event_file, name="event_file"),
    path("events/<uuid:uid>/calendar/", feeds.add_to_calendar, name="add_to_calendar"),
    path("feeds/all.ics", feeds.feed, name="city_feed"),
    path("feeds/beats/<slug:code>.ics", feeds.feed, name="beat_feed"),
    path("feeds/beats/<slug:code>/<slug:program>.ics", feeds.feed, name="beat_program_feed"),
    path("feeds/programs/<slug:program>.ics", feeds.feed, name="program_feed"),
    path("own/<str:token>/", public.own_survey, name="own_survey"),
    path("own/<str:token>/cancel/", public.cancel_own_visit, name="cancel_own_visit"),
    path(
        "own/<str:token>/withdraw/",
        public.withdraw_own,
        name="withdraw_own",
    ),
    path("staff/week/", week.week, name="staff_week"),
    path("staff/find/", finding.find_time, name="find_time"),
    path("staff/series/new/", series.add_series, name="add_series"),
    path("staff/series/<uuid:uid>/", series.show, name="staff_series"),
    path("staff/series/<uuid:uid>/dates/", series.add_date, name="add_series_date"),
    path("staff/events/<uuid:uid>/claim/", series.claim, name="claim_occurrence"),
    path("staff/lookup/", staff.lookup, name="lookup"),
    path("staff/surveys/", staff.survey_queue, name="survey_queue"),
    path("staff/surveys/<uuid:uid>/", staff.survey, name="staff_survey"),
    path("staff/surveys/<uuid:uid>/cancel-visit/", staff.cancel_visit, name="cancel_visit"),
    path("staff/surveys/<uuid:uid>/reveal/", staff.reveal_survey, name="reveal_survey"),
    path("staff/surveys/<uuid:uid>/withdraw/", staff.withdraw_survey, name="withdraw_survey"),
    *api.urlpatterns,
]
