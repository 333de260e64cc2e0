"""Every setting, from the environment, with the reason beside the value.

What is the same in every city stands apart: of the API in config/api.py, of logs in config/logs.py.
"""

from pathlib import Path
from urllib.parse import urlsplit

from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _
from django_guid.integrations import CeleryIntegration

from config import logs
from config.api import REST_FRAMEWORK as REST_FRAMEWORK  # how its packages are set
from config.api import REST_KNOX as REST_KNOX
from config.api import SPECTACULAR_SETTINGS as SPECTACULAR_SETTINGS
from config.boot import Env, networks, web_address, why_known

env = Env()
BASE_DIR = Path(__file__).resolve().parent.parent
DATA_DIR = Path(env("BEATBOOK_DATA", default=str(BASE_DIR / ".data")))

# The demo has a made-up city, random passwords, a banner, and answers on loopback only.
DEMO = env.bool("BEATBOOK_DEMO", default=False)
DEBUG = env.bool("DEBUG", default=False)
if DEBUG and not DEMO:
    raise ImproperlyConfigured("DEBUG shows residents' data on error pages: only in the demo.")
SECRET_KEY = env("SECRET_KEY")  # no default: a guessable key is worse than no site
if reason := why_known(SECRET_KEY):
    raise ImproperlyConfigured(f"SECRET_KEY {reason}.")
KEY_FILE = Path(env("BEATBOOK_KEYS"))  # seals survey addresses and signs links; never the key above
BASE_URL = web_address(env("BASE_URL", default="http://127.0.0.1:8000"))
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=[urlsplit(BASE_URL).hostname])
CSRF_TRUSTED_ORIGINS = [BASE_URL]

INSTALLED_APPS = [
    "config.apps.SiteConfig",
    "notifications",
    "scheduling",
    "outreach",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "axes",
    "csp",
    "rest_framework",
    "django_filters",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "knox",
    "phonenumber_field",
    "django_htmx",
    "pgtrigger",
    "pghistory",
    "django_guid",
]
MIDDLEWARE = [
    "django_guid.middleware.guid_middleware",
    "config.middleware.Watched",
    "config.middleware.SameForEveryone",
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "django_permissions_policy.PermissionsPolicyMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "config.language.SwitchedOnLanguages",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "config.middleware.PrivateToReader",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "axes.middleware.AxesMiddleware",
    "config.pressing.PressedOnce",
    "config.middleware.TooOftenAnswered",
    "config.middleware.RivalsAnswered",
    "config.middleware.OtherMethodsAnswered",
]
ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "config" / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "config.site.department",
                "config.pressing.one_time_key",
            ],
        },
    },
]
# Our own field template: label, hint, error, input.
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- Storage -------------------------------------------------------------------------------
DATABASES = {"default": env.db("DATABASE_URL")}
if password := env("DATABASE_PASSWORD", default=""):
    DATABASES["default"]["PASSWORD"] = password
DATABASES["default"]["CONN_MAX_AGE"] = 60
DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
# A booking waits at most this long for a rival's locks; then it is refused, not hung.
LOCK_WAIT_SECONDS = env.number("LOCK_WAIT_SECONDS", default=3)
DATABASES["default"].setdefault("OPTIONS", {})["options"] = f"-c lock_timeout={LOCK_WAIT_SECONDS}s"
# Backups lie here, best on another disk; made at this local hour, kept for so many days.
BACKUP_ROOT = Path(env("BACKUP_ROOT", default=str(DATA_DIR / "backups")))
BACKUP_HOUR = env.number("BACKUP_HOUR", default=2, least=0, most=23)
BACKUP_KEPT_DAYS = env.number("BACKUP_KEPT_DAYS", default=2 if DEMO else 30)
REDIS_URL = env("REDIS_URL")
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": REDIS_URL,
    }
}
# In the database: staff stay signed in when the broker is down.
SESSION_ENGINE = "django.contrib.sessions.backends.db"

# --- Tasks ---------------------------------------------------------------------------------
# kombu names a socket differently from redis-py.
CELERY_BROKER_URL = env(
    "CELERY_BROKER_URL", default=REDIS_URL.replace("unix://", "redis+socket://").split("?")[0]
)
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TASK_TIME_LIMIT = 120  # seconds
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 600,  # above the time limit, or a task runs twice
    "socket_timeout": 5,
    "socket_connect_timeout": 2,
    "socket_keepalive": True,
}

