"""Settings of one installation, read from the environment; every default runs on one machine."""

from __future__ import annotations

import os
import secrets
from contextlib import suppress
from pathlib import Path
from typing import Any, Literal

from django.utils.translation import gettext_lazy as _
from psycopg.conninfo import conninfo_to_dict

from linli.site import cluster

ROOT = Path(__file__).resolve().parents[3]
STATE = Path(os.environ.get("LINLI_STATE", ROOT / ".linli"))


def _flag(name: str, default: bool = False) -> bool:
    return os.environ.get(name, "1" if default else "0").lower() in {"1", "true", "yes", "on"}


def _secret(name: str) -> str:
    """A secret kept in the state folder, made on first use, readable by the owner only."""
    given = os.environ.get(f"LINLI_{name.upper()}")
    if given:
        return given
    path = STATE / f"{name}.key"
    if not path.exists():
        STATE.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(secrets.token_urlsafe(48))
    return path.read_text().strip()


DEMO = _flag("LINLI_DEMO")
DEBUG = _flag("LINLI_DEBUG")
CITY = os.environ.get("LINLI_CITY", "wuxi")
SECRET_KEY = _secret("secret")
ALLOWED_HOSTS = os.environ.get("LINLI_HOSTS", "127.0.0.1,localhost,[::1],testserver").split(",")
CSRF_TRUSTED_ORIGINS = [o for o in os.environ.get("LINLI_ORIGINS", "").split(",") if o]
HTTPS = _flag("LINLI_HTTPS")

INSTALLED_APPS = [
    "django.contrib.staticfiles",
    "procrastinate.contrib.django",
    "linli.ui",
    "linli.kernel.acts",
    "linli.kernel.policy",
    "linli.kernel.calendar",
    "linli.kernel.places",
    "linli.kernel.vault",
    "linli.kernel.access",
    "linli.kernel.files",
    "linli.kernel.dictionary",
    "linli.kernel.notices",
    "linli.kernel.tasks",
    "linli.kernel.measures",
    "linli.capabilities.registry",
    "linli.capabilities.admission",
    "linli.capabilities.tables",
    "linli.capabilities.matters",
    "linli.site",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "linli.site.headers.HeadersMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "linli.site.preferences.PreferencesMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "linli.site.leading.LeadingMiddleware",
    "linli.kernel.access.middleware.ActMiddleware",
]

ROOT_URLCONF = "linli.site.urls"
WSGI_APPLICATION = "linli.site.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "DIRS": [],
        "APP_DIRS": False,
        "OPTIONS": {
            "environment": "linli.site.jinja.environment",
            "context_processors": ["linli.site.context.page"],
        },
    },
    {  # only for pages that libraries bring (the OpenAPI page)
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {"context_processors": ["django.template.context_processors.request"]},
    },
]
FORM_RENDERER = "django.forms.renderers.DjangoTemplates"

ROLE: Literal["app", "owner"] = "owner" if os.environ.get("LINLI_ROLE") == "owner" else "app"


def database(url: str) -> dict[str, Any]:
    """Django's settings of one PostgreSQL address."""
    parts = conninfo_to_dict(url)
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parts.get("dbname", "linli"),
        "USER": parts.get("user", ""),
        "PASSWORD": parts.get("password", ""),
        "HOST": parts.get("host", ""),
        "PORT": str(parts.get("port", "")),
        "CONN_MAX_AGE": 600,
        "CONN_HEALTH_CHECKS": False,
        "OPTIONS": {},
        "TEST": {"NAME": None},
        "ATOMIC_REQUESTS": False,
        "AUTOCOMMIT": True,
        "TIME_ZONE": None,
    }


def _address() -> str:
    own = os.environ.get("LINLI_OWNER_URL" if ROLE == "owner" else "DATABASE_URL")
    return own or cluster.address(ROLE)


DATABASES = {"default": database(_address())}

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "中文"), ("en", "English")]
LANGUAGE_COOKIE_NAME = "lang"
LOCALE_PATHS = [ROOT / "src/linli/locale"]
TIME_ZONE = os.environ.get("LINLI_TZ", "Asia/Shanghai")
USE_TZ = True
USE_I18N = True

STATIC_URL = "/static/"
STATIC_ROOT = Path(os.environ.get("LINLI_STATIC", STATE / "static"))
with suppress(OSError):  # WhiteNoise complains of a folder that is not there yet
    STATIC_ROOT.mkdir(parents=True, exist_ok=True)
STATICFILES_DIRS: list[Path] = []
MEDIA_ROOT = Path(os.environ.get("LINLI_MEDIA", STATE / "media"))
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = DEBUG
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
# A larger upload waits in memory too while it is sent: files from departments hold numbers in clear.
FILE_UPLOAD_TEMP_DIR = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000

PASSWORD_HASHERS = ["django.contrib.auth.hashers.ScryptPasswordHasher"]
AUTH_PASSWORD_VALIDATORS: list[dict[str, Any]] = []
SESSION_ENGINE = "linli.kernel.access.sessions"
SESSION_SERIALIZER = "django.contrib.sessions.serializers.JSONSerializer"
SESSION_COOKIE_NAME = "linli"
SESSION_COOKIE_AGE = 30 * 24 * 3600
SESSION_COOKIE_SECURE = HTTPS
CSRF_COOKIE_SECURE = HTTPS
CSRF_FAILURE_VIEW = "linli.site.views.csrf_failure"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_SSL_REDIRECT = HTTPS
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
PROXIES = int(os.environ.get("LINLI_PROXIES", "0"))  # reverse proxies of ours in front
PROCRASTINATE_AUTODISCOVER_MODULE_NAME = "jobs"
STAFF_IDLE_SECONDS = int(os.environ.get("LINLI_STAFF_IDLE", "1800"))

EMAIL_BACKEND = os.environ.get("LINLI_EMAIL", "django.core.mail.backends.dummy.EmailBackend")
DEFAULT_FROM_EMAIL = os.environ.get("LINLI_FROM", "linli@localhost")
EMAIL_HOST = os.environ.get("LINLI_SMTP", "localhost")
CODE_SENDER = "linli.kernel.notices.channels.sms"
SMS_URL = os.environ.get("LINLI_SMS_URL", "")
APPRISE_URLS = [u for u in os.environ.get("LINLI_APPRISE", "").split() if u]

KEYS = Path(os.environ.get("LINLI_KEYS", STATE / "vault.json"))
CIPHER = os.environ.get("LINLI_CIPHER", "aes")
PRODUCT = _("邻里")

LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": os.environ.get("LINLI_LOG", "WARNING")},
}
SILENCED_SYSTEM_CHECKS = ["models.W042"]
