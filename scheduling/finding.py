"""Find a time: who could do it, when, and why it is them. Reads only."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from itertools import product

from django.conf import settings
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from outreach.enums import Duty, Program, Role
from outreach.models import Beat, Post, StaffMember, Venue
from scheduling import availability, closures, diaries, localtime, policies
from scheduling.availability import Hours, Rule, Seat, Wish
from scheduling.models import Event, ProgramPolicy
from scheduling.models import Hours as HoursRow
from scheduling.spans import Span
from scheduling.travel import Journeys, Stop

SEARCH_DAYS = 60
DUTY_OF = {Role.CPC: Duty.CPC, Role.NRO: Duty.NRO}


class Team(StrEnum):
    """Who is looked for."""

    PAIR = "pair"
    ANY_COORDINATOR = "any-coordinator"
    TOGETHER = "together"
    NAMED = "named"


@dataclass(frozen=True)
class Search:
    """What somebody wants to fit in. Times are aware; nothing is offered before not_before."""

    program: Program
    minutes: int
    not_before: datetime
    team: Team = Team.NAMED
    beat: Beat | None = None
    staff: tuple[StaffMember, ...] = ()
    venues: tuple[Venue, ...] = ()
    stop: Stop | None = None
    language: str = ""
    besides: Event | None = None


@dataclass(frozen=True)
class Offer:
    """A start at which these people are free, and why it is them."""

    starts_at: datetime
    staff: tuple[StaffMember, ...]
    why: str


@dataclass
class Ground:
    """All that was read for one search, in five queries whatever is on record; the map of the
    streets is the sixth, where somebody has to travel."""

    search: Search
    policy: ProgramPolicy
    posts: Sequence[Post]
    people: Sequence[StaffMember]
    wish: Wish
    seats: dict[int, Seat]
    places: list[Seat]
    load: dict[int, timedelta] = field(default_factory=dict)


def offers(search: Search, *, count: int = 12) -> list[Offer]:
    """The next free times, one in each part of a day, each with who would go."""
    ground = read(search)
    found: list[Offer] = []
    first = timezone.localdate(search.not_before)
    for offset in range(SEARCH_DAYS):
        found += _of_day(ground, first + timedelta(days=offset))
        if len(found) >= count:
            break
    return found[:count]


def nearest(search: Search, wished: datetime, *, count: int = 3) -> list[datetime]:
    """The starts nearest to the wished hour at which all of the named are free, one a day."""
    ground = read(search)
    seats = [*ground.seats.values(), *ground.places]
    return availability.nearest_a_day(wished, ground.wish, seats, count=count, days=SEARCH_DAYS)


def parts_of_days(
    search: Search, *, count: int, suits: Collection[tuple[int, bool]] = ()
) -> list[datetime]:
    """The first free start of each part of a day that suits, for all of the named."""
    ground = read(search)
    return availability.first_of_parts(
        timezone.localdate(search.not_before),
        ground.wish,
        [*ground.seats.values(), *ground.places],
        count=count,
        days=SEARCH_DAYS,
        suits=suits,
    )


def read(search: Search) -> Ground:
    policy = policies.of(search.program)
    posts = list(_posts(search))
    people = _candidates(search, posts)
    first = timezone.localdate(search.not_before)
    last = first + timedelta(days=SEARCH_DAYS + 1)
    window = Span(localtime.midnight(first), localtime.midnight(last))
    taken = diaries.Diaries(window, staff=people, venues=search.venues, besides=search.besides)
    own = hours_of(people, search.venues)
    closed = closures.between(first, last, venue=search.venues[0] if search.venues else None)
    before, after = policies.margins(policy)
    stop = search.stop or diaries.stop_at(search.venues[0] if search.venues else None)
    wish = Wish(
        length=timedelta(minutes=search.minutes),
        hours=program_hours(search.program),
        stop=stop,
        minutes=Journeys(),
        not_before=search.not_before,
        before=before,
        after=after,
        is_closed=closed.is_closed,
    )
    month = Span(window.starts_at, window.starts_at + timedelta(days=settings.LOAD_DAYS))
    return Ground(
        search,
        policy,
        posts,
        people,
        wish,
        seats={
            one.pk: Seat(own["staff", one.pk], taken.people[one.pk], _is_posted(one, posts))
            for one in people
        },
        places=[Seat(own.get(("venue", one.pk)), taken.places[one.pk]) for one in search.venues],
        load={one.pk: taken.people[one.pk].booked(month) for one in people},
    )


def hours_of(
    people: Sequence[StaffMember], venues: Sequence[Venue]
) -> dict[tuple[str, int], Hours]:
    """Everybody's hours by ("staff" or "venue", id), in one query; the department's for people
    who have none of their own, and no entry for a venue that is always open."""
    rules: dict[tuple[str, int], list[Rule]] = {}
    rows = HoursRow.objects.filter(Q(staff__in=people) | Q(venue__in=venues))
    weekly: set[tuple[str, int]] = set()
    for row in rows:
        key = ("staff", row.staff_id) if row.staff_id else ("venue", row.venue_id or 0)
        days = () if row.weekday is None else (row.weekday,)
        rule = Rule(row.opens, row.closes, days, row.on, row.starts_on, row.ends_on)
        rules.setdefault(key, []).append(rule)  # type: ignore[arg-type]
        if row.weekday is not None:
            weekly.add(key)  # type: ignore[arg-type]
    usual = usual_hours()
    for one in people:
        key = ("staff", one.pk)
        if key not in weekly:  # a day taken over from somebody is in addition
            rules.setdefault(key, []).extend(usual.rules)
    return {key: Hours(localtime.zone(), found) for key, found in rules.items()}


def usual_hours() -> Hours:
    """The department's working hours."""
    return _daily(settings.WORKING_HOURS, settings.WORKING_DAYS)


