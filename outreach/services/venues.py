"""Places that are somebody's home."""

from django.conf import settings
from django.utils.translation import override

from outreach.enums import Disclosure, VenueKind
from outreach.models import StaffMember, Venue
from outreach.services import locating


class BlockUnknown(Exception):
    """The address gives no block to show; someone must write it."""


def add_home(name: str, address: str, *, block: str = "") -> Venue:
    """A home as a place to meet: its address sealed, its block shown, its point the block's."""
    with override(settings.LANGUAGE_CODE):  # kept for every reader, whoever typed it
        found = locating.locate(address, use_venues=False)
    shown = block or found.block
    if not shown:
        raise BlockUnknown
    middle = locating.locate(shown, use_venues=False)
    home = Venue(
        name=name,
        kind=VenueKind.HOME,
        disclosure=Disclosure.BLOCK,
        block=shown,
        beat=found.beat or middle.beat,
        longitude=middle.longitude,
        latitude=middle.latitude,
    )
    home.seal("address", address)
    home.save()
    return home


def reveal(home: Venue, *, by: StaffMember) -> str:
    """The address of a home, and a note of who looked."""
    home.reveals.create(staff=by, field="address")
    return home.unseal("address")
