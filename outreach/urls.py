from django.urls import path

from outreach.views import (
    department,
    first,
    locating,
    passwords,
    people,
    second_factor,
    surveys,
    trust,
    venues,
)

urlpatterns = [
    path("find-my-beat/", locating.find_beat, name="find_beat"),
    path("team/", people.team, name="team"),
    path("privacy/", trust.privacy, name="privacy"),
    path("genuine/", trust.genuine, name="genuine"),
    path("accessibility/", trust.accessibility, name="accessibility"),
    path("first/<str:token>/", first.first_administrator, name="first_administrator"),
    path("password/<str:token>/", passwords.set_password, name="set_password"),
    path("staff/second-factor/", second_factor.second_factor, name="second_factor"),
    path("staff/department/", department.department, name="department"),
    path("surveys/request/", surveys.request_survey, name="request_survey"),
    path("staff/homes/new/", venues.add_home, name="add_home"),
    path("staff/homes/<uuid:uid>/reveal/", venues.reveal_home, name="reveal_home"),
    path("staff/surveys/new/", surveys.add_survey_request, name="add_survey_request"),
]
