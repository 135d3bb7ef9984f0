"""What people read, collected from code, templates and packs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from babel.messages.extract import extract_from_dir
from pydantic import BaseModel

from linli.kernel.policy import load, places, sections
from linli.kernel.policy.pack import typed
from linli.site.words.catalogues import ROOT, Found, Key
from linli.ui.spoken import Spoken

ONE: tuple[str, ...] = ("_", "_t", "gettext", "gettext_lazy", "Spoken", "N_", "_n")
MANY = ("ngettext", "ngettext_lazy")
WITH_CONTEXT = ("pgettext", "pgettext_lazy")
KEYWORDS: dict[str, Any] = {
    **dict.fromkeys(ONE),
    **dict.fromkeys(MANY, (1, 2)),
    **dict.fromkeys(WITH_CONTEXT, ((1, "c"), 2)),
}
METHODS = [
    ("**/tests/**", "ignore"),
    ("**/migrations/**", "ignore"),
    ("**.py", "python"),
    ("**/templates/**.html", "jinja2"),
]
OPTIONS = {"**.html": {"extensions": "jinja2.ext.do", "trimmed": "false", "silent": "false"}}
COMMENT = "pack"


def sentences() -> list[Found]:
    """Every sentence of code and templates, then of the packs that are shipped; each once."""
    return [*_written(), *_packed()]


def _written() -> Iterator[Found]:
    rows = extract_from_dir(str(ROOT / "src/linli"), METHODS, OPTIONS, keywords=KEYWORDS)
    for file, line, message, _comments, context in rows:
        key: Key = message if isinstance(message, str) else (message[0], message[1])
        yield Found(key, f"src/linli/{file}", line, context)


def _packed() -> Iterator[Found]:
    for place in places():
        raw = load(place)
        for name, shape in sections().items():
            if name in raw.body:
                section = typed(shape, raw.body[name])
                for number, words in enumerate(dict.fromkeys(_said(section))):
                    yield Found(words, f"policies/{place}", number, comment=COMMENT)


def _said(value: Any) -> Iterator[str]:
    if isinstance(value, Spoken) and value:
        yield str.__str__(value)
    for each in _parts(value):
        yield from _said(each)


def _parts(value: Any) -> Iterable[Any]:
    if isinstance(value, BaseModel):
        return [getattr(value, name) for name in type(value).model_fields]
    if isinstance(value, dict):
        return value.values()
    return value if isinstance(value, tuple | list | frozenset) else ()
