"""Words written in Chinese where no translation can be at hand (packs, pure rules), shown in the reader's language."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from functools import lru_cache
from typing import Annotated, Any

from django.utils.translation import get_language, gettext
from django.utils.translation.trans_real import translation
from markupsafe import escape
from pydantic import AfterValidator

LEAST_WORDS = 4  # a sentence of fewer words of its own would be found in too much
_GAP = re.compile(r"%\((\w+)\)[sd]")
_speaking: ContextVar[str | None] = ContextVar("linli_speaking", default=None)


def language() -> str | None:
    """The reader's language; while a page is drawn, what it was when the drawing began.

    A page asks for it some eighty times, and Django's answer goes through a slow store of its own each time.
    """
    return _speaking.get() or get_language()


@contextmanager
def speaking() -> Iterator[None]:
    """Settle the language for everything that is said inside."""
    token = _speaking.set(get_language())
    try:
        yield
    finally:
        _speaking.reset(token)


class Spoken(str):
    """Words as they were written: stored, compared, searched and sent on in Chinese; `str()`, an f-string or a page
    says them in the reader's language. `Spoken("…%(n)s…") % {"n": 3}` keeps its template, so that it can be said too.
    """

    __slots__ = ("_parts",)
    _parts: tuple[str, Mapping[str, Any]]

    def __mod__(self, values: Any) -> Spoken:
        """Filled in; still able to be said in another language."""
        written = str.__str__(self)
        made = Spoken(written % {name: _written(value) for name, value in values.items()})
        made._parts = (written, values)
        return made

    def __str__(self) -> str:
        """In the reader's language."""
        template, values = getattr(self, "_parts", (str.__str__(self), None))
        said = _worded(language(), template)
        return said % values if values is not None else said

    def __format__(self, spec: str) -> str:
        """In the reader's language."""
        return format(str(self), spec)

    def __html__(self) -> str:
        """In the reader's language, safe for a page."""
        return str(escape(str(self)))


@lru_cache(maxsize=20_000)
def _worded(_language: str | None, text: str) -> str:
    """The words of a pack in a language, looked up once: a matter page says some forty."""
    return gettext(text)


def said(text: str) -> str:
    """Kept words of a pack, perhaps with a remark in brackets after them, in the reader's language."""
    whole = gettext(text) if text else ""
    head, bracket, remark = text.rpartition("（")
    if whole != text or not head:
        return whole
    return gettext(head) + gettext(bracket + remark)


def retold(text: str) -> str:
    """Words that were kept in Chinese, in the reader's language, also where numbers and names were filled in."""
    whole = said(text)
    if whole != text or not text or language() in (None, "zh-hans"):
        return whole
    for pattern, template in _templates(language() or ""):
        if (found := pattern.fullmatch(text)) is not None:
            return gettext(template) % {
                name: said(each) for name, each in found.groupdict().items()
            }
    return text


@lru_cache(maxsize=4)
def _templates(speech: str) -> list[tuple[re.Pattern[str], str]]:
    """Every sentence of the catalogue with gaps to fill, the one with most words of its own first."""
    known = translation(speech)._catalog.items()  # type: ignore[attr-defined]
    found = []
    for template in (each for each, _said in known if isinstance(each, str)):
        names = _GAP.findall(template)
        words = _GAP.sub("", template)
        if names and len(set(names)) == len(names) and len(words) >= LEAST_WORDS:
            parts = _GAP.split(template)
            spoken = "".join(
                f"(?P<{each}>.+?)" if at % 2 else re.escape(each) for at, each in enumerate(parts)
            )
            found.append((len(words), re.compile(spoken, re.S), template))
    return [(pattern, template) for _n, pattern, template in sorted(found, key=lambda f: -f[0])]


def _written(value: object) -> object:
    return str.__str__(value) if isinstance(value, Spoken) else value


# A field of a pack that people read: its words are collected for translation with the pack.
SpokenText = Annotated[str, AfterValidator(Spoken)]
