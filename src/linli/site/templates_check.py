"""Every template compiles, every page it extends or imports exists, and none takes a name that Jinja uses itself."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.template import engines
from jinja2 import TemplateError, meta, nodes

# Inside a block these mean the page, the block above and the text of a call, whatever was set outside.
TAKEN = frozenset({"self", "super", "caller"})


def broken_templates(environment: Any = None) -> Iterator[str]:
    """Each template that does not compile, names another that is not there, or sets a name of Jinja's own."""
    environment = environment or engines.all()[0].env  # type: ignore[attr-defined]
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
        for named in tree.find_all(nodes.Name):
            if named.ctx != "load" and named.name in TAKEN:
                yield f"{name}: line {named.lineno} sets {named.name}, which is Jinja's own"
