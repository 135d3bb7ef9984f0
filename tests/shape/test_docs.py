"""What the documents say is so: commands, settings, decisions, terms, and both languages alike."""

from __future__ import annotations

import ast
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from linli.site import cli
from tests.shape.tree import files, read

SETTINGS = Path("docs/how-to/configure.md")
READMES = (Path("README.md"), Path("README.zh-CN.md"))
DOCUMENTS = tuple(path for path in files() if path.suffix == ".md" and path.parts[0] != "src")
BENCH = ("src", "linli", "site", "bench")  # gives its own child process an address, sets nothing
NAME = re.compile(r"(?:LINLI_[A-Z_]+|DATABASE_URL)")
ROW = re.compile(r"^\| `([A-Z_]+)` \| (.*?) \|", re.M)
CODE = re.compile(r"^```\w*\n(.*?)^```|`([^`\n]+)`", re.M | re.S)
PARTS = ["Context", "Decision", "Consequences", "Figures"]
PRIVATE = re.compile(r"/work/|/root/|\bsession of an?\b|\bsub-?agents?\b", re.I)


def settings_read() -> dict[str, str | None]:
    """Every variable that the program reads from its environment, with its default if that is a text."""
    found: dict[str, str | None] = {}
    for path in files():
        if path.suffix != ".py" or path.parts[:2] != ("src", "linli") or path.parts[:4] == BENCH:
            continue
        if "tests" not in path.parts:
            for name, default in read_in(read(path)):
                found[name] = found.get(name) or default
    return found


def read_in(source: str) -> Iterator[tuple[str, str | None]]:
    """Variables that one source names in a call or an index, such as `environ.get("LINLI_TZ", "…")`."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call):
            texts = [a.value if isinstance(a, ast.Constant) else None for a in node.args]
            if ast.unparse(node.func) == "_secret":
                yield f"LINLI_{str(texts[0]).upper()}", None
            elif texts and isinstance(texts[0], str) and NAME.fullmatch(texts[0]):
                default = texts[1] if len(texts) > 1 else None
                yield texts[0], default if isinstance(default, str) else None
        if isinstance(node, ast.Constant) and NAME.fullmatch(str(node.value)):
            yield str(node.value), None


def commands_in(text: str) -> list[list[str]]:
    """The `linli …` commands of a document, word by word, from its code only."""
    found = []
    for block, inline in CODE.findall(text):
        for line in (block or inline).splitlines():
            words = line.split("#")[0].removeprefix("$ ").split()
            if words and words[0].split("/")[-1] == "linli":
                found.append([word for word in words[1:] if word not in ("\\", "…")])
    return found


def broken(words: list[str], root: click.Group) -> str:
    """What is wrong with a command: a name or an option that is not there; empty when it is right."""
    here: click.Command = root
    for word in words:
        if word.startswith("--"):
            options = {o for p in here.params for o in (*p.opts, *p.secondary_opts)} | {"--help"}
            if word.split("=")[0] not in options:
                return f"{here.name} knows no {word}"
        elif isinstance(here, click.Group):
            if word not in here.commands:
                return f"{here.name} has no command {word}"
            here = here.commands[word]
    return ""


@pytest.fixture(scope="module")
def commands() -> click.Group:
    cli._collect()
    return cli.linli


def test_every_command_named_in_the_documents_exists(commands: click.Group) -> None:
    named = [(path, words) for path in DOCUMENTS for words in commands_in(read(path))]
    assert len(named) > 30
    wrong = [
        f"{p}: linli {' '.join(w)}: {broken(w, commands)}" for p, w in named if broken(w, commands)
    ]
    assert not wrong


def test_a_wrong_command_is_noticed(commands: click.Group) -> None:
    text = "Run `linli polcy check`, then\n```sh\n.venv/bin/linli policy check --now wuxi  # look\n```\n"
    assert [bool(broken(words, commands)) for words in commands_in(text)] == [True, True]
    assert not broken(["policy", "check", "wuxi"], commands)


def test_every_setting_is_in_the_table_and_read_by_the_program() -> None:
    told = dict(ROW.findall(read(SETTINGS)))
    assert set(told) == set(settings_read())


def test_defaults_of_settings_are_told_as_they_are() -> None:
    told = dict(ROW.findall(read(SETTINGS)))
    texts = {name: text for name, text in settings_read().items() if text and text != "0"}
    assert {n: told[n].strip("`") for n in texts if n in told} == texts


def test_the_reader_of_settings_sees_every_form() -> None:
    source = (
        '_secret("salt")\nos.environ.get("LINLI_A", "x")\nos.environ["LINLI_B"]\n"LINLI_C" in e'
    )
    names = {name for name, _ in read_in(source)}
    assert names == {"LINLI_SALT", "LINLI_A", "LINLI_B", "LINLI_C"}


@pytest.mark.parametrize("path", READMES)
def test_readmes_name_only_settings_that_exist(path: Path) -> None:
    told = {name for name, _ in ROW.findall(read(path))}
    assert told
    assert told <= set(settings_read())


def test_the_server_s_file_names_only_settings_that_exist() -> None:
    assert set(NAME.findall(read(Path("deploy/linli.env")))) <= set(settings_read())


def test_both_readmes_have_the_same_shape() -> None:
    english, chinese = (read(path) for path in READMES)
    for mark in (r"^#+ ", r"^```", r"^\| ", r"\]\("):
        assert len(re.findall(mark, english, re.M)) == len(re.findall(mark, chinese, re.M)), mark


def test_decisions_are_numbered_without_gaps_and_listed() -> None:
    folder = Path("docs/decisions")
    pages = sorted(p for p in DOCUMENTS if p.parent == folder and p.name != "README.md")
    assert [page.name[:4] for page in pages] == [f"{n:04d}" for n in range(1, len(pages) + 1)]
    listed = re.findall(r"\]\((\d{4}-[^)]+)\)", read(folder / "README.md"))
    assert [page.name for page in pages] == listed[1:]


@pytest.mark.parametrize("path", [p for p in DOCUMENTS if re.match(r"\d{4}-", p.name)], ids=str)
def test_a_decision_has_its_four_parts_and_fits_on_a_page(path: Path) -> None:
    text = read(path)
    assert text.startswith(f"# {path.name[:4]} ")
    assert re.findall(r"^## (.+)$", text, re.M) == PARTS
    assert len(text) < 4000


def test_a_term_of_the_glossary_stands_once() -> None:
    rows = re.findall(r"^\| ([^|]+) \| ([^|]+) \| `", read(Path("docs/glossary.md")), re.M)
    assert len(rows) > 80
    for column in zip(*rows, strict=True):
        assert not [term for term, count in Counter(column).items() if count > 1]


def test_documents_never_tell_of_a_machine() -> None:
    assert not [f"{path}: {m}" for path in DOCUMENTS for m in PRIVATE.findall(read(path))]


def test_every_document_can_be_reached_from_the_first_page() -> None:
    seen, waiting = set(), [READMES[0]]
    while waiting:
        page = waiting.pop()
        seen.add(page)
        for link in re.findall(r"\]\(([^)#:]+\.md)", read(page)):
            target = Path(*_flat((page.parent / link).parts))
            if target not in seen and target in DOCUMENTS:
                waiting.append(target)
    assert not [path for path in DOCUMENTS if path.parts[0] == "docs" and path not in seen]


def _flat(parts: tuple[str, ...]) -> list[str]:
    flat: list[str] = []
    for part in parts:
        flat = flat[:-1] if part == ".." else [*flat, part]
    return flat
