"""Every template compiles and every page it extends or imports exists."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.template import engines
from jinja2 import TemplateError, meta


def broken_templates() -> Iterator[str]:
    """Each template that does not compile or names another that is not there."""
    environment: Any = engines.all()[0].env  # type: ignore[attr-defined]
    names = set(environment.list_templates())
    for name in sorted(names):
        try:
            source = environment.loader.get_source(environment, name)[0]
            environment.compile(source, name)
            tree = environment.parse(source)
        except TemplateError as error:
            yield f"{name}: {error}"
            continue
        for other in meta.find_referenced_templates(tree):
            if other is not None and other not in names:
                yield f"{name}: {other} is not there"
