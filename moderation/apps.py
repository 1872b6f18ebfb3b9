from django.apps import AppConfig


class ModerationConfig(AppConfig):
    name = "moderation"
    verbose_name = "Moderation"

    def ready(self) -> None:
        from moderation import chores, parts  # noqa: F401  (chores: periodic functions)

        parts.register()
