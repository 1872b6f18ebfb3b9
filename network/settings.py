"""The site's settings: one file, switched by the environment (see README, Deploying).

Without any variable it is a developer's machine: SQLite, mail to a folder, keys in
`var/`. `WAYMARK_PRODUCTION=1` demands keys, hosts and an address by https, or refuses
to start, and sends cookies by https only.
"""

import sys
from datetime import timedelta
from pathlib import Path

from csp.constants import NONCE, NONE, SELF
from django.utils.translation import gettext_lazy as _

from network import env
from network.keys import development_keys, parsed_key, parsed_ring, parsed_signer

BASE_DIR = Path(__file__).resolve().parent.parent
VAR_DIR = Path(env.text("WAYMARK_VAR", str(BASE_DIR / "var")))
PRODUCTION = env.flag("WAYMARK_PRODUCTION", default=False)
DEBUG = not PRODUCTION and env.flag("WAYMARK_DEBUG", default=True)
TESTING = "pytest" in sys.modules

# --- keys and hosts -------------------------------------------------------------------
if PRODUCTION:
    SECRET_KEY = env.text("WAYMARK_SECRET_KEY", why="50 random characters")
    FIELD_KEYS = env.words(
        "WAYMARK_FIELD_KEYS", why="id:base64 of 32 bytes, the newest first"
    )
    BLIND_INDEX_KEY = env.text("WAYMARK_BLIND_INDEX_KEY", why="base64 of 32 bytes")
    ALLOWED_HOSTS = env.hosts("WAYMARK_HOSTS")
    BASE_URL = env.https_url("WAYMARK_BASE_URL")
    parsed_ring(FIELD_KEYS)  # a key that cannot be read is found out now, not later
    parsed_key(BLIND_INDEX_KEY, name="WAYMARK_BLIND_INDEX_KEY")
    VAPID_KEY = env.text("WAYMARK_VAPID_KEY", "")  # without one no push is offered
    if VAPID_KEY:
        parsed_signer(VAPID_KEY, name="WAYMARK_VAPID_KEY")
else:
    _keys = development_keys(VAR_DIR)
    SECRET_KEY = _keys["secret_key"]
    FIELD_KEYS = _keys["field_keys"]
    BLIND_INDEX_KEY = _keys["blind_index_key"]
    VAPID_KEY = env.text("WAYMARK_VAPID_KEY", _keys["vapid_key"])
    ALLOWED_HOSTS = env.words("WAYMARK_HOSTS", "localhost,127.0.0.1,[::1],testserver")
    BASE_URL = env.text("WAYMARK_BASE_URL", "http://localhost:8000").rstrip("/")
CSRF_TRUSTED_ORIGINS = [BASE_URL] if PRODUCTION else []

# --- rooms ----------------------------------------------------------------------------
INSTALLED_APPS = [
    # templates are found in this order: ours re-skin allauth's and Wagtail's
    "network",
    "profiles",
    "projects",
    "messaging",
    "cms",
    "search",
    "moderation",
    "demo",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "wagtail_localize",
    "wagtail_localize.locales",
    "wagtail.contrib.settings",
    "wagtail.search",
    "wagtail.embeds",
    "wagtail.users",
    "wagtail.snippets",
    "wagtail.documents",
    "wagtail.images",
    "wagtail.admin",
    "wagtail",
    "wagtailmedia",
    "modelcluster",
    "taggit",
    "django_cotton",
    "django_htmx",
    "csp",
    "channels",
    "django_tasks",
    "django_tasks_db",
    "django.contrib.humanize",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.forms",
]

MIDDLEWARE = [
    "network.middleware.RequestLog",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "network.middleware.SafetyHeaders",
    "network.middleware.SignedSessionCookie",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "network.middleware.SessionsInUse",
    "django_htmx.middleware.HtmxMiddleware",
    "network.middleware.PersonSettings",
    "network.middleware.StaffSecondFactor",
    "network.middleware.HiddenLooksMissing",
]

