"""The looks of a beat where it is named alone."""

from django import template

from outreach.maps import pattern_of
from outreach.models import Beat

register = template.Library()


@register.filter
def pattern(beat: Beat) -> str:
    """Path data of one 12 by 12 tile, the same as on the map."""
    return pattern_of(beat)
