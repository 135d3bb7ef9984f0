"""Words for the codes that facts of tables and ledgers keep, for whoever reads the audit trail."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from linli.capabilities.tables.models import Form, Round
from linli.capabilities.tables.selectors import entries
from linli.kernel.dictionary import selectors as dictionary

STATES: dict[Any, Any] = {**dict(Form.State.choices), **dict(Round.State.choices)}
FREQUENCIES: dict[Any, Any] = dict(Round.Frequency.choices)
WAYS = {
    "known": _("系统里有的"),
    "counted": _("按条件计数"),
    "number": _("序号"),
    "constant": _("每行都填一样的"),
    "own": _("由填表人手填"),
    "blank": _("不填"),
}

# What facts of tables call otherwise than those of other rooms.
NAMES = {"round": _("下发编号")}


def kinds() -> dict[str, str]:
    """Titles of the kinds of entries."""
    return {code: entries.title_of(code) for code in entries.kinds()}


def elements() -> dict[str, str]:
    """Titles of the elements of the dictionary; those of entries also by their name within the entry."""
    known = {code: str(each.title) for code, each in dictionary.elements().items()}
    told = entries.kinds()
    own = {c.partition(".")[2]: title for c, title in known.items() if c.partition(".")[0] in told}
    return own | known
