"""The one link that leads in before anybody can sign in."""

from .links import Link


class FirstLink(Link):
    """Makes the first administrator: once, for a day, and only while there is none."""

    purpose = None  # type: ignore[assignment]  # it has no other
