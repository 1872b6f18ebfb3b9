"""allauth's routes. Its rooms that we do not use are not routed."""

from django.urls import include, path

from network.devices import session_end

urlpatterns = [
    path("", include("allauth.account.urls")),
    path("2fa/", include("allauth.mfa.urls")),
    path("sessions/<int:pk>/end/", session_end, name="session_end"),
    path("sessions/", include("allauth.usersessions.urls")),
]