ROOT_URLCONF = "network.urls"
ASGI_APPLICATION = "network.asgi.application"
WSGI_APPLICATION = "network.wsgi.application"
APPEND_SLASH = True

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [],
        "APP_DIRS": False,
        "OPTIONS": {
            "loaders": [
                (
                    "django.template.loaders.cached.Loader",
                    [
                        "django_cotton.cotton_loader.Loader",
                        "django.template.loaders.filesystem.Loader",
                        "django.template.loaders.app_directories.Loader",
                    ],
                )
            ],
            "builtins": ["django_cotton.templatetags.cotton"],
            "context_processors": [
                "django.template.context_processors.debug",
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "network.context.site",
            ],
        },
    }
]
COTTON_DIR = "cotton"
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

# --- database, cache, live delivery, work ---------------------------------------------
DATABASES = {
    "default": env.database("DATABASE_URL", fallback=VAR_DIR / "waymark.sqlite3")
}
# A file beside the database and never restored together with it: what was erased.
TOMBSTONES = Path(env.text("WAYMARK_TOMBSTONES", str(VAR_DIR / "tombstones.jsonl")))
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
REDIS_URL = env.text("REDIS_URL", "")
# Servers of one cluster; without any, each process answers from its own engine.
ELASTICSEARCH_URLS = [] if TESTING else env.words("ELASTICSEARCH_URL", "")
ELASTICSEARCH_PREFIX = env.text("ELASTICSEARCH_PREFIX", "waymark")
ELASTICSEARCH_SHARDS = env.number("ELASTICSEARCH_SHARDS", 1)  # of people and needs
# Rows, not a cache server: signing in and its limits must survive without one.
CACHES = {
    "default": {
        "BACKEND": "network.cache.RowCache",
        "LOCATION": "network_cache",
        "KEY_FUNCTION": "network.cache.hidden_key",
        "OPTIONS": {"MAX_ENTRIES": 100_000},
    }
}
MESSAGING_BUS = env.text("WAYMARK_BUS", "redis" if REDIS_URL else "local")
CHANNEL_LAYERS = {"default": {"BACKEND": "channels.layers.InMemoryChannelLayer"}}
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": []}}
# One process serves and works; production runs `manage.py run_worker` beside it.
EMBEDDED_WORKER = env.flag(
    "WAYMARK_EMBEDDED_WORKER", default=not PRODUCTION and not TESTING
)

