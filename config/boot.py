"""What must hold before anything starts: where settings come from, and the secret key."""

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
    ENVIRON = Outside()


def why_known(key: str) -> str:
    """Why a key could be guessed; empty for one that looks random."""
    if len(key) < SHORTEST:
        return "is too short to be random: give it 50 characters"
    if any(word in key.lower() for word in KNOWN):
        return "is one that others know: make 50 random characters"
    if len(set(key)) < FEWEST_LETTERS:
        return "repeats itself: make 50 random characters"
    return ""
