from django.apps import AppConfig


class ProfilesConfig(AppConfig):
    name = "profiles"
    verbose_name = "People"

    def ready(self) -> None:
        from profiles import chores, parts  # noqa: F401  (chores: periodic functions)

        parts.register()
