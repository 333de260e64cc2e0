from django.urls import include, path
from rest_framework.routers import SimpleRouter

from notifications.api import WebhookViewSet
from notifications.views import (
    calls,
    campaigns,
    day,
    erasing,
    feeds,
    hands,
    imports,
    moving,
    public,
    records,
    retention,
    sending,
    series,
    staff,
    texts,
    wordings,
)

router = SimpleRouter(use_regex_path=False)
router.register("webhooks", WebhookViewSet, basename="api-webhook")

urlpatterns = [
    path("api/v1/", include(router.urls)),
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
    path("staff/import/<uuid:uid>/", imports.show, name="calendar_import"),
    path("staff/import/<uuid:uid>/progress/", imports.progress, name="import_progress"),
    path("staff/import/<uuid:uid>/start/", imports.start, name="start_import"),
    path("staff/import/<uuid:uid>/throw-away/", imports.throw_away, name="throw_away_import"),
    path("staff/calls/", calls.call_list, name="call_list"),
    path("staff/calls/print/", calls.print_calls, name="print_calls"),
    path("staff/calls/<uuid:uid>/", calls.record_call, name="record_call"),
    path("staff/feeds/", feeds.feed_health, name="feed_health"),
    path("staff/sending/", sending.sending_room, name="sending_room"),
    path("staff/sending/pause/", sending.pause_sending, name="pause_sending"),
    path("staff/sending/resume/", sending.resume_sending, name="resume_sending"),
    path("staff/sending/person/", sending.find_reader, name="find_reader"),
    path("staff/sending/templates/", wordings.message_templates, name="message_templates"),
    path("staff/sending/templates/<str:kind>/", wordings.message_template, name="message_template"),
    path(
        "staff/sending/templates/<str:kind>/<str:language>/",
        wordings.message_sample,
        name="message_sample",
    ),
    path("staff/readers/<uuid:uid>/", sending.reader, name="reader"),
    path("staff/readers/<uuid:uid>/reveal/", sending.reveal_reader, name="reveal_reader"),
    path("staff/readers/<uuid:uid>/export/", sending.export_reader, name="export_reader"),
    path("staff/messages/<uuid:uid>/again/", sending.send_again, name="send_again"),
    path("staff/campaigns/", campaigns.campaign_list, name="campaigns"),
    path("staff/campaigns/new/", campaigns.add_campaign, name="add_campaign"),
    path("staff/campaigns/<uuid:uid>/", campaigns.campaign, name="campaign"),
    path("staff/campaigns/<uuid:uid>/change/", campaigns.change_campaign, name="change_campaign"),
    path(
        "staff/campaigns/<uuid:uid>/progress/",
        campaigns.campaign_progress,
        name="campaign_progress",
    ),
    path(
        "staff/campaigns/<uuid:uid>/mail/<str:language>/",
        campaigns.campaign_mail,
        name="campaign_mail",
    ),
    *(
        path(f"staff/campaigns/<uuid:uid>/{step}/", view, name=f"{name}_campaign")
        for step, name, view in (
            ("test", "test", campaigns.test_campaign),
            ("propose", "propose", campaigns.propose_campaign),
            ("release", "release", campaigns.release_campaign),
            ("take-back", "take_back", campaigns.take_back_campaign),
            ("pause", "pause", campaigns.pause_campaign),
            ("resume", "resume", campaigns.resume_campaign),
            ("cancel", "cancel", campaigns.cancel_campaign),
        )
    ),
    path("staff/retention/", retention.retention, name="retention"),
    path(
        "staff/retention/periods/<str:record_class>/", retention.change_period, name="change_period"
    ),
    path("staff/retention/lists/new/", retention.make_list, name="make_list"),
    path("staff/retention/lists/<uuid:uid>/", retention.destruction_list, name="destruction_list"),
    path(
        "staff/retention/lists/<uuid:uid>/references/",
        retention.list_references,
        name="list_references",
    ),
    path("staff/retention/lists/<uuid:uid>/release/", retention.release_list, name="release_list"),
    path("staff/retention/lists/<uuid:uid>/drop/", retention.drop_list, name="drop_list"),
    path("staff/retention/holds/new/", retention.add_hold, name="add_hold"),
    path("staff/retention/holds/<uuid:uid>/lift/", retention.lift_hold, name="lift_hold"),
    path("staff/retention/person/", erasing.find_to_erase, name="find_to_erase"),
    path("staff/retention/people/<uuid:uid>/erase/", erasing.erase_person, name="erase_person"),
    path("staff/retention/erasures/<uuid:uid>/", erasing.erasure, name="erasure"),
    path(
        "staff/retention/erasures/<uuid:uid>/reveal/", erasing.reveal_erased, name="reveal_erased"
    ),
    path("staff/records/", records.records_exports, name="records_exports"),
    path("staff/records/<uuid:uid>/", records.records_export, name="records_export"),
    path("staff/records/<uuid:uid>/take/", records.take_export, name="take_export"),
    path("staff/subscriptions/new/", staff.add_subscription, name="add_subscription"),
]
