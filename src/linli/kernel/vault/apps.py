"""Manifest of the vault."""

from django.db.models.signals import post_migrate

from linli.kernel.vault.ring import ensure_after_migrate
from linli.ui.manifest import Room


class VaultConfig(Room):
    """Protected fields."""

    name = "linli.kernel.vault"
    label = "vault"

    def ready(self) -> None:
        """Set-up makes the key file, once, before the first value is sealed."""
        post_migrate.connect(ensure_after_migrate, sender=self, dispatch_uid="linli.vault.keys")
