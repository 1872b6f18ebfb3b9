"""Every door of the house, in the order in which they are tried.

`tests/access` walks this list: a route that is not in the permission matrix fails.
"""

from django.conf.urls.i18n import i18n_patterns
from django.urls import URLPattern, URLResolver, include, path

from cms.urls import editors_patterns, page_patterns
from network import errors, mailbox
from network.health import health

handler400 = errors.not_readable
handler403 = errors.permission_denied
handler404 = errors.not_found
handler500 = errors.server_error

urlpatterns: list[URLPattern | URLResolver] = [
    path("health/", health, name="health"),
    path("mailbox/", mailbox.mailbox, name="mailbox"),  # missing outside DEBUG
    path("", include("network.site_urls")),
    *editors_patterns,
]
urlpatterns += i18n_patterns(
    path("accounts/", include("network.account_urls")),
    path("", include("profiles.urls")),
    path("", include("projects.urls")),
    path("", include("messaging.urls")),
    path("", include("search.urls")),
    path("", include("moderation.urls")),
    path("", include("cms.urls")),
    *page_patterns,
    prefix_default_language=False,
)
