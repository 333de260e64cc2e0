"""Meetings of watch groups."""

from collections.abc import Sequence

from outreach.models import WatchGroup
from scheduling.models import Event, WatchMeeting


def group_of(event: Event) -> WatchGroup | None:
    meeting = WatchMeeting.objects.filter(event=event).select_related("group").first()
    return meeting.group if meeting else None


def meet(events: Sequence[Event], group: WatchGroup | None) -> None:
    """Make these the meetings of a group, or of none. In as many queries for one as for many."""
    meetings = WatchMeeting.objects.filter(event__in=events)
    if group is None:
        meetings.delete()
        return
    meetings.exclude(group=group).delete()
    WatchMeeting.objects.bulk_create(
        [WatchMeeting(event=event, group=group) for event in events], ignore_conflicts=True
    )
