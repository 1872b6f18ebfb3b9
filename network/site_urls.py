"""Routes of the base that need no language in their path."""

from django.urls import path

from network import preferences, pwa, styleguide

app_name = "network"
urlpatterns = [
    path("manifest.webmanifest", pwa.manifest, name="manifest"),
    path("sw.js", pwa.worker, name="worker"),
    path("robots.txt", pwa.robots, name="robots"),
    path("favicon.ico", pwa.icon, name="icon"),
    path("offline/", pwa.offline, name="offline"),
    path("art/<slug:kind>/<slug:seed>.svg", pwa.art, name="art"),
    path("theme/", preferences.theme, name="theme"),
    path("language/", preferences.language, name="language"),
    path("country/", preferences.country, name="country"),
    path("exit/", preferences.leave, name="exit"),
    path("styleguide/", styleguide.styleguide, name="styleguide"),
]
