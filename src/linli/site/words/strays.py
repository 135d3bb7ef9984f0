"""Chinese that stands in code or templates where no translation reaches it."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from jinja2 import Environment, nodes

from linli.site.words.catalogues import ROOT, SOURCE
from linli.site.words.sources import MANY, ONE, WITH_CONTEXT

HAN = re.compile(r"[\u3400-\u9fff]")
WIDE = re.compile(
    r"[\u3400-\u9fff，。！？；：（）、【】]"
)  # with the punctuation that pages may hold
SAID = {*ONE, *MANY, *WITH_CONTEXT}
# A language is named in itself.
OWN_NAMES = {"中文", "语言 · Language"}
OWN_TONGUE = re.compile("|".join(OWN_NAMES))
COMMENT = re.compile(r"<!--.*?-->", re.S)
SCRIPT_COMMENT = re.compile(r"/\*.*?\*/|(?<![:\"'])//[^\n]*", re.S)
# Chinese is what these are about, not what they say to somebody who uses a page: the language itself (what
# addresses, names and everyday sayings look like), headings of files, data of the demo, and the house's own
# command line, which speaks Chinese to the city's administrators.
ABOUT_CHINESE: dict[str, str] = {
    "capabilities/registry/policy/tables.py": "titles of code tables, with their English",
    "capabilities/matters/policy/tables.py": "titles of code tables, with their English",
    "capabilities/registry/synthetic/": "people who do not exist",
    "capabilities/tables/mapping/": "how headings of forms are written",
    "capabilities/tables/reading/": "how headings and rows of forms are written",
    "capabilities/tables/rules/answers.py": "how clerks write that there is no value",
    "capabilities/tables/rules/periods.py": "how periods are written",
    "capabilities/tables/rules/names.py": "how names are written one after another",
    "capabilities/tables/selectors/held.py": "how names of areas end",
    "capabilities/tables/writing/values.py": "how values are written in forms",
    "kernel/dictionary/rows.py": "how rows of headings and totals are written",
    "capabilities/registry/reading/": "how headings and values of files are written",
    "capabilities/registry/rules/names.py": "characters that are read in two ways",
    "capabilities/registry/rules/search.py": "how addresses are written",
    "capabilities/registry/services/imports/feeding.py": "how files write that there is none",
    "capabilities/registry/services/imports/placing.py": "how addresses are written",
    "site/doctor/": "the command line",
    "capabilities/registry/rules/addresses.py": "how addresses are written",
    "capabilities/registry/rules/grids.py": "numbers in Chinese",
    "capabilities/matters/suggest/": "how people say things",
    "capabilities/admission/workbook.py": "headings of lists that places keep",
    "capabilities/matters/workbook": "headings of the hotline's files",
    "kernel/dictionary/commands.py": "the command line",
    "kernel/dictionary/headings.py": "how headings of files are written",
    "kernel/dictionary/numerals.py": "dates in Chinese numerals",
    "kernel/dictionary/pages.py": "the reference docs, written in Chinese",
    "kernel/dictionary/rules.py": "how values are written",
    "kernel/dictionary/columns.py": "how values are written",
    "kernel/places/addresses.py": "how addresses are written",
    "kernel/places/rules.py": "endings of names of areas, messages of the command line",
    "kernel/policy/load.py": "messages of the command line",
    "kernel/vault/normal.py": "dots in names",
    "ui/spoken.py": "the remark that it reads",
    "kernel/places/orders.py": "messages of the command line",
    "kernel/places/planning.py": "messages of the command line",
    "kernel/places/rezoning.py": "messages of the command line",
    "kernel/places/divisions.py": "messages of the command line",
    "kernel/places/outlines.py": "messages of the command line",
    "kernel/flow/check.py": "messages of `linli policy check`",
    "kernel/flow/shape.py": "messages of `linli policy check`",
    "kernel/calendar/days.py": "messages of the command line",
    "kernel/calendar/deadline.py": "programming mistakes",
    "kernel/calendar/terms.py": "messages of `linli policy check`",
    "capabilities/tables/rules/addresses.py": "names of divisions",
    "kernel/vault/masking.py": "surnames of two characters",
    "kernel/acts/conveyor.py": "messages of the command line",
    "kernel/acts/act.py": "the name kept with a fact",
    "site/demo/": "people and matters of the demo",
    "site/bench/": "made-up texts that are measured",
    "site/replay/": "made-up texts that are replayed",
    "site/words/": "the check of words itself",
    "site/reference.py": "the reference docs, written in Chinese",
    "site/rows.py": "the command line",
    "site/commands.py": "the command line",
    "site/cli.py": "the command line",
    "site/serving.py": "the command line",
    "ui/samples.py": "made-up rows of the design system",
    "ui/templates/ui/style.html": "made-up rows of the design system",
    "ui/templates/ui/500.html": "a page without a program behind it, in both languages",
}


def strays() -> list[str]:
    """Every literal as `file:line: text`."""
    found: list[str] = []
    for path in sorted(SOURCE.rglob("*.py")):
        if _counts(path):
            found += _in_code(path)
    for path in sorted(SOURCE.rglob("templates/**/*.html")):
        if _counts(path):
            found += _in_template(path)
    for path in sorted(SOURCE.rglob("static/**/*.js")):
        if "vendor" not in path.parts:
            found += _in_script(path)
    return found


def _counts(path: Path) -> bool:
    inside = path.relative_to(SOURCE).as_posix()
    if path.name == "commands.py" or {"tests", "migrations"} & set(path.parts):
        return False
    return not any(inside.startswith(prefix) for prefix in ABOUT_CHINESE)


def _line(path: Path, line: int, text: str) -> str:
    return f"{path.relative_to(ROOT)}:{line}: {text.strip()[:60]}"


def _in_code(path: Path) -> Iterator[str]:
    tree = ast.parse(path.read_text("utf-8"))
    fine = {id(node) for node in _wrapped(tree)}
    for node in ast.walk(tree):
        if not isinstance(node, ast.Constant) or id(node) in fine:
            continue
        if _chinese(node.value, WIDE) and not _told(path, node.lineno):
            yield _line(path, node.lineno, str(node.value))


def _chinese(text: object, letters: re.Pattern[str] = HAN) -> bool:
    return isinstance(text, str) and text not in OWN_NAMES and bool(letters.search(text))


def _told(path: Path, line: int) -> bool:
    """A line that says why its Chinese is not for translation: `# words: …`."""
    return "# words:" in path.read_text("utf-8").splitlines()[line - 1]


def _wrapped(tree: ast.Module) -> Iterator[ast.AST]:
    """Constants inside a call of gettext's family, and docstrings."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and _name(node.func) in SAID:
            for argument in node.args:
                yield from ast.walk(argument)
        body = getattr(node, "body", None)
        if isinstance(body, list) and body and isinstance(body[0], ast.Expr):
            yield body[0].value


