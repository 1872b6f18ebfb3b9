from django.apps import AppConfig


class NetworkConfig(AppConfig):
    name = "network"
    label = "network"
    verbose_name = "Waymark"

    def ready(self) -> None:
        from network import (  # noqa: F401  (receivers, parts)
            adapters,
            health,
            own_account,
            periodic,
            revocation,
        )
