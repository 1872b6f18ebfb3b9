from django.apps import AppConfig
from django.contrib.auth.signals import user_logged_out


class MessagingConfig(AppConfig):
    name = "messaging"
    verbose_name = "Messages"

    def ready(self) -> None:
        from messaging import parts

        parts.register()
        user_logged_out.connect(parts.close_sockets, dispatch_uid="messaging")
