"""Reference pages drawn from the code itself: verbs, permissions, entrances, pack sections, commands."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import UnionType
from typing import Any, Union, get_args, get_origin

import click
from django.apps import apps
from django.conf import settings
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils import translation
from pydantic import BaseModel
from pydantic.fields import FieldInfo

from linli.kernel.access.doors import SIGNED_IN
from linli.kernel.acts import Act, Verb, system_act, verbs
from linli.kernel.dictionary.pages import dictionary_page
from linli.kernel.policy import load, sections
from linli.kernel.policy.pack import typed
from linli.kernel.policy.shapes import AccessPolicy

FOLDER = settings.ROOT / "docs/reference"
_HEAD = "<!-- 由 `linli reference` 生成，请勿手改。Generated: do not edit. -->\n\n"
_VERB = re.compile(r"动词 `([a-z_.*]+)`")


@dataclass(frozen=True, slots=True)
class Entrance:
    """One address: its path, its name, the door's verb (None when none is declared), its methods (empty: any)."""

    path: str
    name: str
    needs: str | None
    methods: tuple[str, ...]
    door: str
    doc: str

    @property
    def who(self) -> str:
        """Who may enter, in words."""
        words = {None: "—", "": "公开", SIGNED_IN: "已登录"}
        return words.get(self.needs, f"`{self.needs}`")


def entrances() -> list[Entrance]:
    """Every address of the running site, in the order in which they are tried."""
    found: dict[tuple[str, tuple[str, ...]], Entrance] = {}
    for one in _walk(get_resolver().url_patterns, "/", ""):
        found.setdefault(
            (one.path, one.methods), one
        )  # django-ninja names one address several times
    return list(found.values())


def _walk(patterns: list[Any], before: str, space: str) -> Iterator[Entrance]:
    for each in patterns:
        route = before + str(each.pattern).replace("^", "").replace("$", "")
        if isinstance(each, URLResolver):
            inner = f"{space}{each.namespace}:" if each.namespace else space
            yield from _walk(each.url_patterns, route, inner)
        elif isinstance(each, URLPattern):
            yield from _entrance(each, route, space)


def _entrance(each: URLPattern, route: str, space: str) -> Iterator[Entrance]:
    view: Any = each.callback
    operations = getattr(getattr(view, "__self__", None), "operations", None)
    operations = operations or _ninja(view)
    name = f"{space}{each.name or ''}"
    if not operations:
        plain = getattr(view, "func", view)  # a library's view may be a partial
        door = f"{plain.__module__}.{plain.__qualname__}"
        doc = (plain.__doc__ or "").strip().splitlines()
        yield Entrance(route, name, getattr(view, "needs", None), (), door, doc[0] if doc else "")
        return
    for one in operations:
        said = _VERB.search(one.description or "")
        needs = said.group(1) if said else getattr(view, "needs", None)
        door = f"{one.view_func.__module__}.{one.view_func.__qualname__}"
        yield Entrance(route, name, needs, tuple(sorted(one.methods)), door, one.summary or "")


def _ninja(view: Any) -> list[Any]:
    """The operations behind a view of django-ninja (it closes over its path's view)."""
    for cell in getattr(view, "__closure__", None) or ():
        found = getattr(cell.cell_contents, "operations", None)
        if found:
            return list(found)
    return []


def _table(head: tuple[str, ...], lines: Sequence[tuple[str, ...]]) -> str:
    rows = [head, tuple("---" for _ in head), *lines]
    return "\n".join(f"| {' | '.join(_cell(c) for c in row)} |" for row in rows) + "\n"


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")


def _first(doc: str) -> str:
    return doc.strip().splitlines()[0] if doc.strip() else ""


def _declared() -> list[tuple[str, Verb]]:
    """Verbs of the installed rooms, by code (tests may have declared others in this process)."""
    _ = get_resolver().url_patterns  # views declare verbs too, and are read when first needed
    labels = {config.label for config in apps.get_app_configs()}
    return [
        (code, verb)
        for code, verb in sorted(verbs().items())
        if code.split(".")[0] in labels and ".tests." not in f".{verb.door}"
    ]


def verbs_page() -> str:
    """Every declared verb, what it writes and where it stands."""
    lines = [
        (f"`{v.code}`", str(v.title), "写" if v.writes else "读", _kept(v), _first(v.doc))
        for _code, v in _declared()
    ]
    head = ("动词", "名称", "读写", "事实里另存", "说明")
    return f"{_HEAD}# 动词\n\n每个动词声明一次，权限、事务、事实、时间线和接口都由它而来。\n\n{_table(head, lines)}"


def _kept(verb: Verb) -> str:
    return "、".join([*verb.codes, *(f"{name}（可删除的文字）" for name in verb.keep)])


