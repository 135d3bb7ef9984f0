"""A tiny pack with one section of its own, written to a folder for a test."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from linli.kernel.policy.check import problems_of
from linli.kernel.policy.load import RawPack, load
from linli.kernel.policy.pack import Sections
from linli.kernel.policy.shapes import Code, Norm, Ref, Strict

HEAD = "code: {code}\nname: 试验\njurisdiction: 试验地\n"
NORM = "{source: {document: 试验文件, clause: 第一条}, status: found, in_force: {from: 2026-01-01}}"


class Fine(Norm):
    """A rule with an amount."""

    code: Code
    amount: int
    note: str = ""


class Shop(Strict):
    """A place where a fine is paid."""

    code: Code
    takes: tuple[Annotated[str, Ref(("small.fines",), glob=True)], ...] = ()
    first: Annotated[str, Ref(("small.fines",))] | None = None


class Small(Strict):
    """Section `small`."""

    fines: tuple[Fine, ...]
    shops: tuple[Shop, ...] = ()
    opens: str = "09:00"


SECTIONS: Sections = {"small": Small}
GOOD = f"""\
small:
  fines:
    - code: litter
      <<: {NORM}
      amount: 50
    - code: noise
      <<: {NORM}
      amount: 200
  shops:
    - {{code: hall, takes: [litter, "noi*"], first: noise}}
"""


def write(root: Path, place: str, *, extends: str = "", **files: str) -> Path:
    """Write a pack folder; `files` are section files by name. Returns the root."""
    folder = root / place
    folder.mkdir(parents=True, exist_ok=True)
    head = HEAD.format(code=place) + (f"extends: {extends}\n" if extends else "")
    (folder / "pack.yaml").write_text(head, encoding="utf-8")
    for name, text in files.items():
        (folder / f"{name}.yaml").write_text(text, encoding="utf-8")
    return root


def faults(root: Path, place: str) -> list[str]:
    """Every problem of a written pack, as people read it."""
    return [str(problem) for problem in problems_of(load(place, root), SECTIONS)]


def merged(root: Path, place: str) -> RawPack:
    """A written pack, which must be right."""
    assert faults(root, place) == []
    return load(place, root)
