"""Who gets what at every address: one row for each name and method.

The answers stand in the order of ROLES. A survey of a beat is nobody's but its pair's and the
sergeant's, and an unknown id looks the same as one that is not yours: 404.
"""

ROLES = [
    "anonymous", "cpc", "other", "sergeant", "planner", "administrator", "records_clerk",
    "read_only",
]  # fmt: skip

# (name, arguments, method): answers
TABLE: dict[tuple[str, str, str], list[int]] = {}


def row(name: str, arguments: str, method: str, *answers: int) -> None:
    assert len(answers) in {1, len(ROLES)}, name
    TABLE[name, arguments, method] = list(answers) * (1 if len(answers) > 1 else len(ROLES))


for page in (
    "home",
    "beats",
    "events",
    "team",
    "privacy",
    "genuine",
    "accessibility",
    "find_beat",
    "subscribe",
    "subscribed",
    "request_survey",
    "robots",
    "livez",
    "readyz",
    "metrics",
    "city_feed",
    "city_atom",
    "events_csv",
    "embed_city",
    "embed_about",
    "api_schema",
    "api_docs",
    "api-beat-list",
    "api-venue-list",
    "api-event-list",
):
    row(page, "", "GET", 200)
row("health", "", "GET", 503)  # from this machine; no worker signs in a test
row("beat", "code", "GET", 200)
row("beat_feed", "code", "GET", 200)
row("beat_program_feed", "code program", "GET", 200)
row("program_feed", "program", "GET", 200)
row("city_atom_in", "language", "GET", 200)
row("beat_atom", "code", "GET", 200)
row("beat_atom_in", "code language", "GET", 200)
row("beat_csv", "code", "GET", 200)
row("embed_beat", "code", "GET", 200)
row("beat_month", "code month", "GET", 200)
row("beat_month", "code far month", "GET", 404)
row("month_flyer", "code month language", "GET", 200)
row("month_flyer", "code month no language", "GET", 404)
for page in ("city_atom", "events_csv", "embed_city", "embed_about"):
    row(page, "", "POST", 405)
row("event", "event", "GET", 200)
row("event_file", "event", "GET", 200)
row("add_to_calendar", "event", "GET", 303)
row("add_to_calendar", "visit", "GET", 404)
row("event", "visit", "GET", 404)
row("event_file", "visit", "GET", 404)
row("api-beat-detail", "code", "GET", 200)
row("api-venue-detail", "venue", "GET", 200)
row("api-event-detail", "event", "GET", 200)
row("api-event-detail", "visit", "GET", 404)
row("api-event-list", "", "POST", 401, 400, 400, 400, 400, 403, 403, 403)
row("api-event-detail", "event", "PATCH", 401, 200, 403, 200, 403, 403, 403, 403)
row("api-event-detail", "visit", "PATCH", 401, 404, 404, 404, 404, 404, 403, 404)
row("api-event-detail", "event", "PUT", 401, 405, 405, 405, 405, 405, 405, 405)
row("api-event-cancel", "event", "GET", 405)
row("api-event-cancel", "event", "POST", 401, 400, 403, 400, 403, 403, 403, 403)
row("api-event-cancel", "visit", "POST", 401, 404, 404, 404, 404, 404, 403, 404)
row("api-attendance", "past", "GET", 401, 200, 403, 200, 403, 403, 200, 403)
row("api-attendance", "past", "PUT", 401, 400, 403, 400, 403, 403, 403, 403)
row("api-attendance", "visit", "GET", 401, 404, 404, 404, 404, 404, 404, 404)
row("api-numbers", "", "GET", 401, 200, 200, 200, 200, 200, 200, 200)
row("api-event-request-list", "", "GET", 401, 200, 200, 200, 200, 200, 200, 403)
row("api-event-request-list", "", "POST", 401, 400, 400, 400, 400, 403, 403, 403)
row("api-event-request-detail", "asked", "GET", 401, 200, 404, 200, 404, 404, 200, 403)
row("api-webhook-list", "", "GET", 401, 403, 403, 403, 403, 200, 403, 403)
row("api-webhook-list", "", "POST", 401, 403, 403, 403, 403, 400, 403, 403)
row("api-webhook-detail", "webhook", "GET", 401, 403, 403, 403, 403, 200, 403, 403)
row("api-webhook-detail", "ended webhook", "DELETE", 401, 403, 403, 403, 403, 204, 403, 403)
row("api-webhook-detail", "nothing", "GET", 401, 403, 403, 403, 403, 404, 403, 403)
row("home", "", "POST", 405)
row("city_feed", "", "POST", 405)
row("event", "event", "POST", 405)