def program_hours(program: str) -> Hours:
    """When events of a program are offered: surveys by day, all else whenever people work."""
    if program == Program.SECURITY_SURVEY:
        return _daily(settings.VISIT_HOURS, settings.WORKING_DAYS)
    return Hours(localtime.zone(), [Rule(time.min, time(23, 59), range(7))])


def is_posted_on(person: StaffMember, posts: Sequence[Post], day: date) -> bool:
    """Whether a coordinator or officer has a post that day, or backs one up; others need none."""
    if person.role not in DUTY_OF:
        return True
    return any(
        person.pk in (post.staff_id, post.backup_id)
        and post.starts_on <= day
        and (post.ends_on is None or day < post.ends_on)
        for post in posts
    )


def _daily(hours: tuple[str, str], weekdays: Collection[int]) -> Hours:
    opens, closes = map(time.fromisoformat, hours)
    return Hours(localtime.zone(), [Rule(opens, closes, weekdays)])


def _posts(search: Search) -> QuerySet[Post]:
    """Posts that tell who may be asked, and until when."""
    posts = Post.objects.select_related("staff", "backup").order_by("pk")
    if search.team == Team.NAMED:
        posts = posts.filter(Q(staff__in=search.staff) | Q(backup__in=search.staff))
    elif search.team == Team.PAIR:
        posts = posts.filter(beat=search.beat)
    return posts


def _candidates(search: Search, posts: Sequence[Post]) -> list[StaffMember]:
    if search.team == Team.NAMED:
        return list(search.staff)
    duties = {Duty.CPC} if search.team == Team.ANY_COORDINATOR else {Duty.CPC, Duty.NRO}
    found: dict[int, StaffMember] = {}
    for post in posts:
        for person in (post.staff, post.backup):
            if person and person.is_active and DUTY_OF.get(Role(person.role)) in duties:
                found[person.pk] = person
    return sorted(found.values(), key=lambda person: (person.name, person.pk))


def _is_posted(person: StaffMember, posts: Sequence[Post]) -> Callable[[date], bool]:
    has_any = any(person.pk in (post.staff_id, post.backup_id) for post in posts)
    return lambda day: not has_any or is_posted_on(person, posts, day)


def _of_day(ground: Ground, day: date) -> list[Offer]:
    """The first start of each part of the day at which one of the possible teams is free."""
    parts: dict[int, Offer] = {}
    for team in _teams(ground, day):
        seats = [*(ground.seats[one.pk] for one in team), *ground.places]
        for start in availability.open_starts(day, ground.wish, seats):
            part = availability.part_of_day(timezone.localtime(start))
            better = parts.get(part)
            if better is not None and better.starts_at <= start:
                continue
            if ground.wish.is_free(start, seats):
                parts[part] = Offer(start, team, _why(ground, team))
    return [parts[part] for part in sorted(parts)]


def _teams(ground: Ground, day: date) -> list[tuple[StaffMember, ...]]:
    """The teams that could go, the one to be asked first in front."""
    search = ground.search
    people = [one for one in ground.people if is_posted_on(one, ground.posts, day)]
    if search.team == Team.NAMED:
        return [tuple(search.staff)]
    if search.team == Team.PAIR:
        pair = _pair_on(ground, day)
        return [pair] if pair else []
    ranked = sorted(people, key=lambda one: _rank(ground, one))
    coordinators = [one for one in ranked if one.role == Role.CPC]
    if search.team == Team.ANY_COORDINATOR:
        return [(one,) for one in coordinators]
    officers = [one for one in ranked if one.role == Role.NRO]
    both = product(coordinators, officers)
    return sorted(both, key=lambda two: [_rank(ground, one) for one in two])


def _pair_on(ground: Ground, day: date) -> tuple[StaffMember, ...]:
    """Who serves the beat that day: the holder of each post, or the backup of a vacant one."""
    members = []
    for post in ground.posts:
        holds = post.starts_on <= day and (post.ends_on is None or day < post.ends_on)
        if holds:
            person = next((p for p in (post.staff, post.backup) if p and p.is_active), None)
            members += [person] if person and person not in members else []
    return tuple(members)


def _rank(ground: Ground, person: StaffMember) -> tuple[bool, timedelta, int]:
    """Who speaks the language first, then who has the least booked."""
    lacks = bool(ground.search.language) and ground.search.language not in person.languages
    return lacks, ground.load[person.pk], person.pk


def _why(ground: Ground, team: Sequence[StaffMember]) -> str:
    if ground.search.team == Team.NAMED:
        return ""
    if ground.search.team == Team.PAIR:
        return _("They serve this beat.")
    hours = ", ".join(
        _("%(name)s: %(hours)s h")
        % {"name": one.name, "hours": f"{ground.load[one.pk].total_seconds() / 3600:.1f}"}
        for one in team
    )
    said = _("Least booked of those who are free over %(days)s days (%(hours)s).") % {
        "days": settings.LOAD_DAYS,
        "hours": hours,
    }
    language = ground.search.language
    if language and all(language in one.languages for one in team):
        return said + " " + _("Speaks the language asked for.")
    return said
