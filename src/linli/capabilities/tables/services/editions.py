"""An edition: the form's own file filled with what its communities confirmed, frozen with its digest, taken with a reason."""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from linli.capabilities.tables.mapping import Mapped, Meaning, Words
from linli.capabilities.tables.models import Edition, Gap, Round, Sheet
from linli.capabilities.tables.reading import Book, open_book
from linli.capabilities.tables.rules import Plan
from linli.capabilities.tables.rules.differences import Frozen
from linli.capabilities.tables.selectors import editions as reads
from linli.capabilities.tables.selectors.held import Held
from linli.capabilities.tables.selectors.words import understood, words
from linli.capabilities.tables.services.filling import confirmed, texts_of, write
from linli.capabilities.tables.services.rows import held, unit_of
from linli.capabilities.tables.writing import documents, papers
from linli.capabilities.tables.writing.planning import Plan as Filling
from linli.capabilities.tables.writing.planning import plan as planned
from linli.capabilities.tables.writing.rows import Value
from linli.capabilities.tables.writing.sheet import Block
from linli.kernel.acts import EVERYWHERE, Act, Refusal, action, crossing, note, system_act
from linli.kernel.dictionary.offers.conditions import Group, groups_of
from linli.kernel.files import services as files
from linli.kernel.files import store
from linli.kernel.files.examine import DOCX, XLSX, Clean
from linli.kernel.files.models import File

MEDIA = {"xlsx": XLSX, "docx": DOCX, "csv": "text/csv", "pdf": "application/pdf"}
REASON_LEAST = 2


@dataclass(slots=True)
class _Kept:
    """A source that remembers which records its rows were, run by run."""

    source: Held
    runs: list[list[int]] = field(default_factory=list)

    def holds(self, record_set: str, element: str) -> bool:
        """Whether the rows of a record set tell an element."""
        return self.source.holds(record_set, element)

    def rows(
        self, record_set: str, elements: Sequence[str], groups: Sequence[Group] = ()
    ) -> Iterator[Sequence[object]]:
        """The rows, their records kept."""
        run: list[int] = []
        self.runs.append(run)
        for key, row in self.source.records(record_set, elements, groups):
            run.append(key)
            yield row

    def count(self, what: str, area: str | Sequence[str] = "") -> int | float | None:
        """A count."""
        return self.source.count(what, area)


@action("tables.freeze", title=_("定版"))
def freeze(act: Act, round: Round) -> Edition:
    """Freeze a round whose communities were all taken: fill the form's own file, keep it with its digest; once.

    What each list held is kept beside it record by record, so that editions can be compared. Told again, the same
    edition is given back. A Refusal while a community is open, or where the form has no file that can be filled.
    """
    row = held(
        Round.objects.filter(pk=round.pk, unit=unit_of(act)).select_related("form"),
        _("找不到这次填报，或它不是本单位的。"),
    )
    last = Edition.objects.filter(round=row).order_by("-number").first()
    if row.state == Round.State.FROZEN and last is not None:
        note(round=row.pk, edition=last.pk)
        return last
    areas = [sheet.area for sheet in _taken(row)]
    with crossing(EVERYWHERE):
        file, ending = _original(row), Path(row.form.name).suffix.lower()
        content, frozen, made = _filled(act, row, file, areas)
        made_rows = sum(len(each.rows) for each in frozen)
        number = last.number + 1 if last else 1
        digest = _keep(act, row, content, f"{number}{ending}", "edition")
        parts = {"digest": digest, "parts": [each.as_json() for each in frozen]}
        raw = json.dumps(parts, ensure_ascii=False, separators=(",", ":")).encode()
        _keep(act, row, raw, f"{number}.json", reads.ROWS)
    edition = Edition.objects.create(
        round=row,
        unit_id=row.unit_id,
        area_id=row.area_id,
        number=number,
        digest=digest,
        rows=made_rows,
        filled=made.report.filled,
        blank=made.report.blank,
        by=act.actor,
        made=act.at,
    )
    row.state, row.frozen = Round.State.FROZEN, act.at
    row.save(update_fields=["state", "frozen"])
    note(round=row.pk, edition=edition.pk, digest=digest, rows=made_rows, communities=len(areas))
    return edition


