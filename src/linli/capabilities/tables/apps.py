"""Manifest of the room."""

from typing import ClassVar

from django.utils.translation import gettext_lazy as _

from linli.capabilities.tables.policy import FormsPolicy, LedgersPolicy
from linli.capabilities.tables.rules.joining import TITLES_APART
from linli.ui.manifest import Hangs, NavItem, Room, Todo


class TablesConfig(Room):
    """Forms filled from the registry; cloud ledgers."""

    name = "linli.capabilities.tables"
    label = "tables"
    verbose_name = _("表格和台账")
    policy_sections: ClassVar = {"ledgers": LedgersPolicy, "forms": FormsPolicy}
    hangs: ClassVar[tuple[Hangs, ...]] = (
        Hangs("tables_entry", title=_("台账记录")),
        Hangs("tables_ledger", title=_("自建台账"), apart=TITLES_APART),
        Hangs("tables_sheet", title=_("待填表格")),
        Hangs("tables_gap", "area", _("缺项")),
        Hangs("tables_form", title=_("部门表格")),
        Hangs("tables_memory", title=_("确认过的含义")),
        Hangs("tables_round", title=_("填报")),
        Hangs("tables_edition", title=_("定版")),
    )
    stays: ClassVar = {
        "tables_entrytally.area_id": "counted anew once the areas have changed",
    }
    codes: ClassVar[dict[str, str]] = {
        "state": "linli.capabilities.tables.selectors.telling.STATES",
        "kind": "linli.capabilities.tables.selectors.telling.kinds",
        "record_set": "linli.kernel.dictionary.offers.known.titles",
        "way": "linli.capabilities.tables.selectors.telling.WAYS",
        "frequency": "linli.capabilities.tables.selectors.telling.FREQUENCIES",
        "element": "linli.capabilities.tables.selectors.telling.elements",
        "elements": "linli.capabilities.tables.selectors.telling.elements",
        "columns": "linli.capabilities.tables.selectors.telling.elements",
        "fields": "linli.capabilities.tables.selectors.telling.elements",
        "column": "linli.capabilities.tables.selectors.telling.elements",
        "channel": "linli.kernel.access.selectors.wording.CHANNELS",
        "clause": "linli.capabilities.admission.selectors.telling.clauses",
    }
    names: ClassVar[dict[str, str]] = {"": "linli.capabilities.tables.selectors.telling.NAMES"}
    measures: ClassVar[tuple[str, ...]] = ("linli.capabilities.tables.measures.MEASURES",)
    layers: ClassVar[tuple[str, ...]] = ("linli.capabilities.tables.selectors.layers.layers",)
    offers: ClassVar[tuple[str, ...]] = ("linli.capabilities.tables.offers.entry_offers",)
    todos: ClassVar[tuple[Todo, ...]] = (
        Todo(
            "tables.confirm",
            _("核对表格"),
            _("表格"),
            "table",
            "tables:sheet",
            needs="tables.answer",
        ),
        Todo(
            "tables.visit",
            _("上门补采"),
            _("上门"),
            "door",
            "tables:door",
            says="linli.capabilities.tables.selectors.sheets.asked_at",
            needs="tables.answer",
        ),
    )
    today: ClassVar[tuple[str, ...]] = ("linli.capabilities.tables.selectors.rounds.today",)
    nav: ClassVar[tuple[NavItem, ...]] = (
        NavItem("desk", _("报表"), "tables:forms", "report", "tables.forms", 32),
        NavItem("desk", _("待填表格"), "tables:sheets", "table", "tables.keep", 33),
        NavItem("desk", _("填报"), "tables:rounds", "clipboard-list", "tables.rounds", 32),
        NavItem("field", _("补采"), "tables:doors", "pencil", "tables.answer", 27),
        NavItem("field", _("记一笔"), "tables:kinds", "notebook", "tables.enter", 28),
        NavItem("desk", _("云台账"), "tables:ledgers", "book-2", "tables.ledgers", 34),
    )