# Public forms: an empty one comes back with its errors.
row("find_beat", "", "POST", 200)
row("subscribe", "", "POST", 200)
row("request_survey", "", "POST", 200)
row("set_language", "", "POST", 302)

# Own links: whoever holds one.
row("own_survey", "survey_token", "GET", 200)
row("own_survey", "other_token", "GET", 404)
row("cancel_own_visit", "survey_token", "GET", 405)
row("withdraw_own", "survey_token", "GET", 405)
row("cancel_own_visit", "other_token", "POST", 404)
for answer in ("confirm_own_visit", "own_visit_language"):
    row(answer, "survey_token", "GET", 405)
    row(answer, "other_token", "POST", 404)
    row(answer, "survey_token", "POST", 302)
for answer in ("confirm_own_seats", "own_seats_language"):
    row(answer, "rsvp_token", "GET", 405)
    row(answer, "other_token", "POST", 404)
    row(answer, "rsvp_token", "POST", 302)
row("withdraw_own", "other_token", "POST", 404)
row("cancel_own_visit", "survey_token", "POST", 302)
row("withdraw_own", "survey_token", "POST", 302)
row("confirm", "confirm_token", "GET", 200)
row("confirm", "preferences_token", "GET", 404)
row("preferences", "preferences_token", "GET", 200)
row("preferences", "other_token", "GET", 404)
row("leave", "preferences_token", "GET", 200)
row("leave", "preferences_token", "POST", 200)
row("leave", "other_token", "POST", 404)
row("text_status", "nothing", "POST", 403)
row("text_status", "nothing", "GET", 405)
row("text_received", "", "POST", 403)
row("text_received", "", "GET", 405)
row("confirm", "confirm_token", "POST", 200)
row("preferences", "preferences_token", "POST", 200)

# The first administrator: there is one already.
row("first_administrator", "first_token", "GET", 404)
row("first_administrator", "first_token", "POST", 404)

# Staff.
row("department", "", "GET", 302, 403, 403, 200, 403, 200, 403, 403)
row("department", "", "POST", 302, 403, 403, 403, 403, 200, 403, 403)
for page in ("staff_day", "staff_week", "lookup"):
    row(page, "", "GET", 302, 200, 200, 200, 200, 200, 200, 200)
row("survey_queue", "", "GET", 302, 200, 200, 200, 200, 200, 200, 403)
for page in ("find_time", "add_subscription", "add_survey_request"):
    row(page, "", "GET", 302, 200, 200, 200, 200, 200, 403, 403)
row("call_list", "", "GET", 302, 200, 200, 200, 200, 200, 200, 403)
row("print_calls", "", "GET", 302, 405, 405, 405, 405, 405, 405, 405)
row("print_calls", "", "POST", 302, 200, 200, 200, 200, 200, 200, 403)
for page in ("sending_room", "feed_health", "find_reader", "message_templates"):
    row(page, "", "GET", 302, 200, 200, 200, 200, 403, 200, 403)
