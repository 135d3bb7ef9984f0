"""Filling a workbook inside its own file: sheets that are filled change, parts that count rows follow, all else stays."""

from __future__ import annotations

import csv
import io
import posixpath
import re
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from html import escape, unescape
from pathlib import Path
from typing import BinaryIO

from linli.capabilities.tables.reading import marks
from linli.capabilities.tables.reading.workbook import parts_of
from linli.capabilities.tables.writing.rows import (
    Value,
)
from linli.capabilities.tables.writing.sheet import SheetBytes, SheetFill
from linli.capabilities.tables.writing.shifting import Shift
from linli.kernel.files import sheets as safe

_LINK = re.compile(rb"<(?:\w+:)?Relationship\b[^>]*/?>")
_NAME = re.compile(rb"(<(?:\w+:)?definedName\b[^>]*>)([^<]*)(</(?:\w+:)?definedName>)")
_CALC = re.compile(rb"<((?:\w+:)?)calcPr\b([^>]*?)/?>")
_CHAIN = re.compile(rb"<(?:\w+:)?(?:Override|Relationship)\b[^>]*calcChain[^>]*/?>")


@dataclass(slots=True)
class Done:
    """What was written: rows by sheet, and rows added beyond those that were drawn."""

    rows: dict[str, int] = field(default_factory=dict)
    added: dict[str, int] = field(default_factory=dict)


def fill_book(file: Path, out: Path | BinaryIO, fills: Mapping[str, SheetFill]) -> Done:
    """Fill a workbook into another file; everything but the cells filled stays as it was.

    Rows added below the last drawn row move what lies below them: totals, formulas, merged cells, print areas,
    validations, pictures. A Refusal where more rows come than a sheet can hold.
    """
    done = Done()
    with zipfile.ZipFile(file) as archive:
        parts = {name: part for name, part, _hidden in parts_of(archive)}
        shifts: dict[str, Shift] = {}
        written = _Writing(archive, out, parts, shifts, done)
        try:
            written.write(fills)
        except BaseException:
            if isinstance(out, Path):
                out.unlink(missing_ok=True)
            raise
    return done


class _Writing:
    """One workbook being filled: sheets first, then whatever counts their rows, then all else untouched."""

    def __init__(
        self,
        archive: zipfile.ZipFile,
        out: Path | BinaryIO,
        parts: dict[str, str],
        shifts: dict[str, Shift],
        done: Done,
    ) -> None:
        self.archive, self.out, self.parts, self.shifts, self.done = (
            archive,
            out,
            parts,
            shifts,
            done,
        )

    def write(self, fills: Mapping[str, SheetFill]) -> None:
        """Write every part in its order."""
        plans = {
            self.parts[name]: SheetBytes(name, self.archive.read(self.parts[name]), fill)
            for name, fill in fills.items()
            if name in self.parts
        }
        for plan in plans.values():
            plan.prepare()
            self.shifts[plan.name] = plan.shift
            self.done.rows[plan.name] = plan.count
            self.done.added[plan.name] = sum(many for _row, many in plan.shift.added)
        after = self._followers()
        with zipfile.ZipFile(self.out, "w", zipfile.ZIP_DEFLATED, compresslevel=5) as made:
            for info in self.archive.infolist():
                if info.filename in plans:
                    with made.open(named(info), "w", force_zip64=True) as stream:
                        for chunk in plans[info.filename].chunks():
                            stream.write(chunk)
                elif self.moves and info.filename == "xl/calcChain.xml":
                    continue
                else:
                    made.writestr(named(info), self._other(info.filename, after))

    @property
    def moves(self) -> bool:
        """Whether rows were added anywhere."""
        return any(shift.moves for shift in self.shifts.values())

    def _followers(self) -> dict[str, Shift]:
        """Parts that hang on a sheet whose rows move: drawings, comments, tables."""
        found: dict[str, Shift] = {}
        names = set(self.archive.namelist())
        for name, shift in self.shifts.items():
            folder, file = posixpath.split(self.parts[name])
            links = f"{folder}/_rels/{file}.rels"
            if not shift.moves or links not in names:
                continue
            for link in _LINK.finditer(self.archive.read(links)):
                target = marks.attributes(link[0]).get("Target", "")
                part = (
                    target.lstrip("/")
                    if target.startswith("/")
                    else posixpath.normpath(f"{folder}/{target}")
                )
                found[part] = shift
        return found

    def _other(self, part: str, after: dict[str, Shift]) -> bytes:
        content = self.archive.read(part)
        if part == "xl/workbook.xml":
            return self._workbook(content)
        if not self.moves:
            return content
        if part in ("[Content_Types].xml", "xl/_rels/workbook.xml.rels"):
            return _CHAIN.sub(b"", content)
        if part in after:
            return _followed(part, content, after[part])
        if part in self.parts.values():
            for shift in self.shifts.values():
                content = shift.tail(content, own=False)
        return content

    def _workbook(self, content: bytes) -> bytes:
        for shift in self.shifts.values():
            content = _renamed(content, shift)
        if not any(
            b"<f" in self.archive.read(part) or b":f>" in self.archive.read(part)
            for part in self.parts.values()
        ):
            return content
        return _computed_anew(content)


