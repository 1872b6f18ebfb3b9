from django.urls import path, re_path

from messaging.consumers import live_messages, unknown_line

websocket_urlpatterns = [
    path("ws/messages/", live_messages),
    # without a catch-all an unknown path is an error 500 of the server
    re_path(r".*", unknown_line),
]
