"""The web process: published calendars, then Django."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

django = get_wsgi_application()  # before the models below can be read

from config.early import FeedsFirst  # noqa: E402

application = FeedsFirst(django)