def named(info: zipfile.ZipInfo) -> zipfile.ZipInfo:
    """A part of the made file under the name, day and rights of the original's."""
    made = zipfile.ZipInfo(info.filename, info.date_time)
    made.compress_type, made.external_attr = zipfile.ZIP_DEFLATED, info.external_attr
    return made


def _renamed(content: bytes, shift: Shift) -> bytes:
    """A workbook whose named ranges and print areas follow the rows of one sheet."""
    if not shift.moves:
        return content
    return _NAME.sub(lambda m: m[1] + _names(m[2], shift) + m[3], content)


def _names(raw: bytes, shift: Shift) -> bytes:
    told = unescape(raw.decode())
    try:
        return escape(shift.formula(told, own=False), quote=False).encode()
    except (ValueError, IndexError):
        return raw


def _computed_anew(content: bytes) -> bytes:
    """A workbook that computes its formulas when it is opened."""
    found = _CALC.search(content)
    if found is None:
        return (
            re.sub(rb"(</(?:\w+:)?workbook>)", rb'<calcPr fullCalcOnLoad="1"/>\1', content)
            if b"<workbook" in content
            else content
        )
    if b"fullCalcOnLoad" in found[2]:
        return content
    told = b"<" + found[1] + b"calcPr" + found[2].rstrip() + b' fullCalcOnLoad="1"/>'
    return content[: found.start()] + told + content[found.end() :]


def _followed(part: str, content: bytes, shift: Shift) -> bytes:
    if "/drawings/" in part and part.endswith(".xml"):
        return shift.drawing(content)
    if part.endswith(".vml"):
        return shift.notes(content)
    return shift.tail(content) if part.endswith(".xml") else content


def fill_text(file: Path, out: Path | BinaryIO, head: int, rows: Iterable[Sequence[Value]]) -> Done:
    """Fill a text table: its own lines until the headings, then rows; what a spreadsheet would compute is made harmless."""
    raw = file.read_bytes()
    encoding = "utf-8-sig"
    try:
        text = raw.decode(encoding)
    except UnicodeDecodeError:
        encoding = "gb18030"
        text = raw.decode(encoding, "replace")
    kept = text.splitlines()[:head]
    done = Done()
    made = io.StringIO(newline="")
    made.write("".join(f"{line}\r\n" for line in kept))
    writer = csv.writer(made)
    count = 0
    for row in rows:
        writer.writerow(["" if each is None else safe.plain(each) for each in row])
        count += 1
    content = made.getvalue().encode(encoding, "replace")
    if isinstance(out, Path):
        out.write_bytes(content)
    else:
        out.write(content)
    done.rows[file.stem] = count
    return done
