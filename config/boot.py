"""What must hold before anything starts: where settings come from, and what they have to be."""

from collections.abc import Sequence
from ipaddress import ip_network
from typing import Any
from urllib.parse import urlsplit

import environ
from django.core.exceptions import ImproperlyConfigured
from environ.fileaware_mapping import FileAwareMapping

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

    def get_value(self, var: str, *args: Any, **options: Any) -> Any:
        try:
            return super().get_value(var, *args, **options)
        except ValueError as failure:
            raise ImproperlyConfigured(f"{var} cannot be read: {failure}.") from failure

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
