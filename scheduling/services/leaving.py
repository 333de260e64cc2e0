"""Somebody leaves us: at once, or after a last day. Nothing they hold opens anything then."""

from collections.abc import Iterable
from datetime import date, timedelta

from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from knox.models import AuthToken

from outreach.enums import AccountAct, Role
from outreach.models import Post, StaffMember
from outreach.services import people
from scheduling.models import Booking
from scheduling.services import own_feeds


def posts_of(staff: StaffMember, *, from_: date) -> QuerySet[Post]:
    """Posts this person holds or backs up, that last beyond a day."""
    lasting = Post.objects.filter(Q(ends_on=None) | Q(ends_on__gt=from_))
    return lasting.filter(Q(staff=staff) | Q(backup=staff)).select_related("beat")


def coming_bookings(staff: StaffMember) -> QuerySet[Booking]:
    """What somebody else has to take over."""
    ahead = Booking.objects.active().filter(staff=staff, ends_at__gt=timezone.now())
    return ahead.select_related("event").order_by("starts_at")


@transaction.atomic
def leave(pk: int, *, last_day: date | None, by: StaffMember) -> StaffMember:
    """None: now. Posts end with the last day; raises LastAdministrator."""
    staff = people.locked(pk)
    if staff.role == Role.ADMINISTRATOR:
        people.keep_one_administrator(staff)
    today = timezone.localdate()
    _end_posts(staff, last_day + timedelta(days=1) if last_day else today)
    staff.last_day = last_day or today
    staff.save(update_fields=["last_day"])
    if last_day:
        people.note(staff, AccountAct.LEAVES, by=by, detail=last_day.isoformat())
    else:
        _end_access(staff)
        people.note(staff, AccountAct.LEFT, by=by)
    return staff


@transaction.atomic
def take_back(pk: int, *, by: StaffMember) -> tuple[StaffMember, str]:
    """Works here again, or does not leave after all. Posts are given anew."""
    staff = people.locked(pk)
    staff.last_day, staff.is_active, staff.user.is_active = None, True, True
    staff.save(update_fields=["last_day", "is_active"])
    staff.user.save(update_fields=["is_active"])
    people.note(staff, AccountAct.RETURNED, by=by)
    return people.new_link(staff.pk, by=by)


def end_those_who_left() -> None:
    """Rung by the ticker. Whoever's last day is over is refused already, on every page."""
    gone = StaffMember.objects.filter(is_active=True, last_day__lt=timezone.localdate())
    for pk in gone.values_list("pk", flat=True):
        with transaction.atomic():
            staff = people.locked(pk)
            _end_access(staff)
            people.note(staff, AccountAct.LEFT, by=None)


def end_sessions(staff: StaffMember) -> None:
    """Wherever they are signed in. Sessions name their user inside only."""
    UserSession.objects.filter(user=staff.user).delete()
    Session.objects.filter(pk__in=list(_sessions_of(staff))).delete()


def _end_access(staff: StaffMember) -> None:
    staff.is_active = staff.user.is_active = False
    staff.save(update_fields=["is_active"])
    staff.user.set_unusable_password()
    staff.user.save(update_fields=["is_active", "password", "has_short_password"])
    end_sessions(staff)
    AuthToken.objects.filter(user=staff.user).delete()
    people.revoke_links(staff)
    own_feeds.revoke(staff)


def _sessions_of(staff: StaffMember) -> Iterable[str]:
    for session in Session.objects.filter(expire_date__gt=timezone.now()).iterator():
        if session.get_decoded().get("_auth_user_id") == str(staff.user_id):
            yield session.pk


def _end_posts(staff: StaffMember, day: date) -> None:
    """From this day on the posts are vacant: whoever is the backup serves them."""
    lasting = posts_of(staff, from_=day)
    lasting.filter(backup=staff).update(backup=None)
    lasting.filter(staff=staff, starts_on__gte=day).update(staff=None)
    for post in lasting.filter(staff=staff):
        ends_on, post.ends_on = post.ends_on, day
        post.save(update_fields=["ends_on"])
        Post.objects.create(
            beat=post.beat, duty=post.duty, backup=post.backup, starts_on=day, ends_on=ends_on
        )
