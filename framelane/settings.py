"""All settings, read from the environment. Without any of them an installation runs self-contained in `FRAMELANE_HOME`.

Names that start with FRAMELANE_ are ours and are called the same in the environment and here.
"""

from pathlib import Path
from typing import Any

import django_stubs_ext
import environ

from framelane.api.openapi_texts import INTRODUCTION, TAGS
from framelane.content_security import policy_for
from framelane.home import folder_named, generated_secret, prepare_home, subfolder
from framelane.mail_files import FILES
from framelane.mail_services import anymail_settings, backend_of

# Lets annotations name the model of a ModelAdmin or a QuerySet at run time.
django_stubs_ext.monkeypatch()

env = environ.Env()
BASE_DIR = Path(__file__).resolve().parent.parent

# --- Where and as what this installation runs -----------------------------------------------------------------------

FRAMELANE_ENV: str = env.str("FRAMELANE_ENV", default="development")
FRAMELANE_HOME: Path = prepare_home(Path(env.str("FRAMELANE_HOME", default=str(BASE_DIR / "var"))).resolve())
FRAMELANE_VERSION = "0.1.0"
FRAMELANE_PUBLIC_URL: str = env.str(
    "FRAMELANE_PUBLIC_URL", default=f"http://localhost:{env.int('PORT', default=8000)}"
).rstrip("/")
IS_PRODUCTION = FRAMELANE_ENV == "production"
# What a production only does when it is told to: keep films on the disk of its one machine, talk to clients without
# encryption in a closed network, write mails to files.
FRAMELANE_ALLOW_LOCAL_STORE: bool = env.bool("FRAMELANE_ALLOW_LOCAL_STORE", default=False)
FRAMELANE_ALLOW_HTTP: bool = env.bool("FRAMELANE_ALLOW_HTTP", default=False)
FRAMELANE_ALLOW_MAIL_FILES: bool = env.bool("FRAMELANE_ALLOW_MAIL_FILES", default=False)

# Off in development too: error pages in HTML would break the promise that every answer is JSON.
DEBUG: bool = env.bool("FRAMELANE_DEBUG", default=False)
FRAMELANE_SECRET_IS_GENERATED = not env.str("FRAMELANE_SECRET_KEY", default="")
SECRET_KEY: str = env.str("FRAMELANE_SECRET_KEY", default="") or generated_secret(FRAMELANE_HOME)
SECRET_KEY_FALLBACKS: list[str] = env.list("FRAMELANE_SECRET_KEY_FALLBACKS", default=[])
ALLOWED_HOSTS: list[str] = env.list("FRAMELANE_ALLOWED_HOSTS", default=[] if IS_PRODUCTION else ["*"])
CSRF_TRUSTED_ORIGINS: list[str] = [FRAMELANE_PUBLIC_URL]

# --- Applications ---------------------------------------------------------------------------------------------------

INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "rest_framework",
    "drf_spectacular",
    "framelane",
    "framelane.api",
    "anymail",
    "allauth",
    "allauth.account",
    "csp",
    "django_htmx",
    "apps.workspaces",
    "apps.audit",
    "apps.tallies",
    "apps.events",
    "apps.mail",
    "apps.api_keys",
    "apps.capabilities",
    "apps.billing",
    "apps.signup",
    "apps.uploads",
    "apps.jobs",
    "apps.account",
    "apps.webhooks",
    "apps.previews",
    "apps.console",
    "apps.operations",
]

MIDDLEWARE = [
    "framelane.api.request_ids.RequestIdMiddleware",
    "framelane.api.access_log.AccessLogMiddleware",
    "apps.operations.metrics.requests.RequestMetricsMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "framelane.api.middleware.ResponseHeadersMiddleware",
    "framelane.api.throttling.RateLimitMiddleware",
    "framelane.api.middleware.CleanPathMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]

ROOT_URLCONF = "framelane.urls"
WSGI_APPLICATION = "framelane.wsgi.application"
ASGI_APPLICATION = "framelane.asgi.application"
# A path without its slash is another path: answering with a redirect would turn a POST into a GET.
APPEND_SLASH = False

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    }
]

# --- Database -------------------------------------------------------------------------------------------------------

