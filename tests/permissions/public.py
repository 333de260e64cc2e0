"""What anybody opens: public pages, the API, and links of people without an account."""

from tests.permissions.table import Table

TABLE = Table()
row = TABLE.row

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