row("feed_health", "", "POST", 302, 405, 405, 405, 405, 405, 403, 403)
row("find_reader", "", "POST", 302, 200, 200, 200, 200, 403, 200, 403)
row("pause_sending", "", "GET", 302, 405, 405, 405, 405, 405, 405, 405)
row("pause_sending", "", "POST", 302, 200, 200, 200, 200, 403, 403, 403)
row("resume_sending", "", "GET", 302, 405, 405, 405, 405, 405, 405, 405)
row("resume_sending", "", "POST", 302, 404, 404, 404, 404, 403, 403, 403)
row("message_template", "kind", "GET", 302, 200, 200, 200, 200, 403, 200, 403)
row("message_template", "no kind", "GET", 302, 404, 404, 404, 404, 403, 404, 403)
row("message_sample", "kind language", "GET", 302, 200, 200, 200, 200, 403, 200, 403)
row("message_sample", "kind no language", "GET", 302, 404, 404, 404, 404, 403, 404, 403)
row("reader", "guest", "GET", 302, 200, 404, 200, 404, 403, 200, 403)
row("reader", "nothing", "GET", 302, 404, 404, 404, 404, 403, 404, 403)
row("reveal_reader", "guest", "GET", 302, 405, 405, 405, 405, 405, 405, 405)
row("reveal_reader", "guest", "POST", 302, 200, 404, 200, 404, 403, 200, 403)
row("export_reader", "guest", "GET", 302, 405, 405, 405, 405, 405, 405, 405)
row("export_reader", "guest", "POST", 302, 200, 404, 200, 404, 403, 200, 403)
row("send_again", "guest message", "GET", 302, 405, 405, 405, 405, 405, 405, 405)
row("send_again", "guest message", "POST", 302, 302, 404, 302, 404, 403, 403, 403)
row("campaigns", "", "GET", 302, 200, 200, 200, 403, 403, 200, 403)
row("add_campaign", "", "GET", 302, 200, 200, 200, 403, 403, 403, 403)
row("add_campaign", "", "POST", 302, 200, 200, 200, 403, 403, 403, 403)
for page in ("campaign", "campaign_progress"):
    row(page, "campaign", "GET", 302, 200, 200, 200, 403, 403, 200, 403)
    row(page, "nothing", "GET", 302, 404, 404, 404, 403, 403, 404, 403)
row("campaign_mail", "campaign language", "GET", 302, 200, 200, 200, 403, 403, 200, 403)
row("campaign_mail", "campaign no language", "GET", 302, 404, 404, 404, 403, 403, 404, 403)
row("change_campaign", "campaign", "GET", 302, 200, 403, 200, 403, 403, 403, 403)
row("change_campaign", "campaign", "POST", 302, 200, 403, 200, 403, 403, 403, 403)
row("test_campaign", "campaign", "POST", 302, 302, 302, 302, 403, 403, 403, 403)
row("release_campaign", "campaign", "POST", 302, 302, 302, 302, 403, 403, 403, 403)
for step in ("propose", "take_back", "pause", "resume", "cancel"):
    row(f"{step}_campaign", "campaign", "GET", 302, 405, 405, 405, 405, 405, 405, 405)
    row(f"{step}_campaign", "campaign", "POST", 302, 302, 403, 302, 403, 403, 403, 403)