# --- Signing in ----------------------------------------------------------------------------
AUTH_USER_MODEL = "outreach.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "outreach.passwords.LongOrWithSecondFactor"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "staff_day"
ACCOUNT_ADAPTER = "config.sign_in.ClosedAccounts"  # staff accounts are given, never taken
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGOUT_REDIRECT_URL = "home"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_ADAPTER = "config.sign_in.SecondFactor"
MFA_FORMS = {
    "authenticate": "config.sign_in.CodeForm",
    "reauthenticate": "config.sign_in.CodeAgainForm",
}
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = DEMO  # browsers take http on this machine only
# Tries are counted in the database, by AXES and config/sign_in.py, whatever the broker does.
ACCOUNT_RATE_LIMITS = dict.fromkeys(["login", "login_failed", "reauthenticate", "change_password"])
ACCOUNT_FORMS = {"change_password": "config.sign_in.NewPasswordForm"}
AXES_LOCKOUT_TEMPLATE = "account/locked_out.html"
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = 0.25  # hours
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
AXES_VERBOSE = False
AXES_CLIENT_IP_CALLABLE = "outreach.limits.client_address"
# A second factor opens sealed fields this long; then "Show" asks for it again.
SECOND_FACTOR_MINUTES = env.number("SECOND_FACTOR_MINUTES", default=60)
SESSION_COOKIE_AGE = 30 * 60  # idle; each page of staff renews it
# The city's identity provider, as https://login.example.gov/realm; empty: none.
OIDC_URL = env.identity_provider("OIDC_URL")
OIDC_CLIENT_ID = env("OIDC_CLIENT_ID", default="")
OIDC_SECRET = env("OIDC_SECRET", default="")
OIDC_NAME = env("OIDC_NAME", default="") or _("the city")
OIDC_MFA = env.bool("OIDC_MFA", default=False)  # its word for a second factor is enough
OIDC_ONLY = env.bool("OIDC_ONLY", default=False)  # passwords are for administrators only

# --- Headers -------------------------------------------------------------------------------
IS_HTTPS = BASE_URL.startswith("https://")
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = IS_HTTPS
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = LANGUAGE_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = LANGUAGE_COOKIE_SAMESITE = "Lax"
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if IS_HTTPS else 0
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
if env.bool("BEHIND_PROXY", default=False):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
TRUSTED_PROXIES = networks(env.list("TRUSTED_PROXIES", default=[]))
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:"],
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}
PERMISSIONS_POLICY: dict[str, list[str]] = {
    feature: [] for feature in ("camera", "geolocation", "microphone", "payment", "usb")
}

