"""Which keys a backup needs: their ids and a check value of each, never the keys."""

import hmac

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from config.backups.refusals import BackupFailed, CannotRestore
from outreach import keys, unsealing
from outreach.encryption import CannotOpen

Fingerprints = dict[str, dict[str, str]]


def fingerprints() -> Fingerprints:
    """One-way: who holds a backup learns no key from it."""
    try:
        return {
            use: {key.id: _check_value(use, key) for key in keys.every(use).values()}
            for use in ("seal", "link")
        }
    except ImproperlyConfigured as failure:
        raise BackupFailed(str(failure)) from failure


def of_this_database() -> Fingerprints:
    """The same, after a look whether these keys open what is sealed in the database: a backup that
    names the wrong ones would be refused with the right ones."""
    held = fingerprints()
    try:
        unsealing.must_open_the_newest()
    except CannotOpen as failure:
        raise BackupFailed(
            f"The key file {settings.KEY_FILE} does not open what is sealed in the database "
            f"({failure}): it is of another installation. Nothing was backed up."
        ) from failure
    return held


def must_open(wanted: Fingerprints) -> None:
    """Raises CannotRestore unless the key file of this machine holds every key of the backup."""
    try:
        held = fingerprints()
    except BackupFailed as failure:
        raise CannotRestore(
            f"{str(failure).rstrip('.')}. "
            "Put the key file of the installation the backup was made on in its place."
        ) from failure
    for use, ids in wanted.items():
        for key_id, value in ids.items():
            found = held.get(use, {}).get(key_id)
            if found is None:
                wrong = f"has no {use} key {key_id!r}, which this backup needs"
            elif not hmac.compare_digest(found, value):
                wrong = f"is of another installation: its {use} key {key_id!r} is another one"
            else:
                continue
            raise CannotRestore(
                f"The key file {settings.KEY_FILE} {wrong}. "
                "Put the key file of the installation the backup was made on in its place."
            )


def _check_value(use: str, key: keys.Key) -> str:
    return hmac.digest(key.secret, f"beatbook backup {use} {key.id}".encode(), "sha256").hex()[:32]
