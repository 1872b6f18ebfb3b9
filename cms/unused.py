"""Stands where Wagtail would put a room that this site does not use."""

from wagtail.admin.viewsets.base import ViewSet


class UnusedViewSet(ViewSet):
    def on_register(self) -> None:
        """No routes, no menu item, no permissions."""
