"""Manifest of acts."""

from django.utils.translation import gettext_lazy as _

from linli.ui.manifest import Hangs, Room


class ActsConfig(Room):
    """Facts, verbs, scope."""

    name = "linli.kernel.acts"
    label = "acts"
    # The scope of a fact lies outside its hash.
    hangs = (Hangs("acts_fact", "area", _("操作记录")),)