DATABASE: dict[str, Any] = env.db_url("DATABASE_URL", default=f"sqlite:///{FRAMELANE_HOME / 'framelane.sqlite3'}")
if DATABASE["ENGINE"] == "django.db.backends.sqlite3":
    DATABASE["OPTIONS"] = {
        # Take the write lock when a transaction begins: a lock that is upgraded half-way fails instead of waiting.
        "transaction_mode": "IMMEDIATE",
        "timeout": 30,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA journal_size_limit=67108864;",
    }
    # A file, not memory: threads of one test see the same locks as processes do in earnest.
    DATABASE["TEST"] = {"NAME": str(FRAMELANE_HOME / "test.sqlite3")}
else:
    DATABASE["CONN_MAX_AGE"] = env.int("FRAMELANE_DATABASE_CONN_MAX_AGE_S", default=60)
    DATABASE["CONN_HEALTH_CHECKS"] = True
    DATABASE["OPTIONS"] = {**DATABASE.get("OPTIONS", {}), "connect_timeout": 10}
DATABASES = {"default": DATABASE}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- Broker, cache, mail --------------------------------------------------------------------------------------------

REDIS_URL: str = env.str("REDIS_URL", default="")
CELERY_BROKER_URL: str = env.str("CELERY_BROKER_URL", default="") or REDIS_URL or "filesystem://localhost"
CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": REDIS_URL}
    if REDIS_URL
    else {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}
}
environ.Env.EMAIL_SCHEMES["filemail"] = FILES
vars().update(env.email_url("EMAIL_URL", default="filemail://"))
EMAIL_FILE_PATH = str(subfolder(FRAMELANE_HOME, "mail"))
DEFAULT_FROM_EMAIL: str = env.str("FRAMELANE_FROM_EMAIL", default="Framelane <noreply@localhost>")
FRAMELANE_MAIL_TIMEOUT_S: int = env.int("FRAMELANE_MAIL_TIMEOUT_S", default=30)
EMAIL_TIMEOUT = FRAMELANE_MAIL_TIMEOUT_S
# A mail service with an interface of its own, one of framelane.mail_services; it takes the place of EMAIL_URL.
FRAMELANE_MAIL_SERVICE: str = env.str("FRAMELANE_MAIL_SERVICE", default="")
FRAMELANE_MAIL_API_KEY: str = env.str("FRAMELANE_MAIL_API_KEY", default="")
FRAMELANE_MAIL_DOMAIN: str = env.str("FRAMELANE_MAIL_DOMAIN", default="")
FRAMELANE_MAIL_API_URL: str = env.str("FRAMELANE_MAIL_API_URL", default="")
if FRAMELANE_MAIL_SERVICE:
    EMAIL_BACKEND = backend_of(FRAMELANE_MAIL_SERVICE)
    ANYMAIL = anymail_settings(
        FRAMELANE_MAIL_SERVICE,
        api_key=FRAMELANE_MAIL_API_KEY,
        domain=FRAMELANE_MAIL_DOMAIN,
        api_url=FRAMELANE_MAIL_API_URL,
        timeout_s=FRAMELANE_MAIL_TIMEOUT_S,
    )

# Sign-ups an hour: of one e-mail address, which receives a mail each time, and from one client address.
FRAMELANE_SIGNUPS_PER_ADDRESS: int = env.int("FRAMELANE_SIGNUPS_PER_ADDRESS", default=5)
FRAMELANE_SIGNUPS_PER_CLIENT: int = env.int("FRAMELANE_SIGNUPS_PER_CLIENT", default=60)

# --- Media ----------------------------------------------------------------------------------------------------------

