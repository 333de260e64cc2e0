"""Words of this app that are put together from numbers."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

DAY = 24 * 60


def lead_text(minutes: int) -> str:
    """How long before an event: in the largest unit that comes out even."""
    if minutes % (7 * DAY) == 0:
        weeks = minutes // (7 * DAY)
        return ngettext("%(n)d week before", "%(n)d weeks before", weeks) % {"n": weeks}
    if minutes % DAY == 0:
        days = minutes // DAY
        return ngettext("%(n)d day before", "%(n)d days before", days) % {"n": days}
    if minutes % 60 == 0:
        hours = minutes // 60
        return ngettext("%(n)d hour before", "%(n)d hours before", hours) % {"n": hours}
    return _("%(n)d minutes before") % {"n": minutes}


def masked(address: str) -> str:
    """A mailbox or number as staff see it until they ask: r···@e···.org, ···0123."""
    if "@" not in address:
        return f"···{address[-4:]}" if address else ""
    name, _at, domain = address.rpartition("@")
    host, _dot, top = domain.rpartition(".")
    return f"{name[:1]}···@{host[:1]}···.{top}"
