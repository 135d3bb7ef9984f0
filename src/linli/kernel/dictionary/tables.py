"""All code tables of a pack: its own and those that rooms draw from their sections."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from django.apps import apps

from linli.kernel.dictionary.shapes import CodeTable, DictionaryPolicy
from linli.kernel.policy.pack import Pack

Source = Callable[[Pack], Iterable[CodeTable]]


def tables_of(pack: Pack) -> Mapping[str, CodeTable]:
    """Code tables by code; a room adds its own by `code_tables` in its manifest."""
    found = {table.code: table for table in pack.section(DictionaryPolicy).tables}
    for config in apps.get_app_configs():
        sources: tuple[Source, ...] = getattr(config, "code_tables", ())
        for source in sources:
            found |= {table.code: table for table in source(pack)}
    return found
