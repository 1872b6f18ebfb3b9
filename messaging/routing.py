from typing import Any

from django.urls import path, re_path

from messaging.consumers import live_messages, unknown_line

# Channels routes ASGI applications with Django's `path`, whose type knows only views.
live: Any = live_messages
unknown: Any = unknown_line
websocket_urlpatterns = [
    path("ws/messages/", live),
    # without a catch-all an unknown path is an error 500 of the server
    re_path(r".*", unknown),
]