# --- people and sessions --------------------------------------------------------------
AUTH_USER_MODEL = "network.User"
AUTHENTICATION_BACKENDS = [
    "network.backends.SignIn",
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {
        "NAME": "django.contrib.auth.password_validation."
        "UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ["email"]},
    },
    # 20,000 breached passwords, checked offline
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "profiles:arrive"
LOGOUT_REDIRECT_URL = "/"
SESSION_ENGINE = "network.sessions"
SESSION_COOKIE_AGE = int(timedelta(days=14).total_seconds())
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = PRODUCTION
# with this prefix browsers take the cookie from this very host only, and by https
SESSION_COOKIE_NAME = "__Host-session" if PRODUCTION else "sessionid"
CSRF_COOKIE_NAME = "__Host-csrf" if PRODUCTION else "csrftoken"
CSRF_COOKIE_SECURE = PRODUCTION
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "network.errors.csrf_failure"
LANGUAGE_COOKIE_HTTPONLY = True
LANGUAGE_COOKIE_SECURE = PRODUCTION
LANGUAGE_COOKIE_SAMESITE = "Lax"

ACCOUNT_ADAPTER = "network.adapters.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_PREVENT_ENUMERATION = "strict"
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_REAUTHENTICATION_TIMEOUT = 900
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = False  # this session stays, all others end
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https" if PRODUCTION else "http"
# A shared address (a school, a community centre) must never be locked out by the
# number of people behind it: the limits by address are wide, those by account narrow.
ACCOUNT_RATE_LIMITS = {
    "login_failed": "10/5m/key,100/5m/ip",
    "signup": "60/m/ip",
    "reset_password": "60/m/ip,5/m/key",
    "login": "120/m/ip",
}
MFA_ADAPTER = "network.adapters.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
# Who has a factor may change the address: the new one counts once it is confirmed, and
# nobody signs in, nor sets a factor, before the first one is (so no account is taken).
MFA_ALLOW_UNVERIFIED_EMAIL = True
MFA_FORMS = {
    "authenticate": "network.factor_forms.AuthenticateForm",
    "reauthenticate": "network.factor_forms.ReauthenticateForm",
    "activate_totp": "network.factor_forms.ActivateTOTPForm",
}
MFA_TOTP_ISSUER = "Waymark"
MFA_TOTP_TOLERANCE = 1
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = DEBUG
USERSESSIONS_TRACK_ACTIVITY = True
USERSESSIONS_ADAPTER = "network.adapters.SessionsAdapter"

# --- languages and time ---------------------------------------------------------------
LANGUAGE_CODE = "en"
LANGUAGES = [
    ("en", "English"),
    ("ar", "العربية"),
    ("fr", "Français"),
    ("de", "Deutsch"),
    ("es", "Español"),
]
WAGTAIL_CONTENT_LANGUAGES = LANGUAGES
LOCALE_PATHS = [BASE_DIR / "network" / "locale"]
USE_I18N = True
WAGTAIL_I18N_ENABLED = True
USE_TZ = True
TIME_ZONE = "UTC"

# --- files ----------------------------------------------------------------------------
STATIC_URL = "/static/"
STATIC_ROOT = VAR_DIR / "static"
MEDIA_URL = "/files/"  # not routed: every file goes through a view that checks
MEDIA_ROOT = VAR_DIR / "media"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if PRODUCTION
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = not PRODUCTION
WHITENOISE_AUTOREFRESH = False
FILE_UPLOAD_PERMISSIONS = 0o640
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000

# --- mail -----------------------------------------------------------------------------
MAIL_DIR = VAR_DIR / "mail"
EMAIL_BACKEND = env.text(
    "WAYMARK_EMAIL_BACKEND",
    "django.core.mail.backends.smtp.EmailBackend"
    if PRODUCTION
    else "network.mailbox.FolderAndConsole",
)
EMAIL_HOST = env.text("WAYMARK_SMTP_HOST", "localhost")
EMAIL_PORT = env.number("WAYMARK_SMTP_PORT", 25)
EMAIL_HOST_USER = env.text("WAYMARK_SMTP_USER", "")
EMAIL_HOST_PASSWORD = env.text("WAYMARK_SMTP_PASSWORD", "")
EMAIL_USE_TLS = env.flag("WAYMARK_SMTP_TLS", default=False)
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = env.text(
    "WAYMARK_FROM", None if PRODUCTION else "Waymark <hello@waymark.example>"
)
SERVER_EMAIL = DEFAULT_FROM_EMAIL

# --- push -----------------------------------------------------------------------------
# Whom a push service writes to about this site: never a person's own address.
PUSH_CONTACT = env.contact(
    "WAYMARK_PUSH_CONTACT", BASE_URL if PRODUCTION else "mailto:hello@waymark.example"
)

# --- headers --------------------------------------------------------------------------
SECURE_SSL_REDIRECT = PRODUCTION
SECURE_PROXY_SSL_HEADER = (
    ("HTTP_X_FORWARDED_PROTO", "https")
    if env.flag("WAYMARK_BEHIND_PROXY", default=False)
    else None
)
# whom the limits and the list of sessions see: the visitor, not the proxy
ALLAUTH_TRUSTED_PROXY_COUNT = 1 if SECURE_PROXY_SSL_HEADER else 0
SECURE_HSTS_SECONDS = int(timedelta(days=365).total_seconds()) if PRODUCTION else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = PRODUCTION
SECURE_HSTS_PRELOAD = PRODUCTION
# With "no-referrer" browsers send `Origin: null` with our own forms, and Django refuses
# each of them. "same-origin" tells other sites just as little: nothing.
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF, NONCE],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "media-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "worker-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "object-src": [NONE],
    }
}
SILENCED_SYSTEM_CHECKS = [
    # no templates come from django.contrib.admin, which is not installed
    "admin.E403",
]

