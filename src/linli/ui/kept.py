"""Pieces of a page that are the same for the same key: drawn once, kept in the process's memory.

What differs from request to request inside such a piece, the form token, the address to return to and the address that
its links begin with (`here`), is cut out when it is kept and put back when it is used.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import Any

from jinja2 import pass_context
from jinja2.runtime import Context
from markupsafe import Markup, escape

from linli.ui.spoken import language

MOST = 20_000
_TOKEN, _BACK, _HERE = "\x01", "\x02", "\x03"
_memory: dict[tuple[Hashable, ...], tuple[Markup, bool]] = {}


def forget() -> None:
    """Drop everything kept (tests; a new pack makes new keys by itself)."""
    _memory.clear()


def drawn_before(name: str, *key: Hashable) -> Markup | None:
    """A piece without a form that was kept, None when it must be drawn (saves a loop the call block)."""
    found = _memory.get((name, language(), key))
    return found[0] if found is not None and not found[1] else None


@pass_context
def kept(
    context: Context, name: str, *key: Hashable, caller: Callable[[], Any], here: str = ""
) -> Markup:
    """Draw a call block once for a key and the reader's language; everything the block shows must be in the key."""
    whole = (name, language(), key)
    found = _memory.get(whole)
    if found is None:
        if len(_memory) >= MOST:
            _memory.clear()
        found = _memory[whole] = _cut(context, str(caller()), here)
    text, filled = found
    if not filled:
        return text
    token, back = _given(context)
    filled_in = text.replace(_TOKEN, token).replace(_BACK, back)
    return Markup(filled_in.replace(_HERE, str(escape(here))))


def _given(context: Context) -> tuple[str, str]:
    request = context.get("request")
    back = str(escape(request.get_full_path())) if request is not None else "/"
    return str(context.get("csrf_token") or ""), back


def _cut(context: Context, text: str, here: str) -> tuple[Markup, bool]:
    token, back = _given(context)
    cut = text.replace(f'value="{token}"', f'value="{_TOKEN}"') if token else text
    cut = cut.replace(f'name="next" value="{back}"', f'name="next" value="{_BACK}"')
    cut = cut.replace(f'="{escape(here)}', f'="{_HERE}') if here else cut
    return Markup(cut), cut != text
