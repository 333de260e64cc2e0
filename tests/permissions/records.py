"""The schedule, holds, lists, erasures and requests for records."""

from tests.permissions.table import Table

TABLE = Table()
row = TABLE.row

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
