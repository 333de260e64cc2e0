#!/usr/bin/env python
"""Django's commands; the embedded servers start for a command when no address is given."""

import os
import sys

from django.core.exceptions import ImproperlyConfigured
from django.core.management import execute_from_command_line
from django.db import ProgrammingError
from psycopg.errors import UndefinedTable

from config.embedded.environment import assume, ensure
from config.embedded.failure import CannotStart


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    try:
        # A restore must not need the database it is to put back.
        assume() if sys.argv[1:2] == ["restore"] else ensure()
    except CannotStart as reason:
        sys.exit(str(reason))
    try:
        execute_from_command_line(sys.argv)
    except ImproperlyConfigured as reason:
        sys.exit(f"{reason} A command needs the settings of the server: docs/operator/install.md.")
    except ProgrammingError as failure:
        if not isinstance(failure.__cause__, UndefinedTable):
            raise
        sys.exit(
            f"The database of {os.environ.get('BEATBOOK_DATA', 'this folder')} has no tables yet. "
            "Set BEATBOOK_DATA to the folder you gave script/server, or run manage.py migrate."
        )


if __name__ == "__main__":
    main()
