"""Settings that would give something away, or that are still the made-up city's."""

from collections.abc import Iterator
from urllib.parse import urlsplit

from allauth.mfa.models import Authenticator
from django.conf import settings

from config import boot
from config.doctor.findings import Asked, Finding, broken, look, ok
from outreach import department
from outreach.models import StaffMember
from outreach.services import firsts

LOOPBACK = {"127.0.0.1", "localhost", "::1"}
MADE_UP_DOMAINS = (".example", ".invalid", ".test", "example.com", "example.org", "example.net")
MADE_UP_PHONE = "55501"  # 555-01xx is kept for films and demos, as is the area code 555
MADE_UP_CITY = "Harbor Bay"
ON_PAGE = "Set it on the page Department (/staff/department/)."


def settings_are_safe(asked: Asked) -> Iterator[Finding]:
    if settings.DEMO:
        yield look("This is the demo: a made-up city.", "For real: script/server --real")
    if settings.DEBUG:
        yield broken("DEBUG shows residents' data on error pages.", "Take DEBUG away.")
    if reason := boot.why_known(settings.SECRET_KEY):
        yield broken(f"SECRET_KEY {reason}.", "Make another: 50 random letters.")
    else:
        yield ok("DEBUG is off, and SECRET_KEY is not a known one.")
    sites = "any site" if "*" in settings.EMBED_ON else ", ".join(settings.EMBED_ON) or "no site"
    yield ok(f"Public events may be shown in a frame by {sites} (EMBED_ON).")


def address_is_safe(asked: Asked) -> Iterator[Finding]:
    address = urlsplit(settings.BASE_URL)
    is_near = address.hostname in LOOPBACK
    if address.scheme == "https":
        yield ok(f"The address is {settings.BASE_URL}.")
    elif is_near:
        yield look(
            f"The address is {settings.BASE_URL}: only this machine can use it.",
            "Put a server with TLS before it and set BASE_URL=https://…",
        )
    else:
        yield broken(
            f"{settings.BASE_URL} is not encrypted: passwords could be read on the way.",
            "Put a server with TLS before it and set BASE_URL=https://…",
        )
    is_behind = getattr(settings, "SECURE_PROXY_SSL_HEADER", None) is not None
    if is_behind and not settings.TRUSTED_PROXIES:
        yield broken(
            "Behind a proxy, all residents count as one, and limits shut the forms for everybody.",
            "Set TRUSTED_PROXIES to the addresses of your proxies.",
        )
    elif address.scheme == "https" and not is_behind:
        yield look(
            "The address is https, but nothing says that a proxy stands before us.",
            "Set BEHIND_PROXY=true and TRUSTED_PROXIES, if one does.",
        )


def department_is_real(asked: Asked) -> Iterator[Finding]:
    told = department.current()
    doubts = list(_made_up(told))
    yield from doubts
    if not doubts:
        yield ok(f"Pages and messages name {told.unit}, {told.city}, {told.phone}.")


def _made_up(told: department.Particulars) -> Iterator[Finding]:
    domain = told.mailbox.rpartition("@")[2].lower()
    if f".{domain}".endswith(MADE_UP_DOMAINS):
        yield broken(f"Mail would come from {told.mailbox}, which nobody has.", ON_PAGE)
    for what, number in (
        ("of the unit", told.phone),
        ("for what is no emergency", told.non_emergency),
    ):
        if MADE_UP_PHONE in "".join(filter(str.isdigit, number)):
            yield broken(f"The phone {what} is made up: {number}", ON_PAGE)
    if MADE_UP_CITY in f"{told.city} {told.name} {told.postal_address}":
        yield look(f"Pages still name {MADE_UP_CITY}, the city of the demo.", ON_PAGE)


def accounts_are_guarded(asked: Asked) -> Iterator[Finding]:
    if not firsts.has_administrator():
        yield look("There is no administrator yet.", "Open the link of: manage.py first_link")
        return
    staff = StaffMember.objects.filter(is_active=True, user__is_active=True)
    bare = staff.exclude(user__in=Authenticator.objects.values("user")).count()
    if bare:
        yield look(
            f"{bare} of {staff.count()} staff accounts have no second factor.",
            "Ask them to set one up: Password and second factor, at the foot of each page.",
        )
    else:
        yield ok("Every staff account has a second factor.")
