"""What must hold before anything starts: where settings come from, and what they have to be."""

from collections.abc import Sequence
from datetime import date, time
from email.utils import parseaddr
from ipaddress import ip_network
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import environ
from django.core.exceptions import ImproperlyConfigured, ValidationError
from django.core.validators import validate_email
from environ.fileaware_mapping import FileAwareMapping

YES_OR_NO = {*environ.Env.BOOLEAN_TRUE_STRINGS, "false", "off", "n", "no", "0", ""}
LOOPBACK = ("127.0.0.1", "::1", "localhost")
SHORTEST = 32
FEWEST_LETTERS = 10  # different ones
# Of examples, of templates that people copy, and of our own image while it was built.
KNOWN = (
    "django-insecure-",
    "changeme",
    "change-me",
    "change_me",
    "secret-key",
    "secret_key",
    "secretkey",
    "only-while-building",
    "50 random letters",
    "insecure",
    "password",
)


class Outside(FileAwareMapping):
    """The environment. SECRET_KEY_FILE=/run/secrets/… stands for what is in that file, as for any
    other setting; a line break at its end is none of it."""

    def __getitem__(self, key: str) -> str:
        try:
            return str(super().__getitem__(key)).strip()
        except (OSError, UnicodeError) as failure:
            raise ImproperlyConfigured(f"{key}_FILE cannot be read: {failure}") from failure


class Env(environ.Env):
    """Says which setting is wrong, in one sentence and without what may be a password."""

    ENVIRON = Outside()

    def get_value(self, var: str, cast: Any = None, *args: Any, **options: Any) -> Any:
        try:
            value = super().get_value(var, cast, *args, **options)
        except ValueError as failure:
            raise ImproperlyConfigured(f"{var} cannot be read: {failure}.") from failure
        if cast is bool and var in self.ENVIRON and self.ENVIRON[var].lower() not in YES_OR_NO:
            raise ImproperlyConfigured(f"{var} is true or false, and not {self.ENVIRON[var]}.")
        if cast is int and value < 0:
            raise ImproperlyConfigured(f"{var} is a number from 0 up, and not {value}.")
        return value

    def number(self, var: str, *, default: int, least: int = 1, most: int = 1_000_000) -> int:
        number = self.get_value(var, int, default=default)
        if not least <= number <= most:
            raise ImproperlyConfigured(
                f"{var} is a number from {least} to {most}, and not {number}."
            )
        return int(number)

    def clock(self, var: str, *, default: str) -> str:
        text = str(self(var, default=default))
        try:
            time.fromisoformat(text)
        except ValueError:
            raise ImproperlyConfigured(f"{var} is a time as 08:00, and not {text}.") from None
        return text

    def day(self, var: str) -> str:
        text = str(self(var, default=""))
        try:
            if text:
                date.fromisoformat(text)
        except ValueError:
            raise ImproperlyConfigured(f"{var} is a day as 2026-01-02, and not {text}.") from None
        return text

    def zone(self, var: str, *, default: str) -> str:
        text = str(self(var, default=default))
        try:
            ZoneInfo(text)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            raise ImproperlyConfigured(
                f"{var} is a zone as America/Los_Angeles, and not {text}."
            ) from None
        return text

    def mailbox(self, var: str, *, default: str = "") -> str:
        """robin@city.example, or with a name: Robin <robin@city.example>."""
        text = str(self(var, default=default))
        try:
            if text:
                validate_email(parseaddr(text)[1])
        except ValidationError:
            raise ImproperlyConfigured(f"{var} is a mailbox, and not {text}.") from None
        return text

    def key(self, var: str) -> str:
        """What opens something to whoever shows it; empty: nobody."""
        text = str(self(var, default=""))
        if text and (reason := why_known(text)):
            raise ImproperlyConfigured(f"{var} {reason}.")
        return text

    def identity_provider(self, var: str) -> str:
        text = str(self(var, default="")).rstrip("/")
        try:
            address = urlsplit(text)
            is_safe = bool(address.hostname) and address.scheme == "https"
            is_near = address.hostname in LOOPBACK
        except ValueError:
            is_safe = is_near = False
        if text and not (is_safe or is_near):
            raise ImproperlyConfigured(f"{var} has to begin with https://, and is {text}.")
        return text

    def text_gateway(self, var: str) -> str:
        example = "https://ACCOUNT:TOKEN@api.twilio.com/?from=%2B15550100199"
        return self._account(var, ("https", "http"), example)

    def imap(self, var: str) -> str:
        return self._account(
            var, ("imaps", "imap"), "imaps://user:password@mail.city.example/INBOX"
        )

    def _account(self, var: str, schemes: Sequence[str], example: str) -> str:
        """An address with a user and a password in it, or none at all."""
        text = str(self(var, default=""))
        try:
            parts = urlsplit(text)
            given = (parts.hostname, parts.username, parts.password, parts.port != 0)
            is_whole = parts.scheme in schemes and all(given)
        except ValueError:
            is_whole = False
        if text and not is_whole:
            raise ImproperlyConfigured(
                f"{var} is no address with a user and a password. Write it as {example}"
            )
        return text

    def mail_server(self, var: str) -> dict[str, Any]:
        url = self(var)
        try:
            return dict(self.email_url_config(url))
        except (ImproperlyConfigured, ValueError):
            raise ImproperlyConfigured(
                f"{var} is no address of a mail server. Write it as "
                "smtp+tls://user:password@host:587, with %2F for / and %23 for # in a password."
            ) from None


def web_address(text: str) -> str:
    address = urlsplit(text)
    if address.scheme not in ("http", "https") or not address.hostname:
        raise ImproperlyConfigured(f"BASE_URL has to begin with https://, and is {text}.")
    return text.rstrip("/")


def networks(texts: Sequence[str]) -> Sequence[str]:
    for text in texts:
        try:
            ip_network(text, strict=False)
        except ValueError:
            raise ImproperlyConfigured(
                f"TRUSTED_PROXIES holds addresses as 10.0.0.5 or 172.30.99.0/24, and not {text}."
            ) from None
    return texts


def why_known(key: str) -> str:
    """Why a key could be guessed; empty for one that looks random."""
    if len(key) < SHORTEST:
        return "is too short to be random: give it 50 characters"
    if any(word in key.lower() for word in KNOWN):
        return "is one that others know: make 50 random characters"
    if len(set(key)) < FEWEST_LETTERS:
        return "repeats itself: make 50 random characters"
    return ""