def _name(function: ast.expr) -> str:
    return function.id if isinstance(function, ast.Name) else getattr(function, "attr", "")


def _in_template(path: Path) -> Iterator[str]:
    tree = _environment().parse(path.read_text("utf-8"))
    fine = {id(n) for call in tree.find_all(nodes.Call) if _said(call) for n in _constants(call)}
    for data in tree.find_all(nodes.TemplateData):
        if WIDE.search(OWN_TONGUE.sub("", COMMENT.sub("", data.data))):
            yield _line(path, data.lineno, data.data)
    for constant in tree.find_all(nodes.Const):
        if id(constant) not in fine and _chinese(constant.value, WIDE):
            yield _line(path, constant.lineno, constant.value)


def _environment() -> Environment:
    made = Environment(extensions=["jinja2.ext.i18n", "jinja2.ext.do"])
    made.install_null_translations(newstyle=True)  # type: ignore[attr-defined]
    return made


def _said(call: nodes.Call) -> bool:
    return isinstance(call.node, nodes.Name) and call.node.name in SAID


def _constants(call: nodes.Call) -> Iterator[nodes.Node]:
    for argument in call.args:
        yield argument
        yield from argument.find_all(nodes.Const)


def _in_script(path: Path) -> Iterator[str]:
    text = SCRIPT_COMMENT.sub(lambda m: "\n" * m.group().count("\n"), path.read_text("utf-8"))
    for number, line in enumerate(text.splitlines(), 1):
        if WIDE.search(line):
            yield _line(path, number, line)
