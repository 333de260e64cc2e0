"""Calendars in further languages, of groups, and one's own."""

from tests.permissions.table import Table

TABLE = Table()
row = TABLE.row

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