def freeze_round(act: Act, key: int) -> int:
    """Freeze the round of a key; returns the key of its edition."""
    return freeze(act, Round(pk=key)).pk


def _taken(round: Round) -> list[Sheet]:
    """The communities' sheets, all of them taken."""
    rows = Sheet.objects.filter(
        round=round, demand__state__in=("received", "accepted", "delivered")
    )
    open_ = rows.exclude(state__in=("accepted", "merged"))
    names = list(open_.order_by("pk").values_list("area__name", flat=True))
    if names:
        told = {"n": len(names), "names": str(_("、")).join(names[:5])}
        words_ = _("还有 %(n)s 个社区没有确认收表，先收齐再定版：%(names)s。")
        more = _("还有 %(n)s 个社区没有确认收表，先收齐再定版：%(names)s等。")
        raise Refusal((more if len(names) > 5 else words_) % told, code="open")
    found = list(rows.filter(state="accepted").select_related("area").order_by("area"))
    if not found:
        raise Refusal(_("没有收到任何社区的表，不能定版。"), code="none")
    return found


def _original(round: Round) -> Path:
    """Where the form's own empty file lies."""
    kept = File.objects.filter(pk=round.file).first() if round.file else None
    if kept is None:
        raise Refusal(_("这张表没有原文件，不能定版。"), code="no-file")
    path = store.path_of(kept.digest)
    if not path.exists():
        raise Refusal(_("原表的文件不在了，不能定版。请联系管理员从备份恢复。"), code="no-file")
    return path


def _filled(
    act: Act, round: Round, file: Path, areas: Sequence[Any]
) -> tuple[bytes, list[Frozen], Filling]:
    book, plan = open_book(file, round.form.name), Plan.of(round.plan)
    reader = system_act(at=act.at, policy=act.policy)
    told = words(timezone.localdate(act.at))
    _form, mapped = understood(book, told)
    settled = confirmed(mapped, plan)
    source = _Kept(Held(reader, areas, clear=True, own=_own(round, plan)))
    made = _planned(book, settled, told, source, plan)
    frozen: list[Frozen] = []
    _remember(made, settled, plan, source, frozen)
    out = io.BytesIO()
    write(book, file, out, made, settled)
    return out.getvalue(), frozen, made


def _planned(book: Book, settled: list[Mapped], told: Words, source: _Kept, plan: Plan) -> Filling:
    scopes = {part.at: groups_of(part.conditions) for part in plan.parts}
    return planned(book, settled, told, source, scopes, grouped=False)


def _own(round: Round, plan: Plan) -> dict[str, Mapping[int, str]]:
    """What communities answered in columns that only the form asks, and texts that are the same for all.

    Empty where they said that there is none, which a sum of columns counts as nothing.
    """
    found: dict[str, dict[int, str]] = {}
    told = (Gap.State.FILLED, Gap.State.NONE)
    rows = Gap.objects.filter(sheet__round=round, element="", state__in=told)
    for key, record, value, state in rows.values_list("column", "record", "value", "state"):
        found.setdefault(key, {})[record] = value if state == Gap.State.FILLED else ""
    return {**found, **texts_of(plan)}


def _remember(
    made: Filling, settled: Sequence[Mapped], plan: Plan, source: _Kept, frozen: list[Frozen]
) -> None:
    """Keep the rows of every list as they are written, with the record that each is about."""
    titles = {part.at: part.title for part in plan.parts}
    for at, mapped in enumerate(settled):
        fill = made.fills.get(mapped.region.sheet)
        for block in fill.blocks if fill else ():
            if block.first == mapped.region.body[0]:
                block.rows = _Tee(block, mapped, at, titles.get(at, ""), source, frozen)