# file:///folder or gs://bucket/prefix
STORAGE_URL: str = env.str("STORAGE_URL", default="") or subfolder(FRAMELANE_HOME, "store").as_uri()
FRAMELANE_SCRATCH: Path = Path(env.str("FRAMELANE_SCRATCH", default="") or subfolder(FRAMELANE_HOME, "scratch"))
FRAMELANE_SOURCE_MAX_BYTES: int = env.int("FRAMELANE_SOURCE_MAX_BYTES", default=5 * 1024**3)
FRAMELANE_UPLOAD_URL_LIFETIME_S: int = env.int("FRAMELANE_UPLOAD_URL_LIFETIME_S", default=3600)
FRAMELANE_MEDIA_URL_LIFETIME_S: int = env.int("FRAMELANE_MEDIA_URL_LIFETIME_S", default=3600)
FRAMELANE_OUTPUT_RETENTION_DAYS: int = env.int("FRAMELANE_OUTPUT_RETENTION_DAYS", default=30)
# Days since an asset was made or last used; 0 keeps for ever. Copies are what was fetched from other places.
FRAMELANE_ASSET_RETENTION_DAYS: int = env.int("FRAMELANE_ASSET_RETENTION_DAYS", default=0)
FRAMELANE_COPY_RETENTION_DAYS: int = env.int("FRAMELANE_COPY_RETENTION_DAYS", default=30)
FRAMELANE_INGEST_EXTERNAL: bool = env.bool("FRAMELANE_INGEST_EXTERNAL", default=True)
# For how long a copy of a foreign source counts as fresh: a job that names the URL again fetches nothing.
FRAMELANE_COPY_REUSE_S: int = env.int("FRAMELANE_COPY_REUSE_S", default=3600)
# How many files of one workspace are fetched at the same time: slow servers must leave places to the others.
FRAMELANE_IMPORTS_AT_ONCE: int = env.int("FRAMELANE_IMPORTS_AT_ONCE", default=2)
# Hosts of share links → base URLs that are asked instead. For development and tests.
FRAMELANE_SHARE_BASES: dict[str, str] = env.dict("FRAMELANE_SHARE_BASES", default={})
# Networks (CIDR) that sources may be fetched from although they are private. For development and tests.
FRAMELANE_NET_ALLOW: list[str] = env.list("FRAMELANE_NET_ALLOW", default=[])
FRAMELANE_FETCH_TIMEOUT_S: int = env.int("FRAMELANE_FETCH_TIMEOUT_S", default=600)

# --- Jobs -----------------------------------------------------------------------------------------------------------

FRAMELANE_JOB_LEASE_S: float = env.float("FRAMELANE_JOB_LEASE_S", default=60)
FRAMELANE_JOB_HEARTBEAT_S: float = env.float("FRAMELANE_JOB_HEARTBEAT_S", default=10)
FRAMELANE_JOB_SWEEP_S: float = env.float("FRAMELANE_JOB_SWEEP_S", default=15)
FRAMELANE_EVENT_RELAY_S: float = env.float("FRAMELANE_EVENT_RELAY_S", default=5)
FRAMELANE_WEBHOOK_SWEEP_S: float = env.float("FRAMELANE_WEBHOOK_SWEEP_S", default=5)
FRAMELANE_JOB_MAX_ATTEMPTS: int = env.int("FRAMELANE_JOB_MAX_ATTEMPTS", default=3)
FRAMELANE_JOB_MAX_WORKER_DEATHS: int = env.int("FRAMELANE_JOB_MAX_WORKER_DEATHS", default=2)
FRAMELANE_JOB_DEADLINE_S: int = env.int("FRAMELANE_JOB_DEADLINE_S", default=6 * 3600)
# How much of a busy queue a workspace gets, relative to the others that wait there.
FRAMELANE_QUEUE_WEIGHT_FREE: int = env.int("FRAMELANE_QUEUE_WEIGHT_FREE", default=1)
FRAMELANE_QUEUE_WEIGHT_PRO: int = env.int("FRAMELANE_QUEUE_WEIGHT_PRO", default=2)
FRAMELANE_QUEUE_WEIGHT_ENTERPRISE: int = env.int("FRAMELANE_QUEUE_WEIGHT_ENTERPRISE", default=8)
FRAMELANE_ASSET_WAIT_S: int = env.int("FRAMELANE_ASSET_WAIT_S", default=3600)
# What a job of unknown length sets aside of the plan's minutes, until its worker has seen the sources.
FRAMELANE_UNKNOWN_RESERVE_S: float = env.float("FRAMELANE_UNKNOWN_RESERVE_S", default=60)
# How long a workspace works on after a payment failed; then it can only be read.
FRAMELANE_PAST_DUE_GRACE_DAYS: int = env.int("FRAMELANE_PAST_DUE_GRACE_DAYS", default=7)
# Who transcribes: AssemblyAI where its key is set, else a faster-whisper model from a folder.
FRAMELANE_ASSEMBLYAI_API_KEY: str = env.str("FRAMELANE_ASSEMBLYAI_API_KEY", default="")
FRAMELANE_ASSEMBLYAI_BASE_URL: str = env.str("FRAMELANE_ASSEMBLYAI_BASE_URL", default="https://api.assemblyai.com")
FRAMELANE_WHISPER_MODEL: Path | None = folder_named(env.str("FRAMELANE_WHISPER_MODEL", default=""))
# Where the weights lie that the operator has installed; the children of workers look there too.
FRAMELANE_MODELS: Path | None = folder_named(env.str("FRAMELANE_MODELS", default=""))
# What the render workers compute on, as /v1/capabilities reports it: the web process itself never touches a GPU.
FRAMELANE_ACCELERATOR: str = env.str("FRAMELANE_ACCELERATOR", default="cpu")
FRAMELANE_SANDBOX_MEMORY_BYTES: int = env.int("FRAMELANE_SANDBOX_MEMORY_BYTES", default=4 * 1024**3)
# Networks and their libraries take more than a render before the first frame.
FRAMELANE_TASK_MEMORY_BYTES: int = env.int("FRAMELANE_TASK_MEMORY_BYTES", default=8 * 1024**3)
FRAMELANE_PROBE_MEMORY_BYTES: int = env.int("FRAMELANE_PROBE_MEMORY_BYTES", default=1024**3)
FRAMELANE_PROBE_TIMEOUT_S: int = env.int("FRAMELANE_PROBE_TIMEOUT_S", default=30)

