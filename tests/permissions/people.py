"""Hours and leave, closed days, and the accounts of staff."""

from tests.permissions.table import Table

TABLE = Table()
row = TABLE.row

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
