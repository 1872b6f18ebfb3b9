from django.apps import AppConfig, apps
from django.db.models.signals import post_migrate


class CmsConfig(AppConfig):
    name = "cms"
    verbose_name = "Publishing"

    def ready(self) -> None:
        from wagtail.signals import page_published, page_unpublished

        from cms import events, parts, tree
        from cms.actions import packs
        from cms.models import PackPage, StoryPage

        page_published.connect(events.page_was_published, dispatch_uid="cms")
        page_unpublished.connect(events.page_was_unpublished, dispatch_uid="cms")
        page_published.connect(
            packs.build_after_publishing, sender=PackPage, dispatch_uid="cms build"
        )
        page_published.connect(
            packs.tell_packs_with, sender=StoryPage, dispatch_uid="cms tell packs"
        )
        page_unpublished.connect(
            packs.stop_packs_with, sender=StoryPage, dispatch_uid="cms stop"
        )
        post_migrate.connect(tree.plant, sender=self, dispatch_uid="cms tree")
        # Wagtail's pages for accounts and groups are not used, and so not routed
        users = apps.get_app_config("wagtailusers")
        users.user_viewset = "cms.unused.UnusedViewSet"  # type: ignore[attr-defined]
        users.group_viewset = "cms.unused.UnusedViewSet"  # type: ignore[attr-defined]
        parts.register()