# --- Sign-in --------------------------------------------------------------------------------------------------------

# People sign in to the console by a code that comes by mail; there are no passwords but those of the staff.
AUTHENTICATION_BACKENDS = ["django.contrib.auth.backends.ModelBackend"]
LOGIN_URL = "console:sign-in"
LOGIN_REDIRECT_URL = "console:dashboard"
ACCOUNT_LOGOUT_REDIRECT_URL = "console:sign-in"
ACCOUNT_ADAPTER = "apps.console.sign_in.adapter.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*"]
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
# The code that lets somebody in proves the address, every time: there is nothing left to verify afterwards.
ACCOUNT_EMAIL_VERIFICATION = "none"
# Asking for codes again and again; each of them has its own, shorter life.
ACCOUNT_LOGIN_TIMEOUT = 3600
# They count in the cache, which without Redis is each process's own; ours count for all (apps.signup.allowances,
# framelane.api.throttling).
ACCOUNT_RATE_LIMITS = False
# Two weeks after the last day on which somebody came (apps.console.lifetime).
SESSION_COOKIE_AGE = 14 * 24 * 3600
CSRF_FAILURE_VIEW = "framelane.api.handlers.csrf_failure"

# An OpenID Connect issuer whose tokens are accepted beside API keys, exactly as they name it in `iss`.
FRAMELANE_OIDC_ISSUER: str = env.str("FRAMELANE_OIDC_ISSUER", default="")
# Where its keys are; without it, where the issuer's own description says.
FRAMELANE_OIDC_JWKS_URL: str = env.str("FRAMELANE_OIDC_JWKS_URL", default="")
FRAMELANE_OIDC_AUDIENCE: list[str] = env.list("FRAMELANE_OIDC_AUDIENCE", default=[])
FRAMELANE_OIDC_AUTHORIZED_PARTIES: list[str] = env.list("FRAMELANE_OIDC_AUTHORIZED_PARTIES", default=[])

# --- Payments -------------------------------------------------------------------------------------------------------

