"""One settings file for every way of running; the differences come from the environment (.env).

Each setting a user may change is read here through ``env``, which refuses values of the wrong type.
"""

import os
import sys
from pathlib import Path

import environ
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

from crm import broker
from crm.operations import logs

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()
env.read_env(os.environ.get("ENV_FILE") or BASE_DIR / ".env")
# What stands empty, as NAME= in .env or ${NAME:-} in a compose file leaves it, is not set.
env.ENVIRON = {name: value for name, value in os.environ.items() if value}

TESTING = "pytest" in sys.modules
DEBUG = env.bool("DEBUG", default=False)
SECRET_KEY = env.str("SECRET_KEY", default="only-for-tests" if TESTING else "")
if not SECRET_KEY:
    raise ImproperlyConfigured(
        "SECRET_KEY is not set. `make run` writes one into .env; elsewhere set it yourself."
    )
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])

# Threads of one matrix product, read when the numerical libraries are loaded. Several that wait for each other cost
# a training half of its processor time, and a machine has other processes to give it to.
os.environ["OMP_NUM_THREADS"] = env.str("OMP_NUM_THREADS", default="1")

# Where everything that is not code lives: the embedded database, the broker, trained models, uploads.
VAR_DIR = Path(env.str("VAR_DIR", default=str(BASE_DIR / "var")))
BACKUP_DIR = Path(env.str("BACKUP_DIR", default=str(VAR_DIR / "backups")))
MODELS_DIR = Path(env.str("MODELS_DIR", default=str(VAR_DIR / "models")))

INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "rest_framework",
    "django_filters",
    "django_htmx",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "django_celery_beat",
    "django_countries",
    "csp",
    "customers",
    "insights",
    "crm.operations",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "crm.operations.middleware.RequestMiddleware",
    "crm.operations.middleware.ZippedPagesMiddleware",
    "customers.api.middleware.ApiMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "customers.middleware.PreferencesMiddleware",
    "customers.middleware.FragmentMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "csp.middleware.CSPMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]

ROOT_URLCONF = "crm.urls"
WSGI_APPLICATION = "crm.wsgi.application"
ASGI_APPLICATION = "crm.asgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]

# Database: SQLite by default, PostgreSQL by DATABASE_URL.
DATABASES = {
    "default": env.db("DATABASE_URL", default=f"sqlite:///{VAR_DIR / 'perennial.sqlite3'}")
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    # WAL with IMMEDIATE: a reader never waits, and a read that becomes a write never fails on a stale snapshot.
    DATABASES["default"].setdefault("OPTIONS", {}).update(
        transaction_mode="IMMEDIATE",
        timeout=20,
        init_command="PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; "
        "PRAGMA cache_size=-65536; PRAGMA temp_store=MEMORY;",
    )
    if TESTING:
        DATABASES["default"]["TEST"] = {
            "NAME": env.str("TEST_SQLITE", default=str(VAR_DIR / "test.sqlite3"))
        }
    VAR_DIR.mkdir(parents=True, exist_ok=True)
else:
    DATABASES["default"].update(CONN_MAX_AGE=60, CONN_HEALTH_CHECKS=True)
    # Compiling a query costs more than any page's takes, and so does calling other processes in to help with it, who
    # are then missing to other readers; what a training reads is copied, and waits for the disk.
    DATABASES["default"].setdefault("OPTIONS", {}).setdefault("connect_timeout", 5)
    DATABASES["default"]["OPTIONS"].setdefault(
        "options", "-c jit=off -c max_parallel_workers_per_gather=0"
    )

CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}

# People
AUTH_USER_MODEL = "customers.User"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 10},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
if TESTING:
    PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "login"

# Languages and time
LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("zh-hans", "简体中文")]
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"

# Files
STATIC_URL = "static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATIC_ROOT = Path(env.str("STATIC_ROOT", default=str(VAR_DIR / "static")))
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG or TESTING
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = WHITENOISE_AUTOREFRESH = DEBUG or TESTING
MEDIA_ROOT = VAR_DIR / "uploads"
DATA_UPLOAD_MAX_MEMORY_SIZE = 20 * 1024 * 1024

# Safety. HTTPS=on says that TLS ends in front of us; the local run serves plain http on this machine.
HTTPS = env.bool("HTTPS", default=False)
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = HTTPS
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = HTTPS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$", r"^metrics$"]
SESSION_COOKIE_HTTPONLY = True
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "EXCLUDE_URL_PREFIXES": ("/admin/",),
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:"],
        "object-src": [NONE],
        "base-uri": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    },
}

# Who asks for /metrics, and for the parts of /readyz, with this as a bearer token; empty: admins only.
METRICS_TOKEN = env.str("METRICS_TOKEN", default="")
# How long other systems can ask which records were deleted.
DELETIONS_DAYS = env.int("DELETIONS_DAYS", default=400)

