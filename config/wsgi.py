"""The web process: published calendars, then Django."""

import os

from django.conf import settings
from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
# Before anything is counted: the processes of one machine add up what they counted in files.
settings.METRICS_DIR.mkdir(parents=True, exist_ok=True)
os.environ["PROMETHEUS_MULTIPROC_DIR"] = str(settings.METRICS_DIR)

django = get_wsgi_application()  # before the models below can be read

from config.early import FeedsFirst  # noqa: E402

application = FeedsFirst(django)
