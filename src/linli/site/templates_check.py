"""Every template compiles, what it extends or imports exists, no name of Jinja's own is taken, no sentence lacks a value."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from django.template import engines
from jinja2 import TemplateError, meta, nodes

# Inside a block these mean the page, the block above and the text of a call, whatever was set outside.
TAKEN = frozenset({"self", "super", "caller"})
SENTENCES = {"_": 1, "gettext": 1, "pgettext": 2, "ngettext": 2}
HOLE = re.compile(r"%\((\w+)\)")


def broken_templates(environment: Any = None) -> Iterator[str]:
    """Each template that does not compile, names what is not there, sets a name of Jinja's own, or says a sentence without its values."""
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
        yield from (f"{name}: {told}" for told in _unfilled(tree))


def _unfilled(tree: nodes.Template) -> Iterator[str]:
    """Sentences called without a value that they name: `_` fills them in itself, `%` after it comes too late."""
    for call in tree.find_all(nodes.Call):
        texts = SENTENCES.get(getattr(call.node, "name", ""))
        if texts is None or call.dyn_kwargs is not None:
            continue
        said = " ".join(str(a.value) for a in call.args[:texts] if isinstance(a, nodes.Const))
        given = {each.key for each in call.kwargs} | ({"num"} if texts == 2 else set())
        for lacking in sorted(set(HOLE.findall(said)) - given):
            yield f"line {call.lineno} says {said} without {lacking}"