# E-mail, by which people are told of what they chose; without a server nobody is offered it.
EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
EMAIL_HOST = env.str("EMAIL_HOST", default="")
EMAIL_PORT = env.int("EMAIL_PORT", default=587)
EMAIL_HOST_USER = env.str("EMAIL_HOST_USER", default="")
EMAIL_HOST_PASSWORD = env.str("EMAIL_HOST_PASSWORD", default="")
EMAIL_USE_SSL = env.bool("EMAIL_USE_SSL", default=False)
EMAIL_USE_TLS = env.bool("EMAIL_USE_TLS", default=not EMAIL_USE_SSL)
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="perennial@localhost")
# What the links in e-mails begin with: https://crm.example.com; empty: they carry none.
SITE_URL = env.str("SITE_URL", default="").rstrip("/")

# API
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "customers.api.authentication.TokenAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": [
        "rest_framework.permissions.IsAuthenticated",
        "customers.api.permissions.HasScope",
    ],
    "DEFAULT_THROTTLE_CLASSES": ["customers.api.throttling.PersonThrottle"],
    "DEFAULT_PARSER_CLASSES": ["customers.api.parsers.StrictJSONParser"],
    # How many proxies stand in front: the address counted is the one the last of them saw.
    "NUM_PROXIES": env.int("PROXIES", default=1 if HTTPS else 0),
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_FILTER_BACKENDS": ["customers.api.choosing.FilterBackend"],
    "DEFAULT_PAGINATION_CLASS": "customers.api.pagination.KeysetPagination",
    "DEFAULT_SCHEMA_CLASS": "customers.api.schema.Schema",
    "DEFAULT_METADATA_CLASS": "customers.api.metadata.Methods",
    "EXCEPTION_HANDLER": "customers.api.errors.handle",
    "URL_FORMAT_OVERRIDE": None,  # "format" is a parameter nobody knows
    "PAGE_SIZE": 50,
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
}
# Requests of one token, or of one person on the pages: "600/minute", or "off". Tests ask as often as they like.
API_RATES = {
    kind: env.str(f"API_RATE_{kind.upper()}", default="off" if TESTING else usual)
    for kind, usual in {
        "read": "6000/minute",
        "write": "3000/minute",
        "ingest": "3000/minute",
        "analysis": "120/minute",  # each waits for a worker
        "token": "10/minute",  # passwords tried, per address and per name
    }.items()
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Perennial API",
    "DESCRIPTION": "Customers, what they did, and what the models say about them.",
    "VERSION": "1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SERVE_PERMISSIONS": ["rest_framework.permissions.IsAuthenticated"],
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "DEFAULT_GENERATOR_CLASS": "customers.api.schema.OnceMade",
    "GET_LIB_DOC_EXCLUDES": "customers.api.schema.without_words",
    "ENUM_NAME_OVERRIDES": {
        "ModelKindEnum": "insights.models.Kind",
        "CustomerKindEnum": "customers.models.Customer.Kind",
        "OrderKindEnum": "customers.models.Order.Kind",
        "TaskOutcomeEnum": "customers.models.Task.Outcome",
        "RowStatusEnum": "customers.api.bulk.batch.STATUSES",
    },
    "COMPONENT_SPLIT_REQUEST": True,
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "customers.api.describing.complete",
        "insights.api.describing.complete",
    ],
}

# Background work: the broker only wakes workers, the database is the truth.
REDIS_URL = env.str("REDIS_URL", default=broker.address(VAR_DIR))
# Where requests are counted for the API's limits; nothing here is work, so it may be lost at any moment.
THROTTLE_URL = env.str("THROTTLE_URL", default="" if TESTING else broker.beside(REDIS_URL))
# Tests that want a worker start a broker of their own; no other may be woken by them.
CELERY_BROKER_URL = "memory://" if TESTING else REDIS_URL
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None  # however long it is away
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_SOFT_SHUTDOWN_TIMEOUT = 10
# KiB; a larger child makes room for a new one after its task: what arrays leave behind is not always given back.
CELERY_WORKER_MAX_MEMORY_PER_CHILD = 1_500_000
CELERY_TIMEZONE = "UTC"
CELERY_BEAT_SCHEDULER = "crm.beat:Scheduler"
TRAINING_TIME_LIMIT = env.int("TRAINING_TIME_LIMIT", default=3600)
# Longer than any task may run plus its wait in the queue: or the broker hands it out a second time.
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": TRAINING_TIME_LIMIT * 2,
    "unacked_restore_interval": 20,
    "unacked_restore_throttle": 2,
    "socket_connect_timeout": 3,
    "max_retries": 2,
    "interval_start": 0,
    "interval_max": 1,
}
CELERY_RESULT_BACKEND_TRANSPORT_OPTIONS = {"visibility_timeout": TRAINING_TIME_LIMIT * 2}
CELERY_VISIBILITY_TIMEOUT = TRAINING_TIME_LIMIT * 2

# Readable lines on a screen, one JSON object a line where a machine collects them.
LOG_FORMAT = env.str("LOG_FORMAT", default="lines")
LOGGING = logs.configuration(
    LOG_FORMAT,
    env.str("LOG_LEVEL", default="INFO"),
    each_request=env.bool("LOG_REQUESTS", default=LOG_FORMAT == "json"),
)

CUSTOMER_PAGE_SIZE = 25