@dataclass(slots=True)
class _Tee:
    """The rows of a list on their way into the file, kept with their records when the last has passed."""

    block: Block
    mapped: Mapped
    at: int
    title: str
    source: _Kept
    frozen: list[Frozen]
    rows: Any = None

    def __post_init__(self) -> None:
        self.rows = self.block.rows

    def __iter__(self) -> Iterator[Sequence[Value]]:
        passed: list[tuple[str, ...]] = []
        for row in self.rows:
            passed.append(tuple("" if value is None else str(value) for value in row))
            yield row
        places = {m.field.box.left: m for m in self.mapped.meanings}
        columns = tuple(
            ("#" if places[c].element == "#" else places[c].field.label, _label(places[c]))
            for c in self.block.columns
        )
        keys = self.source.runs[-1] if self.source.runs else []
        self.frozen.append(
            Frozen(
                self.at,
                self.title,
                self.mapped.kind,
                columns,
                tuple(zip(keys, passed, strict=True)),
            )
        )


def _label(meaning: Meaning) -> str:
    return "#" if meaning.element == "#" else meaning.field.label


def _keep(act: Act, round: Round, content: bytes, name: str, purpose: str) -> str:
    """Keep a content where only this service reads it: no page serves it, whoever asks."""
    house = system_act(at=act.at, policy=act.policy)
    media = MEDIA.get(Path(name).suffix.removeprefix("."), "application/json")
    owner = files.Holder(reads.OWNER, round.pk, 0)
    kept = files.keep(house, Clean(content, media, name), owner=owner, purpose=purpose)
    return kept.digest


@dataclass(frozen=True, slots=True)
class Taken:
    """An edition's file as it leaves: name, type, bytes."""

    name: str
    media: str
    content: bytes


@action("tables.take_edition", title=_("下载定版表格"), keep=("reason",), codes=("format",))
def take(act: Act, edition: Edition, *, format: str, reason: str) -> Taken:
    """Take an edition out: as it was frozen, or drawn from it as .xlsx, .docx, .csv or .pdf; the fact names everybody in it.

    A Refusal without a reason, or where the file is no more what was frozen.
    """
    if len(reason.strip()) < REASON_LEAST:
        raise Refusal(_("请写明下载的用途。"), field="reason", code="reason")
    row = Edition.objects.filter(pk=edition.pk).select_related("round", "round__form").first()
    if row is None:
        raise Refusal(_("找不到这个定版，或它不在您的范围内。"), code="gone")
    content = reads.content(row)
    kind = reads.kind(row)
    if content is None or hashlib.sha256(content).hexdigest() != row.digest:
        raise Refusal(_("文件和定版时不一样了，请联系管理员核查。"), code="changed")
    parts = reads.rows(row)
    people = sorted({key for p in parts if p.record_set == "person" for key, _texts in p.rows})
    note(edition=row.pk, digest=row.digest, taken=people)
    name = f"{row.round.title} {row.round.period} v{row.number}.{format}"
    if format == kind:
        return Taken(name, MEDIA[kind], content)
    draw = DRAWN.get(format)
    if draw is None:
        raise Refusal(
            _("没有这种格式，请选 xlsx、docx、csv 或 pdf。"), field="format", code="format"
        )
    return Taken(name, MEDIA[format], draw(reads.book(row), row))


def _foot(edition: Edition) -> str:
    return f"{edition.round} v{edition.number} SHA-256 {edition.digest[:16]}"


DRAWN: Mapping[str, Callable[[Book, Edition], bytes]] = {
    "csv": lambda book, _edition: papers.csv_of(book),
    "xlsx": lambda book, _edition: papers.xlsx(book),
    "docx": lambda book, edition: documents.docx(book, _foot(edition), reads.heads(edition)),
    "pdf": lambda book, edition: papers.pdf(book, _foot(edition), reads.heads(edition)),
}