# --- Wagtail --------------------------------------------------------------------------
WAGTAIL_SITE_NAME = "Waymark"
WAGTAILADMIN_BASE_URL = BASE_URL
WAGTAIL_ENABLE_UPDATE_CHECK = False
WAGTAIL_ENABLE_WHATS_NEW_BANNER = False
WAGTAIL_PASSWORD_MANAGEMENT_ENABLED = False
WAGTAIL_PASSWORD_RESET_ENABLED = False
WAGTAIL_EMAIL_MANAGEMENT_ENABLED = False
WAGTAIL_GRAVATAR_PROVIDER_URL = None
WAGTAIL_FRONTEND_LOGIN_URL = "/accounts/login/"
WAGTAILADMIN_NOTIFICATION_USE_HTML = True
WAGTAILIMAGES_IMAGE_MODEL = "cms.SiteImage"
WAGTAILDOCS_DOCUMENT_MODEL = "cms.SiteDocument"
WAGTAILMEDIA = {
    "MEDIA_MODEL": "cms.SiteMedia",
    "MEDIA_FORM_BASE": "cms.forms.uploads.SiteMediaForm",
}
# a refused file is a sentence in the form
WAGTAILIMAGES_IMAGE_FORM_BASE = "cms.forms.uploads.SiteImageForm"
WAGTAILDOCS_DOCUMENT_FORM_BASE = "cms.forms.uploads.SiteDocumentForm"
# no page or shelf has a password of its own: the one log-in asks for the second factor
WAGTAIL_PRIVATE_PAGE_OPTIONS = {"SHARED_PASSWORD": False}
WAGTAILDOCS_PRIVATE_COLLECTION_OPTIONS = {"SHARED_PASSWORD": False}
WAGTAILDOCS_SERVE_METHOD = "serve_view"
WAGTAILEMBEDS_FINDERS: list[dict[str, str]] = []  # the server fetches nobody's URL
WAGTAILIMAGES_MAX_UPLOAD_SIZE = 10 * 1024 * 1024
WAGTAILADMIN_PERMITTED_LANGUAGES = LANGUAGES
MODELSEARCH_BACKENDS = {
    "default": {"BACKEND": "modelsearch.backends.database.fallback"}
}
WAGTAILSEARCH_BACKENDS = MODELSEARCH_BACKENDS

# --- logs: JSON lines; only named fields, never a value a person typed ----------------
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"json": {"()": "network.logs.JsonLines"}},
    "filters": {"expected": {"()": "network.logs.Expected"}},
    "handlers": {
        "stderr": {
            "class": "logging.StreamHandler",
            "formatter": "json",
            "filters": ["expected"],
        }
    },
    "root": {"handlers": ["stderr"], "level": "WARNING"},
    "loggers": {
        "waymark": {"level": env.text("WAYMARK_LOG_LEVEL", "WARNING")},
        # its messages repeat the request's path and the host a stranger sent
        "django.request": {"level": "ERROR"},
        "django.security": {
            "handlers": ["stderr"],
            "level": "ERROR",
            "propagate": False,
        },
    },
}
if not DEBUG:  # their own handlers would print, or mail, paths, addresses and words
    LOGGING["loggers"] |= {  # type: ignore[operator]
        name: {"handlers": ["stderr"], "level": "WARNING", "propagate": False}
        for name in ("django", "uvicorn.access", "uvicorn.error")
    }

# --- ours -----------------------------------------------------------------------------
SITE_NAME = _("Waymark")
QUICK_EXIT_URL = "https://www.wikipedia.org/"
AUDIT_YEARS = 2
