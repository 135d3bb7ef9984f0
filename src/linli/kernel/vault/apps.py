"""Manifest of the vault."""

from django.apps import apps
from django.db.models.signals import post_migrate

from linli.kernel.vault.ring import ensure_after_migrate
from linli.ui.manifest import Room


class VaultConfig(Room):
    """Protected fields."""

    name = "linli.kernel.vault"
    label = "vault"

    def ready(self) -> None:
        """Set-up makes the key file, once, before the first value is sealed."""
        # Django sends the signal only for apps with tables; facts are always there.
        facts = apps.get_app_config("acts")
        post_migrate.connect(ensure_after_migrate, sender=facts, dispatch_uid="linli.vault.keys")
