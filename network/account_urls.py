"""allauth's routes. Its rooms that we do not use are not routed."""

from django.urls import include, path, re_path

from network import account_pages
from network.devices import session_end

urlpatterns = [
    path("signup/", account_pages.sign_up, name="account_signup"),
    re_path(
        r"^confirm-email/(?P<key>[-:\w]+)/$",
        account_pages.confirm_email,
        name="account_confirm_email",
    ),
    path("2fa/totp/activate/", account_pages.activate_totp, name="mfa_activate_totp"),
    path("", include("allauth.account.urls")),
    path("2fa/", include("allauth.mfa.urls")),
    path("sessions/<int:pk>/end/", session_end, name="session_end"),
    path("sessions/", include("allauth.usersessions.urls")),
]