row("test_campaign", "campaign", "GET", 302, 405, 405, 405, 405, 405, 405, 405)
row("release_campaign", "campaign", "GET", 302, 405, 405, 405, 405, 405, 405, 405)
row("add_home", "", "GET", 302, 200, 200, 200, 200, 200, 403, 403)
row("add_home", "", "POST", 302, 200, 200, 200, 200, 200, 403, 403)
row("reveal_home", "home", "GET", 302, 405, 405, 405, 405, 405, 405, 405)
row("reveal_home", "home", "POST", 302, 200, 404, 200, 404, 404, 200, 404)
row("reveal_home", "venue", "POST", 302, 404, 404, 404, 404, 404, 404, 404)
row("add_event", "", "GET", 302, 200, 200, 200, 200, 403, 403, 403)
row("add_event", "", "POST", 302, 200, 200, 200, 200, 403, 403, 403)
row("add_series", "", "GET", 302, 200, 200, 200, 200, 403, 403, 403)
row("add_series", "", "POST", 302, 200, 200, 200, 200, 403, 403, 403)
row("staff_series_list", "", "GET", 302, 200, 200, 200, 200, 403, 200, 200)
row("staff_series", "series", "GET", 302, 200, 200, 200, 200, 403, 200, 200)
row("staff_series", "nothing", "GET", 302, 404, 404, 404, 404, 403, 404, 404)
row("add_series_date", "series", "GET", 302, 405, 405, 405, 405, 405, 405, 405)
row("add_series_date", "series", "POST", 302, 302, 403, 302, 403, 403, 403, 403)
row("change_series", "series", "GET", 302, 200, 403, 200, 403, 403, 403, 403)
row("change_series", "series", "POST", 302, 200, 403, 200, 403, 403, 403, 403)
row("cancel_series", "series", "GET", 302, 200, 403, 200, 403, 403, 403, 403)
row("cancel_series", "series", "POST", 302, 200, 403, 200, 403, 403, 403, 403)
row("change_event", "occurrence", "GET", 302, 200, 403, 200, 403, 403, 403, 403)
row("cancel_event", "occurrence", "GET", 302, 200, 403, 200, 403, 403, 403, 403)
row("staff_event", "occurrence", "GET", 302, 200, 200, 200, 200, 200, 200, 200)
row("claim_occurrence", "occurrence", "GET", 302, 405, 405, 405, 405, 405, 405, 405)
row("claim_occurrence", "occurrence", "POST", 302, 302, 403, 302, 403, 403, 403, 403)
row("claim_occurrence", "visit", "POST", 302, 302, 404, 302, 404, 404, 403, 403)
for method in ("GET", "POST"):
    row("add_import", "", method, 302, 200, 200, 200, 200, 403, 403, 403)
for page in ("calendar_import", "import_progress"):
    row(page, "import", "GET", 302, 200, 404, 404, 404, 403, 403, 403)
    row(page, "nothing", "GET", 302, 404, 404, 404, 404, 403, 403, 403)
for page in ("start_import", "throw_away_import"):
    row(page, "import", "GET", 302, 405, 405, 405, 405, 405, 405, 405)
    row(page, "import", "POST", 302, 302, 404, 404, 404, 403, 403, 403)
row("lookup", "", "POST", 302, 200, 200, 200, 200, 200, 200, 200)
row("add_subscription", "", "POST", 302, 200, 200, 200, 200, 200, 403, 403)
row("add_survey_request", "", "POST", 302, 200, 200, 200, 200, 200, 403, 403)
row("staff_event", "event", "GET", 302, 200, 200, 200, 200, 200, 200, 200)
row("staff_event", "visit", "GET", 302, 200, 404, 200, 404, 404, 200, 404)
row("change_event", "event", "GET", 302, 200, 403, 200, 403, 403, 403, 403)
row("change_event", "event", "POST", 302, 200, 403, 200, 403, 403, 403, 403)
row("change_event", "visit", "GET", 302, 302, 404, 302, 404, 404, 403, 404)
row("move_event", "event", "GET", 302, 200, 403, 200, 403, 403, 403, 403)
row("move_event", "event", "POST", 302, 200, 403, 200, 403, 403, 403, 403)
row("move_event", "visit", "GET", 302, 302, 404, 302, 404, 404, 403, 404)
row("cancel_event", "event", "GET", 302, 200, 403, 200, 403, 403, 403, 403)
row("cancel_event", "event", "POST", 302, 200, 403, 200, 403, 403, 403, 403)
row("cancel_event", "visit", "GET", 302, 200, 404, 200, 404, 404, 403, 404)
row("staff_survey", "request", "GET", 302, 200, 404, 200, 404, 404, 200, 404)
row("staff_survey", "request", "POST", 302, 200, 404, 200, 404, 404, 403, 403)
row("staff_survey", "nothing", "GET", 302, 404, 404, 404, 404, 404, 404, 404)
row("cancel_visit", "request", "GET", 302, 200, 404, 200, 404, 404, 403, 404)
row("cancel_visit", "request", "POST", 302, 200, 404, 200, 404, 404, 403, 403)
row("reveal_survey", "request", "GET", 302, 405, 405, 405, 405, 405, 405, 405)
row("reveal_survey", "request", "POST", 302, 200, 404, 200, 404, 404, 200, 404)
row("withdraw_survey", "request", "GET", 302, 405, 405, 405, 405, 405, 405, 405)
row("withdraw_survey", "request", "POST", 302, 302, 404, 302, 404, 404, 403, 403)
row("record_call", "call", "GET", 302, 405, 405, 405, 405, 405, 405, 405)
row("record_call", "call", "POST", 302, 302, 404, 302, 404, 404, 403, 403)

