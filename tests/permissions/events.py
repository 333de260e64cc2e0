"""Seats, the door, close-outs, requests for events and changes of hands."""

from tests.permissions.table import Table

TABLE = Table()
row = TABLE.row

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
