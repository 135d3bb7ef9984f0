"""The parts are made once for a process, not for every page that imports them.

`{% import "ui/parts.html" as ui with context %}` ran some fifty macro definitions anew, five times a page (1.5 ms, and a
thousand objects for the collector). They ask a page for two things only, its request and its form token; both are
handed through to the page that imports them.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextvars import ContextVar
from typing import Any

from jinja2 import Template
from jinja2.environment import TemplateModule

from linli.ui.spoken import speaking

SHARED = (
    "/ui/parts.html"  # as its file ends: a loader by rooms tells a template only its own short name
)
_page: ContextVar[Mapping[str, Any]] = ContextVar("linli_page")


class _Asked:
    """The request of the page being drawn; false where a page is drawn for nobody."""

    __slots__ = ()

    def __bool__(self) -> bool:
        return _page.get({}).get("request") is not None

    def __getattr__(self, name: str) -> Any:
        return getattr(_page.get({}).get("request"), name)


class _Token:
    """The form token of the page being drawn."""

    __slots__ = ()

    def __str__(self) -> str:
        return str(_page.get({}).get("csrf_token") or "")


class Drawn(Template):
    """A template of ours; the shared one knows one module for all pages."""

    _once: TemplateModule | None = None

    def render(self, *given: Any, **named: Any) -> str:
        """The page, in one language from its first word to its last."""
        with speaking():
            return super().render(*given, **named)

    def make_module(
        self,
        vars: dict[str, Any] | None = None,
        shared: bool = False,
        locals: Mapping[str, Any] | None = None,
    ) -> TemplateModule:
        """The module of an import; a shared one hears for whom it is drawn now."""
        if not (self.filename or "").endswith(SHARED):
            return super().make_module(vars, shared, locals)
        _page.set({name: vars.get(name) for name in ("request", "csrf_token")} if vars else {})
        if self._once is None:
            self._once = super().make_module({"request": _Asked(), "csrf_token": _Token()})
        return self._once
