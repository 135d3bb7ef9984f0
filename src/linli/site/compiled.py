"""What a page's text fixes is settled when the template is compiled, not on every page.

A matter's page names the icons' file some thirty times and says some forty sentences. The address of a static file
becomes text of the page; a sentence without values is looked up directly, without the four calls that a call from a
template costs. A part that was imported under a name (`ui.icon`) is a macro, so it is called as one.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import markupsafe
from jinja2 import Environment, nodes, runtime
from jinja2.compiler import CodeGenerator, Frame
from jinja2.visitor import NodeTransformer
from markupsafe import Markup

# What `escape` does for plain text before it makes Markup of the answer, which takes most of its time.
_escaped: Callable[[str], str] = vars(markupsafe)["_escape_inner"]


def _fixed(node: nodes.Call, name: str) -> str | None:
    """The one word given to a global function of that name, where nothing else is given."""
    if not (isinstance(node.node, nodes.Name) and node.node.name == name):
        return None
    if node.kwargs or node.dyn_args or node.dyn_kwargs or len(node.args) != 1:
        return None
    given = node.args[0]
    if not isinstance(given, nodes.Const):
        return None
    return given.value if isinstance(given.value, str) else None


class _Addresses(NodeTransformer):
    def __init__(self, static: Callable[[str], str]) -> None:
        self._static = static

    def visit_Call(self, node: nodes.Call) -> nodes.Node:
        self.generic_visit(node)
        path = _fixed(node, "static")
        return node if path is None else nodes.Const(Markup(self._static(path)), lineno=node.lineno)


class _Direct(CodeGenerator):
    _imported: frozenset[str] = frozenset()

    def visit_Template(self, node: nodes.Template, frame: Frame | None = None) -> None:
        self._imported = frozenset(each.target for each in node.find_all(nodes.Import))
        super().visit_Template(node, frame)

    def _output_child_pre(
        self, node: nodes.Expr, frame: Frame, finalize: CodeGenerator._FinalizeInfo
    ) -> None:
        if frame.eval_ctx.autoescape and not frame.eval_ctx.volatile and finalize.src is None:
            self.write("environment.piece(")
        else:
            super()._output_child_pre(node, frame, finalize)

    def visit_Call(self, node: nodes.Call, frame: Frame, forward_caller: bool = False) -> None:
        text, called = _fixed(node, "_"), node.node
        if text is not None and "%" not in text:
            self.write(f"environment.worded({text!r})")
        elif isinstance(called, nodes.Getattr) and self._names_import(called.node):
            self.visit(called.node, frame)
            self.write(f".{called.attr}(")
            # What a macro is asked with begins with its context; `signature` writes the comma.
            self.write("context.eval_ctx")
            self.signature(node, frame, {"caller": "caller"} if forward_caller else None)
            self.write(")")
        else:
            super().visit_Call(node, frame, forward_caller=forward_caller)

    def _names_import(self, node: nodes.Expr) -> bool:
        return isinstance(node, nodes.Name) and node.name in self._imported


def piece(value: object) -> str:
    """A value as it stands in a page; escaped text that is only joined to other text need not be Markup."""
    if type(value) is Markup:
        return value
    return _escaped(value) if type(value) is str else markupsafe.escape(value)


class Context(runtime.Context):
    """A page's names; what a template defines itself is called without asking what kind of thing it is."""

    def call(self, called: Any, /, *args: Any, **kwargs: Any) -> Any:
        """Call a macro with its context, anything else as Jinja does."""
        if type(called) is not runtime.Macro:
            return super().call(called, *args, **kwargs)
        kwargs.pop("_loop_vars", None)
        kwargs.pop("_block_vars", None)
        return called(self.eval_ctx, *args, **kwargs)


class Compiled(Environment):
    """The environment of our pages; `worded(text)` says a sentence in the reader's language."""

    code_generator_class = _Direct
    context_class = Context
    piece = staticmethod(piece)
    worded: Callable[[str], Markup]
    static: Callable[[str], str]

    def _generate(
        self,
        source: nodes.Template,
        name: str | None,
        filename: str | None,
        defer_init: bool = False,
    ) -> str:
        settled: Any = _Addresses(self.static).visit(source)
        return super()._generate(settled, name, filename, defer_init)