# Stripe. Without these four nothing can be bought, and nothing of it is loaded.
FRAMELANE_STRIPE_SECRET_KEY: str = env.str("FRAMELANE_STRIPE_SECRET_KEY", default="")
# Two of them, separated by a comma, while one is being replaced.
FRAMELANE_STRIPE_WEBHOOK_SECRET: str = env.str("FRAMELANE_STRIPE_WEBHOOK_SECRET", default="")
FRAMELANE_STRIPE_PRICE_PRO: str = env.str("FRAMELANE_STRIPE_PRICE_PRO", default="")
FRAMELANE_STRIPE_PRICE_OVERAGE: str = env.str("FRAMELANE_STRIPE_PRICE_OVERAGE", default="")
# The event name of the billing meter behind the overage price.
FRAMELANE_STRIPE_METER_EVENT: str = env.str("FRAMELANE_STRIPE_METER_EVENT", default="framelane_overage_minutes")
FRAMELANE_STRIPE_AUTOMATIC_TAX: bool = env.bool("FRAMELANE_STRIPE_AUTOMATIC_TAX", default=False)
FRAMELANE_STRIPE_API_BASE: str = env.str("FRAMELANE_STRIPE_API_BASE", default="https://api.stripe.com").rstrip("/")
# Origins besides that of FRAMELANE_PUBLIC_URL that Stripe's pages may lead back to.
FRAMELANE_BILLING_RETURN_ORIGINS: list[str] = env.list("FRAMELANE_BILLING_RETURN_ORIGINS", default=[])
if FRAMELANE_STRIPE_SECRET_KEY:
    # Its migrations take a minute: only those who need its tables wait for them.
    INSTALLED_APPS.append("apps.billing.stripe.mirror_app.MirrorConfig")
    STRIPE_SECRET_KEY = FRAMELANE_STRIPE_SECRET_KEY
    STRIPE_LIVE_MODE = not FRAMELANE_STRIPE_SECRET_KEY.startswith("sk_test_")
    DJSTRIPE_FOREIGN_KEY_TO_FIELD = "id"
    # Whose customer it is stands in our own table.
    DJSTRIPE_SUBSCRIBER_CUSTOMER_KEY = ""
    if FRAMELANE_STRIPE_API_BASE != "https://api.stripe.com":
        STRIPE_API_HOST = FRAMELANE_STRIPE_API_BASE

# --- HTTP -----------------------------------------------------------------------------------------------------------

FRAMELANE_MAX_BODY_BYTES: int = env.int("FRAMELANE_MAX_BODY_BYTES", default=8 * 1024**2)
FRAMELANE_IDEMPOTENCY_WINDOW_S: int = env.int("FRAMELANE_IDEMPOTENCY_WINDOW_S", default=24 * 3600)
DATA_UPLOAD_MAX_MEMORY_SIZE = FRAMELANE_MAX_BODY_BYTES
# Requests a minute: of a workspace by its plan, of a client address where no workspace answers for them.
FRAMELANE_RATE_LIMIT_FREE: int = env.int("FRAMELANE_RATE_LIMIT_FREE", default=60)
FRAMELANE_RATE_LIMIT_PRO: int = env.int("FRAMELANE_RATE_LIMIT_PRO", default=600)
FRAMELANE_RATE_LIMIT_ENTERPRISE: int = env.int("FRAMELANE_RATE_LIMIT_ENTERPRISE", default=6000)
FRAMELANE_RATE_LIMIT_PUBLIC: int = env.int("FRAMELANE_RATE_LIMIT_PUBLIC", default=120)
FRAMELANE_RATE_LIMIT_SIGNUP: int = env.int("FRAMELANE_RATE_LIMIT_SIGNUP", default=10)
FRAMELANE_RATE_LIMIT_FAILED_AUTH: int = env.int("FRAMELANE_RATE_LIMIT_FAILED_AUTH", default=60)
# How many proxies of ours append to X-Forwarded-For on the way here; with 0 the header is not believed.
FRAMELANE_TRUSTED_PROXIES: int = env.int("FRAMELANE_TRUSTED_PROXIES", default=0)
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = FRAMELANE_PUBLIC_URL.startswith("https://")
# Browsers take cookies of these names from this very host alone, never from a neighbour under the same domain.
_COOKIE_PREFIX = "__Host-" if SESSION_COOKIE_SECURE else ""
SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = f"{_COOKIE_PREFIX}sessionid", f"{_COOKIE_PREFIX}csrftoken"
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if IS_PRODUCTION and SESSION_COOKIE_SECURE else 0
# Only where a proxy in front really sets the header: otherwise any client could claim to have come by HTTPS.
if env.bool("FRAMELANE_BEHIND_TLS_PROXY", default=False):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

CONTENT_SECURITY_POLICY = policy_for(FRAMELANE_PUBLIC_URL, STORAGE_URL, FRAMELANE_STRIPE_API_BASE)

