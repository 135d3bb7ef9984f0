"""Elements and a table for tests."""

from __future__ import annotations

from datetime import date

from linli.kernel.dictionary.shapes import (
    CodeTable,
    Element,
    Entry,
    Kind,
    Sensitivity,
)
from linli.kernel.policy.shapes import InForce, Source, Status

TODAY = date(2026, 11, 22)
SEX = CodeTable(
    source=Source(document="GB/T 2261.1"),
    status=Status.KNOWN,
    in_force=InForce(),
    code="sex",
    title="性别",
    english="Sex",
    entries=(
        Entry(code="1", title="男性", synonyms=("男",)),
        Entry(code="2", title="女性", synonyms=("女",)),
    ),
)


def element(kind: Kind, title: str = "试验", *synonyms: str, name: str = "") -> Element:
    """An element of that kind."""
    return Element(
        code=f"person.{name or kind.value}",
        number="JC019999",
        title=title,
        english=name or f"Test {kind}",
        kind=kind,
        table="sex" if kind is Kind.CODE else "",
        owner="police",
        sensitivity=Sensitivity.PERSONAL,
        synonyms=synonyms,
        record_set="person",
        column="",
        longest=None,
    )