# Seats: the public signs up, a household has its link, and staff of the beat keep the list.
row("take_seats", "event", "GET", 200)
row("take_seats", "event", "POST", 200)
row("take_seats", "past", "GET", 404)
row("take_seats", "visit", "GET", 404)
row("seats_taken", "event", "GET", 200)
row("seats_taken", "visit", "GET", 404)
row("ask_needs", "event", "GET", 200)
row("ask_needs", "event", "POST", 200)
row("ask_needs", "visit", "GET", 404)
row(
    "own_seats", "rsvp_token", "GET", 200, 302, 200, 302, 200, 200, 200, 200
)  # at the door: to the check-in
row("own_seats", "other_token", "GET", 404)
row("own_seats", "survey_token", "GET", 404)
row("change_own_seats", "rsvp_token", "GET", 405)
row("change_own_seats", "rsvp_token", "POST", 200)
row("change_own_seats", "other_token", "POST", 404)
row("give_back_own", "rsvp_token", "GET", 405)
row("give_back_own", "other_token", "POST", 404)
row("give_back_own", "rsvp_token", "POST", 302)
for page, arguments in {
    "event_seats": "event",
    "add_sign_up": "event",
    "sign_up": "event rsvp",
    "door": "event",
    "check_in": "event rsvp",
    "add_needs": "event",
    "close_event": "past",
}.items():
    for method in ("GET", "POST"):
        row(page, arguments, method, 302, 200, 403, 200, 403, 403, 403, 403)
row("sign_in_sheet", "event", "GET", 302, 200, 403, 200, 403, 403, 200, 403)
row("sign_in_sheet", "visit", "GET", 302, 404, 404, 404, 404, 404, 404, 404)
for page in ("event_seats", "add_sign_up", "door", "add_needs"):
    row(page, "visit", "GET", 302, 404, 404, 404, 404, 404, 403, 404)
row("close_event", "visit", "GET", 302, 200, 404, 200, 404, 404, 403, 404)
for page, arguments in {
    "give_back": "event rsvp",
    "undo_heads": "event attendance",
    "change_need": "event need",
}.items():
    row(page, arguments, "GET", 302, 405, 405, 405, 405, 405, 405, 405)
    row(page, arguments, "POST", 302, 302, 403, 302, 403, 403, 403, 403)
row("walk_in", "event", "GET", 302, 405, 405, 405, 405, 405, 405, 405)
row("walk_in", "event", "POST", 302, 200, 403, 200, 403, 403, 403, 403)

# What happened, and the figures of it.
for method in ("GET", "POST"):
    row("log_activity", "", method, 302, 200, 200, 200, 200, 403, 403, 403)
    row("answer_heard", "heard", method, 302, 200, 404, 200, 404, 403, 403, 403)
row("staff_heard", "", "GET", 302, 200, 200, 200, 200, 403, 200, 403)
for page in ("staff_numbers", "numbers_csv", "patrol_sheet"):
    row(page, "", "GET", 302, 200, 200, 200, 200, 200, 200, 200)