def permissions_page() -> str:
    """Verbs against the roles of the national pack and of the shipped city."""
    parts = [f"{_HEAD}# 权限\n\n角色在政策包里声明；● 表示可以做。\n"]
    for place in ("national", settings.CITY):
        roles = typed(AccessPolicy, load(place).body["access"]).roles
        acts: list[Act] = [system_act().on(verbs=frozenset(role.verbs)) for role in roles]
        lines = [
            (f"`{code}`", str(verb.title), *("●" if act.may(code) else "" for act in acts))
            for code, verb in _declared()
        ]
        head = ("动词", "名称", *(role.title for role in roles))
        parts.append(f"\n## {place}\n\n{_table(head, lines)}")
    return "".join(parts)


def entrances_page() -> str:
    """Every address with the verb at its door."""
    lines = [
        (f"`{e.path}`", e.name, "、".join(e.methods) or "页面", e.who, e.doc)
        for e in entrances()
        if not e.name.startswith("ui:")
    ]
    return f"{_HEAD}# 入口\n\n每个地址和进门所需的权限。\n\n{_table(('地址', '名字', '方法', '权限', '说明'), lines)}"


def packs_page() -> str:
    """Every section of a pack with its fields."""
    parts = [f"{_HEAD}# 政策包的章节\n\n未写明“可省”的字段必填；不认识的字段一律拒绝。\n"]
    for name, shape in sorted(sections().items()):
        parts.append(f"\n## `{name}`\n\n{_first(shape.__doc__ or '')}\n")
        parts += [_shape(one) for one in _shapes(shape, [])]
    return "".join(parts)


def _shapes(shape: type[BaseModel], seen: list[type[BaseModel]]) -> list[type[BaseModel]]:
    if shape not in seen:
        seen.append(shape)
        for field in shape.model_fields.values():
            for inner in _models(field.annotation):
                _shapes(inner, seen)
    return seen


def _models(annotation: Any) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for part in get_args(annotation):
        yield from _models(part)


def _shape(shape: type[BaseModel]) -> str:
    lines = [
        (
            f"`{field.alias or name}`",
            _kind(field.annotation),
            _default(field),
            field.description or "",
        )
        for name, field in shape.model_fields.items()
    ]
    doc = _first(shape.__doc__ or "")
    return f"\n### {shape.__name__}\n\n{doc}\n\n{_table(('字段', '类型', '默认', '说明'), lines)}"


def _kind(annotation: Any) -> str:
    origin, parts = get_origin(annotation), get_args(annotation)
    if origin in (Union, UnionType):
        return " / ".join(_kind(p) for p in parts if p is not type(None))
    if origin is None:
        return str(getattr(annotation, "__name__", annotation))
    if hasattr(annotation, "__metadata__"):
        return _kind(parts[0])
    inner = ", ".join(_kind(p) for p in parts if p is not Ellipsis)
    return f"{getattr(origin, '__name__', origin)}[{inner}]"


def _default(field: FieldInfo) -> str:
    if field.is_required():
        return ""
    value = field.get_default(call_default_factory=True, validated_data={})
    return "可省" if value in (None, "", (), [], {}) else f"可省，`{value}`"


def commands_page(root: click.Group) -> str:
    """Every command of `linli` with its options."""
    lines = [
        (f"`{path}`", _usage(command), _first(command.help or ""))
        for path, command in _commands(root, "linli")
    ]
    return f"{_HEAD}# 命令\n\n{_table(('命令', '参数与选项', '说明'), lines)}"


def _commands(group: click.Group, before: str) -> Iterator[tuple[str, click.Command]]:
    for name, command in sorted(group.commands.items()):
        path = f"{before} {name}"
        if isinstance(command, click.Group):
            yield from _commands(command, path)
        else:
            yield path, command


def _usage(command: click.Command) -> str:
    said = [
        p.opts[-1] if isinstance(p, click.Option) else (p.name or "").upper()
        for p in command.params
    ]
    return " ".join(f"`{one}`" for one in said)


def pages(root: click.Group) -> dict[str, str]:
    """Every generated page by file name, in Chinese."""
    drawn: dict[str, Callable[[], str]] = {
        "verbs.md": verbs_page,
        "permissions.md": permissions_page,
        "entrances.md": entrances_page,
        "packs.md": packs_page,
        "dictionary.md": lambda: _HEAD + dictionary_page("national"),
        "commands.md": lambda: commands_page(root),
    }
    with translation.override("zh-hans"):
        return {name: draw() for name, draw in drawn.items()}


def stale(root: click.Group, folder: Path = FOLDER) -> list[str]:
    """Names of pages that no longer say what the code says."""
    return [
        name
        for name, text in pages(root).items()
        if not (folder / name).exists() or (folder / name).read_text(encoding="utf-8") != text
    ]


@click.command()
@click.option("--check", is_flag=True, help="only tell which pages are stale")
@click.pass_context
def reference(context: click.Context, check: bool) -> None:
    """Draw docs/reference/ anew from the code."""
    root = context.find_root().command
    assert isinstance(root, click.Group)
    if check:
        names = stale(root)
        for name in names:
            click.echo(f"✗ {name}")
        raise SystemExit(1 if names else 0)
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name, text in pages(root).items():
        (FOLDER / name).write_text(text, encoding="utf-8")
        click.echo(f"docs/reference/{name}")