STATIC_URL = "/static/"
# Where collectstatic puts the static files, and the web finds them: images have them made beforehand.
FRAMELANE_STATIC_ROOT: Path = Path(env.str("FRAMELANE_STATIC_ROOT", default="") or subfolder(FRAMELANE_HOME, "static"))
STATIC_ROOT = FRAMELANE_STATIC_ROOT
# The pages are set in the faces that the engine brings for films.
STATICFILES_DIRS = [BASE_DIR / "static", ("fonts", BASE_DIR / "gpu_tasks" / "fonts")]
STATICFILES_FINDERS = ["framelane.static_files.Finder", "django.contrib.staticfiles.finders.AppDirectoriesFinder"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    # In development files are read from where they are written.
    "staticfiles": {
        "BACKEND": "framelane.static_files.HashedFiles"
        if IS_PRODUCTION
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = not IS_PRODUCTION
WHITENOISE_AUTOREFRESH = not IS_PRODUCTION

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [],
    "DEFAULT_PERMISSION_CLASSES": [],
    "DEFAULT_PARSER_CLASSES": ["framelane.api.parsing.StrictJSONParser"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_CONTENT_NEGOTIATION_CLASS": "framelane.api.parsing.JsonOnly",
    "DEFAULT_METADATA_CLASS": None,
    "DEFAULT_SCHEMA_CLASS": "framelane.api.schema.OperationSchema",
    "EXCEPTION_HANDLER": "framelane.api.exceptions.exception_handler",
    "UNAUTHENTICATED_USER": None,
    "URL_FORMAT_OVERRIDE": None,
}

SPECTACULAR_SETTINGS = {
    "OAS_VERSION": "3.1.0",
    "TITLE": "Framelane API",
    "DESCRIPTION": INTRODUCTION,
    "VERSION": FRAMELANE_VERSION,
    "LICENSE": {"name": "Apache 2.0", "identifier": "Apache-2.0"},
    "TAGS": TAGS,
    "SERVERS": [{"url": FRAMELANE_PUBLIC_URL}],
    "SCHEMA_PATH_PREFIX": "/v1",
    "SORT_OPERATIONS": False,
    "COMPONENT_SPLIT_PATCH": False,
    "SORT_OPERATION_PARAMETERS": False,
    "POSTPROCESSING_HOOKS": ["apps.webhooks.openapi.add_calls", "framelane.api.openapi.finish"],
    "ENABLE_DJANGO_DEPLOY_CHECK": False,
}

LANGUAGE_CODE = "en-us"
TIME_ZONE = "UTC"
USE_TZ = True
FORMAT_MODULE_PATH = "framelane.formats"

# --- Operations -----------------------------------------------------------------------------------------------------

# What reads /metrics sends this; without it they are for this machine alone, and in production for nobody.
FRAMELANE_METRICS_TOKEN: str = env.str("FRAMELANE_METRICS_TOKEN", default="")
# Where Flower listens, which the staff reaches at /flower/.
FRAMELANE_FLOWER_URL: str = env.str(
    "FRAMELANE_FLOWER_URL",
    default=f"http://{env.str('FLOWER_HOST', default='127.0.0.1')}:{env.int('FLOWER_PORT', default=5555)}",
).rstrip("/")

# --- Logs -----------------------------------------------------------------------------------------------------------

FRAMELANE_LOG_FORMAT: str = env.str("FRAMELANE_LOG_FORMAT", default="json" if IS_PRODUCTION else "plain")
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"request_id": {"()": "framelane.api.request_ids.RequestIdFilter"}},
    "formatters": {
        "plain": {"()": "framelane.api.logs.PlainFormatter"},
        "json": {"()": "framelane.api.logs.JsonFormatter"},
    },
    "handlers": {
        "stderr": {
            "class": "logging.StreamHandler",
            "filters": ["request_id"],
            # A wrong name is for framelane.checks to refuse, in words.
            "formatter": "json" if FRAMELANE_LOG_FORMAT == "json" else "plain",
        }
    },
    "root": {"handlers": ["stderr"], "level": env.str("FRAMELANE_LOG_LEVEL", default="INFO")},
    "loggers": {
        "django": {"handlers": [], "propagate": True},
        # They tell of every request that succeeds.
        "stripe": {"level": "WARNING"},
        "httpx": {"level": "WARNING"},
    },
}