# Requests for events.
row("request_event", "", "GET", 200)
row("request_event", "", "POST", 200)
row("own_event_request", "asked_token", "GET", 200)
row("own_event_request", "other_token", "GET", 404)
row("withdraw_own_event_request", "asked_token", "GET", 405)
row("withdraw_own_event_request", "other_token", "POST", 404)
row("withdraw_own_event_request", "withdrawn_token", "POST", 302)
row("event_requests", "", "GET", 302, 200, 200, 200, 200, 200, 200, 403)
row("add_event_request", "", "GET", 302, 200, 200, 200, 200, 200, 403, 403)
row("add_event_request", "", "POST", 302, 200, 200, 200, 200, 200, 403, 403)
row("event_request", "asked", "GET", 302, 200, 404, 200, 404, 404, 200, 403)
row("event_request", "asked", "POST", 302, 200, 404, 200, 404, 404, 403, 403)
row("event_request", "nothing", "GET", 302, 404, 404, 404, 404, 404, 404, 403)
row("decline_event_request", "asked", "GET", 302, 200, 404, 200, 404, 404, 403, 403)
row("decline_event_request", "asked", "POST", 302, 200, 404, 200, 404, 404, 403, 403)
row("reveal_event_request", "asked", "GET", 302, 405, 405, 405, 405, 405, 405, 405)
row("reveal_event_request", "asked", "POST", 302, 200, 404, 200, 404, 404, 200, 403)
row("withdraw_event_request", "asked", "GET", 302, 405, 405, 405, 405, 405, 405, 405)
row("withdraw_event_request", "asked", "POST", 302, 302, 404, 302, 404, 404, 403, 403)

# Change of hands: for those who manage an event and those who go to it.
for method in ("GET", "POST"):
    row("hand_over", "event", method, 302, 200, 403, 200, 403, 403, 403, 403)
    row("recall", "", method, 302, 200, 200, 200, 200, 403, 403, 403)
row("hand_over", "visit", "GET", 302, 200, 404, 200, 404, 404, 403, 404)
row("say_late", "event", "GET", 302, 405, 405, 405, 405, 405, 405, 405)
row("say_late", "event", "POST", 302, 302, 403, 302, 403, 403, 403, 403)
row("say_late", "visit", "POST", 302, 302, 404, 302, 404, 404, 403, 403)

# Hours and leave: everybody reads, oneself and the sergeant keep. The person is the cpc.
row("availability", "", "GET", 302, 200, 200, 200, 200, 200, 200, 403)
row("availability_of", "person", "GET", 302, 200, 200, 200, 200, 200, 200, 403)
row("availability_of", "nobody", "GET", 302, 404, 404, 404, 404, 404, 404, 403)
for page in ("set_hours", "take_leave", "swap_shift", "bring_in"):
    for method in ("GET", "POST"):
        row(page, "person", method, 302, 200, 403, 200, 403, 403, 403, 403)
for page, arguments in {"remove_leave": "person leave", "remove_extra_day": "person extra"}.items():
    row(page, arguments, "GET", 302, 405, 405, 405, 405, 405, 405, 405)
row("remove_leave", "person leave", "POST", 302, 302, 403, 302, 403, 403, 403, 403)
row("remove_extra_day", "person extra", "POST", 302, 302, 403, 302, 403, 403, 403, 403)

# Closed days and hours of venues: everybody reads, the sergeant sets.
row("closures", "", "GET", 302, 200, 200, 200, 200, 200, 200, 200)
for method in ("GET", "POST"):
    row("add_closure", "", method, 302, 403, 403, 200, 403, 403, 403, 403)
    row("venue_hours", "venue", method, 302, 403, 403, 200, 403, 403, 403, 403)
