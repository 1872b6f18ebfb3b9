"""The ASGI application: pages by Django, `/ws/` by Channels, work by a thread."""

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "network.settings")

from django.core.asgi import get_asgi_application

pages = get_asgi_application()  # before anything that needs the apps

from channels.auth import AuthMiddleware  # noqa: E402
from channels.routing import ProtocolTypeRouter, URLRouter  # noqa: E402
from channels.security.websocket import AllowedHostsOriginValidator  # noqa: E402
from django.conf import settings  # noqa: E402

from messaging.routing import websocket_urlpatterns  # noqa: E402
from network import worker  # noqa: E402
from network.sessions import session_of_line  # noqa: E402

application = ProtocolTypeRouter(
    {
        "http": pages,
        "websocket": AllowedHostsOriginValidator(
            session_of_line(AuthMiddleware(URLRouter(websocket_urlpatterns)))
        ),
    }
)

if settings.EMBEDDED_WORKER:
    worker.start_thread()