# --- Words and time ------------------------------------------------------------------------
USE_TZ = True
# One zone for the department: meetings keep their local hour when the clocks change.
TIME_ZONE = env.zone("TIME_ZONE", default="America/Los_Angeles")
LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("es", "Español")]
LANGUAGE_COOKIE_NAME = "language"
LOCALE_PATHS = [BASE_DIR / "config" / "locale"]
STATIC_URL = "static/"
STATIC_ROOT = Path(env("STATIC_ROOT", default=str(DATA_DIR / "static")))
STATICFILES_DIRS = [BASE_DIR / "config" / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        # Compressing takes half a minute, and saves nothing on one machine.
        "BACKEND": "django.contrib.staticfiles.storage.ManifestStaticFilesStorage"
        if DEMO
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
PHONENUMBER_DEFAULT_REGION = env("PHONE_REGION", default="US")
PHONENUMBER_DB_FORMAT = "E164"

# --- Mail ----------------------------------------------------------------------------------
vars().update(env.mail_server("EMAIL_URL"))
# Seconds: a sick mail server must not hold a worker. One read, and all of one message.
EMAIL_TIMEOUT = env.number("EMAIL_TIMEOUT", default=10)
HAND_OVER_SECONDS = env.number("HAND_OVER_SECONDS", default=30)
EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
# A claimed message belongs to its worker this long; well above the timeout of one mail.
MESSAGE_LEASE_SECONDS = env.number("MESSAGE_LEASE_SECONDS", default=60)
DEFAULT_FROM_EMAIL = env.mailbox("DEFAULT_FROM_EMAIL", default="outreach@beatbook.example")

# Texts go through a gateway, https://ACCOUNT:TOKEN@host/?from=+15550100199; empty: no texts.
TEXT_URL = env.text_gateway("TEXT_URL")
TEXT_REGIONS = env.list("TEXT_REGIONS", default=["US"])  # countries whose numbers may subscribe
# Texts wait outside these local hours; mail goes out at any hour.
TEXT_HOURS = (
    env.number("TEXTS_FROM_HOUR", default=8, least=0, most=23),
    env.number("TEXTS_UNTIL_HOUR", default=21, most=24),
)
# At most so many a minute, as the provider allows; 0: no limit.
SENDING_RATES = {
    "email": env.int("EMAILS_A_MINUTE", default=0),
    "text": env.int("TEXTS_A_MINUTE", default=60),
}
# Where mail that could not be delivered comes back: a Maildir folder, or an IMAP address
# (imaps://user:password@host/INBOX). Empty: nobody looks.
BOUNCE_MAILDIR = env("BOUNCE_MAILDIR", default="")
BOUNCE_IMAP_URL = env.imap("BOUNCE_IMAP_URL")
# Where calendars answer our invitations: the mailbox of UNIT_MAILBOX; it may be the same one.
REPLY_MAILDIR = env("REPLY_MAILDIR", default="")
REPLY_IMAP_URL = env.imap("REPLY_IMAP_URL")
BOUNCE_MAILBOX = env.mailbox("BOUNCE_MAILBOX")  # the envelope sender; empty: UNIT_MAILBOX
# The weekly message: Monday is 0; the local hour.
DIGEST_WEEKDAY = env.number("DIGEST_WEEKDAY", default=0, least=0, most=6)
DIGEST_HOUR = env.number("DIGEST_HOUR", default=8, least=0, most=23)
# A campaign to more people than this is released by a second person.
CAMPAIGN_SECOND_PERSON_FROM = env.int("CAMPAIGN_SECOND_PERSON_FROM", default=500)
# Reminders that are late, as many at once: a clock may be wrong, so a person looks first.
LATE_REMINDERS_HELD_FROM = env.int("LATE_REMINDERS_HELD_FROM", default=2000)

# --- The department, as far as its page of settings says nothing else ------------------------
DEPARTMENT = {
    "city": env("CITY_NAME", default="Harbor Bay"),
    "name": env("DEPARTMENT_NAME", default="") or _("Harbor Bay Police Department"),
    "unit": env("UNIT_NAME", default="") or _("Community Affairs Unit"),
    "phone": env("UNIT_PHONE", default="(555) 010-0140"),
    "non_emergency": env("NON_EMERGENCY_PHONE", default="(555) 010-0100"),
    "mailbox": env.mailbox("UNIT_MAILBOX", default=DEFAULT_FROM_EMAIL),
    "emergency": "911",
    "relay": "711",
    "postal_address": env("POSTAL_ADDRESS", default="100 Civic Plaza, Harbor Bay"),
}
# When staff take appointments, local time; meetings of residents go into the evening.
WORKING_DAYS = env.list("WORKING_DAYS", cast=int, default=[0, 1, 2, 3, 4])  # Monday is 0
WORKING_HOURS = (
    env.clock("WORKING_FROM", default="08:00"),
    env.clock("WORKING_UNTIL", default="21:00"),
)
VISIT_HOURS = (
    env.clock("VISITS_FROM", default="09:00"),
    env.clock("VISITS_UNTIL", default="17:00"),
)
# Between two places: along the streets at this speed, and so long to park and walk; the flat
# figure where a place has no point on the map.
TRAVEL_KMH = env.number("TRAVEL_KMH", default=25)
TRAVEL_EXTRA_MINUTES = env.int("TRAVEL_EXTRA_MINUTES", default=5)
TRAVEL_FLAT_MINUTES = env.int("TRAVEL_FLAT_MINUTES", default=15)
# Days City Hall is closed: the holidays of this country and state, and, from a first date on,
# every second Friday. Single days are kept as data.
HOLIDAYS_OF = (env("HOLIDAY_COUNTRY", default="US"), env("HOLIDAY_STATE", default="CA"))
CLOSED_FRIDAYS_FROM = env.day("CLOSED_FRIDAYS_FROM")  # as 2026-01-02; empty: none
# Nothing is booked farther ahead; a series keeps its events made this far.
BOOK_AHEAD_DAYS = env.number("BOOK_AHEAD_DAYS", default=731)
SERIES_HORIZON_MONTHS = env.number("SERIES_HORIZON_MONTHS", default=14)
SERIES_MOST_DATES = env.number("SERIES_MOST_DATES", default=500)
# "Any coordinator" takes who has the least booked over so many days.
LOAD_DAYS = env.int("LOAD_DAYS", default=30)
# What waits longer than this is shown to the sergeant too.
BUSINESS_DAYS_TO_ANSWER = env.int("BUSINESS_DAYS_TO_ANSWER", default=2)
SURVEY_VISIT_MINUTES = env.int("SURVEY_VISIT_MINUTES", default=120)
SURVEY_NOTICE_HOURS = env.int("SURVEY_NOTICE_HOURS", default=24)
# Published calendars, as files the front server reads too. A feed shows this many days back
# and ahead.
FEEDS_ROOT = Path(env("FEEDS_ROOT", default=str(DATA_DIR / "feeds")))
FEED_DAYS_BACK = env.int("FEED_DAYS_BACK", default=60)
FEED_DAYS_AHEAD = env.number("FEED_DAYS_AHEAD", default=400)
# Sites that may show our events in a frame; a star: any.
EMBED_ON = env.list("EMBED_ON", default=["*"])
# What others may do with the events, a sentence.
REUSE_TERMS = env("REUSE_TERMS", default="") or _(
    "You may show, copy and reuse these events freely, if you name the department and keep the "
    "link to the page of each event."
)
# A sign-up nobody confirmed is forgotten after this.
UNCONFIRMED_HOURS = env.number("UNCONFIRMED_HOURS", default=48)

# --- API -----------------------------------------------------------------------------------
# Hosts of the city's own network that may be called when an event changes, http too.
WEBHOOK_INSIDE = env.list("WEBHOOK_INSIDE", default=[])
API_CALLS_A_MINUTE = env.number("API_CALLS_A_MINUTE", default=600)
API_STRANGERS_CALLS_A_MINUTE = env.number("API_STRANGERS_CALLS_A_MINUTE", default=120)

# --- Operation -----------------------------------------------------------------------------
# Opens /metrics and /health/ from elsewhere: "Authorization: Bearer …". Empty: this machine only.
HEALTH_KEY = env.key("HEALTH_KEY")
# Counts of the web processes lie here until they are asked for.
METRICS_DIR = Path(env("METRICS_DIR", default=str(DATA_DIR / "metrics")))
# A mail to ourselves every few minutes shows that mail goes out and, where our mailbox is read
# (BOUNCE_… or REPLY_…), that it arrives. Empty: none.
CANARY_MAILBOX = env.mailbox("CANARY_MAILBOX")
CANARY_MINUTES = env.number("CANARY_MINUTES", default=10)
# When /health/ calls for somebody: seconds, or megabytes of the disk.
HEALTH_LIMITS = {
    "oldest_due": env.int("HEALTH_OLDEST_DUE", default=300),
    "silent": env.int("HEALTH_SILENT", default=60),
    "stale_feed": env.int("HEALTH_STALE_FEED", default=30),
    "lock_wait": env.int("HEALTH_LOCK_WAIT", default=30),
    "canary": env.int("HEALTH_CANARY", default=1800),
    "backup": env.int("HEALTH_BACKUP", default=26 * 3600),
    "backup_log": env.int("HEALTH_BACKUP_LOG", default=300),
    "disk_megabytes": env.int("HEALTH_DISK_MEGABYTES", default=1000),
}
# Each request has an id; the tasks it rings carry it, and every line of the logs names it.
DJANGO_GUID = {
    "GUID_HEADER_NAME": "X-Request-ID",
    "EXPOSE_HEADER": False,
    "INTEGRATIONS": [CeleryIntegration()],
}
# "json" for machines that read logs, "text" for people.
LOGGING = logs.to_console(
    level=env("LOG_LEVEL", default="INFO"),
    is_json=env("LOG_FORMAT", default="text" if DEMO else "json") == "json",
)