row("venue_hours", "home", "GET", 302, 403, 403, 404, 403, 403, 403, 403)
row("lift_closure", "", "GET", 302, 405, 405, 405, 405, 405, 405, 405)
row("lift_closure", "", "POST", 302, 403, 403, 200, 403, 403, 403, 403)
row("remove_closure", "closure", "GET", 302, 405, 405, 405, 405, 405, 405, 405)
row("remove_closure", "closure", "POST", 302, 403, 403, 302, 403, 403, 403, 403)

# Accounts of staff: the administrator keeps them, the sergeant reads.
row("people", "", "GET", 302, 403, 403, 200, 403, 200, 403, 403)
row("people", "", "POST", 302, 405, 405, 405, 405, 405, 403, 403)
row("add_person", "", "GET", 302, 403, 403, 403, 403, 200, 403, 403)
row("add_person", "", "POST", 302, 403, 403, 403, 403, 200, 403, 403)
row("person", "someone", "GET", 302, 403, 403, 200, 403, 200, 403, 403)
row("person", "someone", "POST", 302, 403, 403, 403, 403, 200, 403, 403)
row("person", "nobody", "GET", 302, 403, 403, 404, 403, 404, 403, 403)
row("person_leaves", "someone", "GET", 302, 403, 403, 403, 403, 200, 403, 403)
row("person_leaves", "someone", "POST", 302, 403, 403, 403, 403, 200, 403, 403)
row("person_leaves", "nobody", "GET", 302, 403, 403, 403, 403, 404, 403, 403)
for page, answer in {
    "new_password_link": 200, "reset_second_factor": 302, "person_returns": 200,
}.items():  # fmt: skip
    row(page, "someone", "GET", 302, 405, 405, 405, 405, 405, 405, 405)
    row(page, "someone", "POST", 302, 403, 403, 403, 403, answer, 403, 403)
    row(page, "nobody", "POST", 302, 403, 403, 403, 403, 404, 403, 403)
row("set_password", "password_token", "GET", 200)
row("set_password", "password_token", "POST", 200)
row("set_password", "other_token", "GET", 404)
row("second_factor", "", "GET", 302, 302, 302, 302, 302, 302, 302, 302)

# Sign-in and own account.
row("oidc_start", "", "GET", 404)  # no provider is set
row("oidc_callback", "", "GET", 404)
for page in (
    "account_email", "account_set_password",
    "account_reset_password_done", "account_reset_password_from_key_done",
    "account_email_verification_sent",
):  # fmt: skip
    row(page, "", "GET", 404)  # the administrator gives passwords and addresses
row("account_reset_password", "", "GET", 200)  # says whom to ask
row("account_reset_password", "", "POST", 405)
row("usersessions_list", "", "GET", 302, 200, 200, 200, 200, 200, 200, 200)
row("mfa_list_webauthn", "", "GET", 302, 200, 200, 200, 200, 200, 200, 200)
row("account_login", "", "GET", 200, 302, 302, 302, 302, 302, 302, 302)
row("account_logout", "", "GET", 302, 200, 200, 200, 200, 200, 200, 200)
row("account_inactive", "", "GET", 200)
row("account_signup", "", "GET", 200, 302, 302, 302, 302, 302, 302, 302)  # closed: says so
row("account_reauthenticate", "", "GET", 302, 200, 200, 200, 200, 200, 200, 200)
row("account_change_password", "", "GET", 302, 200, 200, 200, 200, 200, 200, 200)
row("mfa_index", "", "GET", 302, 200, 200, 200, 200, 200, 200, 200)

# Parts of the sign-in package that need a state of their own; none shows anything of ours.
ELSEWHERE = {
    "closed",
    "account_confirm_login_code",
    "account_confirm_email",
    "account_reset_password_from_key",
    "mfa_authenticate",
    "mfa_reauthenticate",
    "mfa_activate_totp",
    "mfa_deactivate_totp",
    "mfa_view_recovery_codes",
    "mfa_generate_recovery_codes",
    "mfa_download_recovery_codes",
    "mfa_add_webauthn",
    "mfa_edit_webauthn",
    "mfa_remove_webauthn",
    "mfa_reauthenticate_webauthn",
}

