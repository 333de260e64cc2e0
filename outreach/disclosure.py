"""How much of a place the public may read, everywhere alike: pages, feeds, GEO, maps."""

from outreach.enums import Disclosure, VenueKind
from outreach.models import Venue


def public_parts(venue: Venue) -> tuple[str, str]:
    """(name, street): both, the block alone, or neither."""
    if venue.disclosure == Disclosure.FULL and venue.kind != VenueKind.HOME:
        return venue.name, venue.address
    if venue.disclosure == Disclosure.HIDDEN:
        return "", ""
    return "", venue.block


def public_place(venue: Venue) -> str:
    """One line to come by: name and address, the block only, or nothing."""
    return ", ".join(part for part in public_parts(venue) if part)


def public_point(venue: Venue) -> tuple[float, float] | None:
    """(latitude, longitude), of places shown in full only: a block needs no pin."""
    if venue.disclosure != Disclosure.FULL or venue.kind == VenueKind.HOME:
        return None
    if venue.latitude is None or venue.longitude is None:
        return None
    return venue.latitude, venue.longitude
