#!/usr/bin/env python
"""Django's commands; the embedded servers start for a command when no address is given."""

import os
import sys

from django.core.management import execute_from_command_line

from config.embedded.environment import ensure
from config.embedded.failure import CannotStart


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    try:
        ensure()
    except CannotStart as reason:
        sys.exit(str(reason))
    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
