"""The made-up unit of Harbor Bay: a sergeant, four pairs, a planner, and who keeps the books."""

from datetime import timedelta
from pathlib import Path

from django.core.management import call_command
from django.utils import timezone

from outreach.enums import Disclosure, Duty, PropertyType, Role, SafeChannel, Sureness, VenueKind
from outreach.models import Beat, Post, StaffMember, User, Venue
from outreach.services import surveys

CITY = Path(__file__).parent
# One sign-in per role.
SIGN_INS = {
    Role.CPC: "maya",
    Role.NRO: "owen",
    Role.SERGEANT: "ruth",
    Role.EVENT_PLANNER: "felix",
    Role.ADMINISTRATOR: "ida",
    Role.RECORDS_CLERK: "carla",
    Role.READ_ONLY: "ben",
}
STAFF = [
    ("maya", "Maya Torres", Role.CPC),
    ("dev", "Dev Patel", Role.CPC),
    ("lucia", "Lucía Ramos", Role.CPC),
    ("tom", "Tom Becker", Role.CPC),
    ("owen", "Officer Owen Hale", Role.NRO),
    ("june", "Officer June Park", Role.NRO),
    ("amara", "Officer Amara Obi", Role.NRO),
    ("ruth", "Sergeant Ruth Lindqvist", Role.SERGEANT),
    ("felix", "Felix Moreau", Role.EVENT_PLANNER),
    ("ida", "Ida Novak", Role.ADMINISTRATOR),
    ("carla", "Carla Nguyen", Role.RECORDS_CLERK),
    ("ben", "Ben Stone", Role.READ_ONLY),
]
# Beat by beat: coordinator, officer (one post is vacant, its backup serves), backup.
PAIRS = [
    ("maya", "owen", "dev"),
    ("dev", "june", "maya"),
    ("lucia", "amara", "tom"),
    ("tom", None, "owen"),
]
ASKS = [
    ("Alex", "alex@example.org", PropertyType.HOUSE, ("tue-am", "thu-am")),
    ("Mrs. Ito", "ito@example.org", PropertyType.APARTMENT, ()),
    ("Corner Books", "hello@cornerbooks.example", PropertyType.BUSINESS, ("mon-am",)),
    ("Sam", "sam@example.net", PropertyType.HOUSE, ("fri-pm",)),
    ("Noor", "noor@example.net", PropertyType.COMMON_AREA, ()),
]


def is_loaded() -> bool:
    return StaffMember.objects.exists()


def import_city() -> None:
    """The same importers and files formats a real city uses."""
    call_command("import_beats", str(CITY / "beats.geojson"), code="code", name="name", verbosity=0)
    call_command(
        "import_streets", str(CITY / "streets.geojson"), aliases=CITY / "aliases.csv", verbosity=0
    )
    call_command(
        "import_venues", str(CITY / "venues.geojson"), name="name", address="address", verbosity=0
    )


def load(passwords: dict[Role, str]) -> None:
    """Staff, posts, a home and some survey requests; passwords by role for one account each."""
    by_name = {SIGN_INS[role]: password for role, password in passwords.items()}
    staff = {
        username: _hire(number, username, name, role, by_name.get(username))
        for number, (username, name, role) in enumerate(STAFF)
    }
    long_ago = timezone.localdate() - timedelta(days=400)
    for beat, (cpc, nro, backup) in zip(Beat.objects.order_by("code"), PAIRS, strict=True):
        Beat.objects.filter(pk=beat.pk).update(starts_on=long_ago)
        for duty, holder in ((Duty.CPC, cpc), (Duty.NRO, nro)):
            Post.objects.create(
                beat=beat,
                duty=duty,
                staff=staff[holder] if holder else None,
                backup=staff[backup],
                starts_on=long_ago,
            )
        _add_home(beat)
        _add_ask(beat)


def _hire(number: int, username: str, name: str, role: Role, password: str | None) -> StaffMember:
    is_administrator = role == Role.ADMINISTRATOR
    user = User.objects.create_user(
        username, password=password, is_staff=is_administrator, is_superuser=is_administrator
    )
    return StaffMember.objects.create(
        user=user,
        name=name,
        role=role,
        phone=f"+1555010{150 + number:04}",
        email=f"{username}@beatbook.example",
    )


def _add_home(beat: Beat) -> None:
    home = Venue(
        name=f"A neighbor’s home, {beat.name}",
        kind=VenueKind.HOME,
        disclosure=Disclosure.BLOCK,
        block="1200 block of Alder St",
        beat=beat,
    )
    home.seal("address", "1214 Alder St")
    home.save()


def _add_ask(beat: Beat) -> None:
    name, email, kind, half_days = ASKS[beat.pk % len(ASKS)]
    surveys.ask(
        surveys.Ask(
            name=name,
            safe_channel=SafeChannel.EMAIL,
            reach=email,
            property_type=kind,
            beat=beat,
            placed=Sureness.EXACT,
            address="1214 Alder St",
            half_days=half_days,
            wants_invitation=True,
        )
    )