# Calendars in further languages, of groups, and one's own.
row("city_feed_in", "language", "GET", 200)
row("beat_feed_in", "language code", "GET", 200)
row("beat_program_feed_in", "language code program", "GET", 200)
row("program_feed_in", "language program", "GET", 200)
row("group_feed", "group", "GET", 200)
row("group_feed_in", "language group", "GET", 200)
row("own_feed", "feed_token", "GET", 200)
row("own_feed", "other_feed_token", "GET", 404)
for name, arguments in (("city_feed", ""), ("group_feed", "group"), ("own_feed", "feed_token")):
    row(name, arguments, "POST", 405)
row("watch_groups", "", "GET", 302, 200, 200, 200, 200, 200, 200, 200)
for method in ("GET", "POST"):
    row("add_group", "", method, 302, 200, 200, 200, 200, 403, 403, 403)
    row("change_group", "group", method, 302, 200, 403, 200, 403, 403, 403, 403)
    row("change_group", "no group", method, 302, 404, 404, 404, 404, 403, 403, 403)
row("own_calendar", "", "GET", 302, 200, 200, 200, 200, 403, 403, 403)
for page in ("renew_own_calendar", "revoke_own_calendar"):
    row(page, "", "GET", 302, 405, 405, 405, 405, 405, 405, 405)
    row(page, "", "POST", 302, 302, 302, 302, 302, 403, 403, 403)

# Records: the sergeant and the administrator keep them, the records clerk reads and exports, the
# administrator sets the schedule, and an export is its maker's (here the sergeant's).
row("retention", "", "GET", 302, 403, 403, 200, 403, 200, 200, 403)
for method in ("GET", "POST"):
    row("change_period", "record class", method, 302, 403, 403, 403, 403, 200, 403, 403)
    row("add_hold", "", method, 302, 403, 403, 200, 403, 200, 403, 403)
    row("lift_hold", "hold", method, 302, 403, 403, 200, 403, 200, 403, 403)
    row("find_to_erase", "", method, 302, 403, 403, 200, 403, 200, 403, 403)
    row("erase_person", "guest", method, 302, 403, 403, 200, 403, 200, 403, 403)
    row("records_exports", "", method, 302, 403, 403, 200, 403, 200, 200, 403)
row("change_period", "no record class", "GET", 302, 403, 403, 403, 403, 404, 403, 403)
row("erase_person", "nothing", "GET", 302, 403, 403, 404, 403, 404, 403, 403)
row("make_list", "", "GET", 302, 405, 405, 405, 405, 405, 405, 405)
row("make_list", "", "POST", 302, 403, 403, 302, 403, 302, 403, 403)
for page in ("destruction_list", "list_references"):
    row(page, "list", "GET", 302, 403, 403, 200, 403, 200, 200, 403)
    row(page, "nothing", "GET", 302, 403, 403, 404, 403, 404, 404, 403)
for page, answer in {"release_list": 200, "drop_list": 302}.items():
    row(page, "list", "GET", 302, 405, 405, 405, 405, 405, 405, 405)
    row(page, "list", "POST", 302, 403, 403, answer, 403, answer, 403, 403)
row("erasure", "erasure", "GET", 302, 403, 403, 200, 403, 200, 200, 403)
row("reveal_erased", "erasure", "GET", 302, 405, 405, 405, 405, 405, 405, 405)
row("reveal_erased", "erasure", "POST", 302, 403, 403, 200, 403, 200, 403, 403)
row("records_export", "export", "GET", 302, 403, 403, 200, 403, 404, 404, 403)
row("take_export", "export", "GET", 302, 405, 405, 405, 405, 405, 405, 405)
row("take_export", "export", "POST", 302, 403, 403, 302, 403, 404, 404, 403)
