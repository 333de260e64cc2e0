"""Mailboxes and numbers we do not write to, whoever types them."""

from disposable_email_domains import blocklist
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from phonenumbers import PhoneNumberType, number_type, parse, region_code_for_number

# Mailboxes of a role, not of a person (RFC 2142 and what mail programs use).
ROLES = {
    "abuse", "admin", "administrator", "hostmaster", "mailer-daemon", "no-reply", "noreply",
    "postmaster", "root", "security", "spam", "usenet", "webmaster",
}  # fmt: skip
TAKES_TEXTS = {
    PhoneNumberType.MOBILE,
    PhoneNumberType.FIXED_LINE_OR_MOBILE,  # North American numbers do not tell
}


def check_mailbox(email: str) -> None:
    """Raises ValidationError for a mailbox of a role or one that is thrown away."""
    name, _at, domain = email.lower().rpartition("@")
    if name.partition("+")[0] in ROLES:
        raise ValidationError(_("This is the address of an office. Give the address of a person."))
    parts = domain.split(".")
    if any(".".join(parts[at:]) in blocklist for at in range(len(parts) - 1)):
        raise ValidationError(_("This address is soon gone. Give one that you keep."))


def check_number(number: str) -> None:
    """number in E.164. Raises ValidationError for one that takes no texts from us."""
    known = parse(number)
    if region_code_for_number(known) not in settings.TEXT_REGIONS:
        raise ValidationError(_("We can text to numbers of this country only."))
    if number_type(known) not in TAKES_TEXTS:
        raise ValidationError(_("This number takes no texts. Give a mobile number."))
