"""Routes of the editors' area, of files and own stories, and of pages.

Wagtail brings about 240 routes. Those that log somebody in, keep passwords or belong to
rooms that are not used are taken out; where Wagtail needs their names, ours stand under
them (SAFETY, traps 1 and 14).
"""

from __future__ import annotations

from typing import Any

from django.urls import include, path, re_path
from wagtail.admin import urls as wagtailadmin_urls
from wagtail.urls import serve_pattern
from wagtail.utils.urlpatterns import decorate_urlpatterns

from cms import file_views, views
from cms.views import editors, mine, review
from network.access import Role, require_role

CLOSED = (
    *("login/", "logout/", "password_reset/", "account/", "users/", "groups/"),
    # raise on purpose, to look at Wagtail's error pages
    *("test404/", "failwhale/"),
    # no page chooses a helpline, and the form to make one there does not exist
    "snippets/choose/",
)
# Wagtail's menus need their names; nobody holds a permission there
UNUSED = ("collections/", "workflows/", "locales/")


def for_editors(patterns: list[Any]) -> list[Any]:
    """Wagtail asks each room's own permission; before that, to everybody else it is as
    if there were nothing, where Wagtail would send round in a circle to its log-in."""
    kept = [one for one in patterns if not str(one.pattern).startswith(CLOSED)]
    unused = [one for one in kept if str(one.pattern).startswith(UNUSED)]
    decorate_urlpatterns(unused, editors.for_nobody)
    return decorate_urlpatterns(kept, require_role(Role.EDITOR, Role.ADMIN))


editors_patterns = [
    path("cms/login/", editors.closed, name="wagtailadmin_login"),
    path("cms/account/", editors.closed, name="wagtailadmin_account"),
    path("cms/logout/", editors.sign_out, name="wagtailadmin_logout"),
    re_path(
        r"^cms/(?:login|account|logout|password_reset|users|groups)/.*$",
        editors.closed,
        name="cms_closed",
    ),
    # named in Wagtail's own code; it is never shown
    path("cms/private/", editors.closed, name="wagtailcore_login"),
    path(
        "cms/documents/file/<int:document_id>/<str:name>",
        file_views.document,
        name="wagtaildocs_serve",
    ),
    # it would say "not visible to the public" of a page that everybody reads
    path(
        "cms/pages/<int:page_id>/privacy/",
        editors.nothing_here,
        name="cms_privacy",
    ),
    path("cms/", include(for_editors(wagtailadmin_urls.urlpatterns))),
]

app_name = "cms"
urlpatterns = [
    path("files/story/<uuid:file_id>/", file_views.story_file, name="story_file"),
    path("files/pack/<uuid:pack_key>/", file_views.pack_file, name="pack_file"),
    re_path(
        r"^files/(?P<kind>images|original_images|documents|media)/(?P<name>[^/]+)$",
        file_views.editors_file,
        name="editors_file",
    ),
    path("me/stories/", mine.my_stories, name="my_stories"),
    path("me/stories/new/", mine.story_new, name="story_new"),
    path(
        "me/stories/<uuid:story_id>/withdraw/",
        mine.story_withdraw,
        name="story_withdraw",
    ),
    path("me/stories/<uuid:story_id>/answer/", mine.story_answer, name="story_answer"),
    path("me/stories/<uuid:story_id>/<slug:step>/", mine.my_story, name="my_story"),
    path("staff/stories/", review.review_list, name="review_list"),
    path("staff/stories/<uuid:story_id>/", review.review, name="review"),
]

# the last of all routes
page_patterns = [re_path(serve_pattern, views.page, name="wagtail_serve")]
