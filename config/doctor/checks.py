"""Every check, in the order it is told. A further one is a line here."""

from collections.abc import Callable, Iterable, Iterator

from django.db import DatabaseError

from config.doctor import backup, certificate, keyfile, machine, mail, safety, working
from config.doctor.findings import Asked, Finding, broken

Check = Callable[[Asked], Iterable[Finding]]
CHECKS: list[tuple[str, Check]] = [
    ("Database", machine.database_answers),
    ("Tables", machine.tables_are_up_to_date),
    ("Broker", machine.broker_answers),
    ("Clock", machine.clock_is_right),
    ("Disk", machine.disk_has_room),
    ("Keys", keyfile.keys_are_whole),
    ("Sealed fields", keyfile.sealed_fields_open),
    ("Settings", safety.settings_are_safe),
    ("Address", safety.address_is_safe),
    ("Certificate", certificate.certificate_is_good),
    ("Mail server", mail.mail_leaves),
    ("Mail domain", mail.mail_is_believed),
    ("Department", safety.department_is_real),
    ("Accounts", safety.accounts_are_guarded),
    ("Workers", working.workers_live),
    ("Calendars", working.publisher_lives),
    ("Backups", backup.backups_are_made),
]


def examine(asked: Asked, checks: Iterable[tuple[str, Check]]) -> Iterator[tuple[str, Finding]]:
    """What each finds; one that the database fails says so, and the next goes on."""
    for name, check in checks:
        try:
            findings = list(check(asked))
        except DatabaseError as failure:
            findings = [
                broken(
                    f"The database did not answer this: {type(failure).__name__}.",
                    "Look whether it runs, and at DATABASE_URL.",
                )
            ]
        yield from ((name, finding) for finding in findings)
