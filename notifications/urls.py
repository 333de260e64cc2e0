from django.urls import path

from notifications.views import day, hands, moving, public, series, staff, texts

urlpatterns = [
    path("subscribe/", public.subscribe, name="subscribe"),
    path("subscribe/thanks/", public.subscribed, name="subscribed"),
    path("subscribe/confirm/<str:token>/", public.confirm, name="confirm"),
    path("preferences/<str:token>/", public.preferences, name="preferences"),
    path("leave/<str:token>/", public.leave, name="leave"),
    path("texts/status/<uuid:uid>/", texts.text_status, name="text_status"),
    path("texts/received/", texts.text_received, name="text_received"),
    path("staff/", day.day, name="staff_day"),
    path("staff/events/new/", staff.add_event, name="add_event"),
    path("staff/events/<uuid:uid>/", staff.event, name="staff_event"),
    path("staff/events/<uuid:uid>/change/", staff.change_event, name="change_event"),
    path("staff/events/<uuid:uid>/cancel/", staff.cancel_event, name="cancel_event"),
    path("staff/events/<uuid:uid>/move/", moving.move_event, name="move_event"),
    path("staff/events/<uuid:uid>/hand-over/", hands.hand_over, name="hand_over"),
    path("staff/events/<uuid:uid>/late/", hands.late, name="say_late"),
    path("staff/recall/", hands.recall, name="recall"),
    path("staff/series/<uuid:uid>/change/", series.change_series, name="change_series"),
    path("staff/series/<uuid:uid>/cancel/", series.cancel_series, name="cancel_series"),
    path("staff/calls/<uuid:uid>/", staff.record_call, name="record_call"),
    path("staff/subscriptions/new/", staff.add_subscription, name="add_subscription"),
]
