"""Photos of a matter for the office that has it, wherever the matter came from."""

from __future__ import annotations

from linli.capabilities.matters.models import Matter
from linli.kernel.acts import Act
from linli.kernel.files import selectors as files


def sees(act: Act, matter: int) -> bool:
    """Whether one of the staff may read a matter, and so its photos; the walls say which (one statement)."""
    return act.unit is not None and Matter.objects.filter(pk=matter).exists()


files.admit("matters.matter", sees)
