"""The secret address of somebody's own calendar: given, and taken back."""

from datetime import timedelta
from functools import partial

from django.db import transaction
from django.utils import timezone

from outreach.enums import LinkPurpose
from outreach.models import StaffMember
from scheduling import feeds
from scheduling.feeds import Feed
from scheduling.models import FeedLink
from scheduling.services import publishing

# A calendar is subscribed to once and then forgotten: it ends by being taken back, or with the job.
LASTS = timedelta(days=3650)


def link_of(staff: StaffMember) -> FeedLink | None:
    return feeds.open_links().filter(staff=staff).order_by("-created_at").first()


@transaction.atomic
def renew(staff: StaffMember) -> FeedLink:
    """A fresh address; the one before reads nothing any more."""
    revoke(staff)
    return FeedLink.objects.create(
        staff=staff, purpose=LinkPurpose.OWN_FEED, expires_at=timezone.now() + LASTS
    )


@transaction.atomic
def revoke(staff: StaffMember) -> None:
    """From the commit on, nobody reads the calendar by the address that was."""
    StaffMember.objects.select_for_update(no_key=True).get(pk=staff.pk)
    open_now = list(feeds.open_links().filter(staff=staff))
    ids = [link.pk for link in open_now]
    FeedLink.objects.filter(pk__in=ids).update(revoked_at=timezone.now())
    for link in open_now:
        transaction.on_commit(partial(publishing.withdraw, Feed(link=link).key))
