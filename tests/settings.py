"""The settings of the tests: real servers, made for this run and removed with it."""

import os
import tempfile

from config.embedded.environment import ensure_temporary

ensure_temporary()  # before the settings, which read the addresses
# Workers of one run share a Valkey, so each has a database of its own in it.
WORKER = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
if os.environ["REDIS_URL"].startswith("unix://"):
    VALKEY_SOCKET = os.environ["REDIS_URL"].removeprefix("unix://").split("?")[0]
    os.environ["REDIS_URL"] = f"unix://{VALKEY_SOCKET}?db={WORKER}"
    os.environ["CELERY_BROKER_URL"] = f"redis+socket://{VALKEY_SOCKET}?virtual_host={WORKER}"

os.environ.setdefault("LOG_FORMAT", "text")
# Counts of the web processes of this run.
os.environ["METRICS_DIR"] = os.environ["PROMETHEUS_MULTIPROC_DIR"] = tempfile.mkdtemp()

from config.settings import *  # noqa: E402, F403

# Quick on purpose: a test signs in often, and guards no real password.
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
# Files are found where they lie; tests collect nothing first.
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = True
