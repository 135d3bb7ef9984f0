"""Manifest of the registry."""

from typing import ClassVar

from django.utils.translation import gettext_lazy as _

from linli.capabilities.registry.policy import RegistryPolicy, code_tables, contradictions
from linli.ui.manifest import Finder, Hangs, NavItem, Room, Todo

# Other addresses of what stands on the ground.
STANDING = tuple(
    f"/desk/{each}/"
    for each in ("buildings", "homes", "facilities", "coverage", "elements", "plan")
)


class RegistryConfig(Room):
    """People and households, organisations, places, statistics: collected once."""

    name = "linli.capabilities.registry"
    label = "registry"
    verbose_name = _("人口和房屋")
    policy_sections: ClassVar = {"registry": RegistryPolicy}
    policy_checks: ClassVar = (contradictions,)
    code_tables: ClassVar = (code_tables,)
    doors: ClassVar[tuple[str, ...]] = ("linli.capabilities.registry.selectors.doors.area_of",)
    stands: ClassVar[tuple[str, ...]] = ("linli.capabilities.registry.selectors.doors.point_of",)
    layers: ClassVar[tuple[str, ...]] = ("linli.capabilities.registry.selectors.layers.layers",)
    offers: ClassVar[tuple[str, ...]] = ("linli.capabilities.registry.offers.OFFERS",)
    hangs: ClassVar[tuple[Hangs, ...]] = (
        Hangs("registry_residence", title=_("居住登记")),
        Hangs("registry_tie", title=_("人房关系")),
        Hangs("registry_bond", title=_("人际关系")),
        Hangs("registry_household", title=_("户")),
        Hangs("registry_mark", title=_("标签")),
        Hangs("registry_consent", title=_("授权同意")),
        Hangs("registry_objection", title=_("异议")),
        Hangs("registry_home", title=_("房屋")),
        Hangs("registry_building", title=_("楼栋")),
        Hangs("registry_estate", title=_("小区")),
        Hangs("registry_facility", title=_("设施")),
        Hangs("registry_organisation", title=_("组织")),
        Hangs("registry_station", title=_("驻点")),
        Hangs("registry_holding", title=_("任职")),
        Hangs("registry_filing", title=_("任职备案")),
        Hangs("registry_assessment", title=_("评定")),
        Hangs("registry_succession", title=_("组织沿革")),
        Hangs("registry_batch", title=_("导入批次")),
        Hangs("registry_conflict", title=_("数据冲突")),
        Hangs("registry_coverage", title=_("非户籍人口覆盖"), collapses=False),
        Hangs("registry_past", "area", _("历史值")),
        Hangs("registry_statistic", title=_("统计数据"), collapses=False),
    )
    todos: ClassVar[tuple[Todo, ...]] = (
        Todo(
            "registry.file_post",
            _("任职备案"),
            _("任职备案"),
            "clipboard-check",
            "registry:filing",
            needs="registry.filings",
        ),
        Todo(
            "registry.mend_filing",
            _("重新报送任职备案"),
            _("任职备案"),
            "clipboard-check",
            "registry:filing",
            needs="registry.filings",
        ),
    )
    nav: ClassVar[tuple[NavItem, ...]] = (
        NavItem("portal", _("我的信息"), "registry:own", "id", "registry.own", 40),
        NavItem("portal", _("找社区"), "registry:directory", "phone", "", 45),
        NavItem(
            "desk",
            _("人口"),
            "registry:people",
            "users",
            "registry.read",
            35,
            also=("/desk/households/",),
        ),
        NavItem("field", _("入户"), "registry:visits", "door", "registry.visit", 25),
        NavItem(
            "desk", _("组织"), "registry:organisations", "building-community", "registry.read", 36
        ),
        NavItem(
            "desk",
            _("小区和房屋"),
            "registry:estates",
            "building-estate",
            "registry.read",
            37,
            also=STANDING,
        ),
        NavItem(
            "desk",
            _("数据字典"),
            "registry:dictionary",
            "book-2",
            "registry.read",
            39,
            also=("/desk/statistics/",),
        ),
        NavItem(
            "desk", _("任职备案"), "registry:filings", "clipboard-check", "registry.file_post", 36
        ),
        NavItem("desk", _("数据导入"), "registry:imports", "file-import", "registry.import", 38),
    )
    codes: ClassVar = {
        "field": "linli.capabilities.registry.selectors.telling.SEEN",
        "fields": "linli.capabilities.registry.selectors.telling.SEEN",
        "disputed": "linli.capabilities.registry.selectors.telling.SEEN",
        "show": "linli.capabilities.registry.selectors.telling.SHOWS",
        "gap": "linli.capabilities.registry.selectors.telling.GAPS",
        "sex": "linli.capabilities.registry.selectors.telling.sexes",
        "tag": "linli.capabilities.registry.selectors.telling.tag_titles",
        "political": "linli.capabilities.registry.selectors.telling.politicals",
        "ending": "linli.capabilities.registry.selectors.telling.endings",
        "kind": "linli.capabilities.registry.selectors.telling.kinds_told",
        "to": "linli.capabilities.registry.selectors.telling.PLACES",
        "from": "linli.capabilities.registry.selectors.telling.PLACES",
        "seen": "linli.capabilities.registry.selectors.telling.papers",
        "purpose": "linli.capabilities.registry.selectors.telling.purposes",
        "verdict": "linli.capabilities.registry.selectors.telling.VERDICTS",
        "checklist": "linli.capabilities.registry.selectors.telling.checklists",
        "code": "linli.capabilities.registry.selectors.telling.codes",
        "columns": "linli.capabilities.registry.selectors.telling.COLUMNS",
        "record_set": "linli.kernel.dictionary.offers.known.titles",
        "source": "linli.capabilities.registry.selectors.telling.by_hand",
    }
    names: ClassVar = {
        "": "linli.capabilities.registry.selectors.telling.NAMES",
        "registry.import": "linli.capabilities.registry.desk.imports.batches.TITLES",
    }
    finders: ClassVar[tuple[Finder, ...]] = (
        Finder(
            _("人口"),
            "users",
            "registry.read",
            "linli.capabilities.registry.selectors.finding.people",
            "registry:person",
            "registry:people",
            20,
        ),
        Finder(
            _("小区"),
            "building-estate",
            "registry.read",
            "linli.capabilities.registry.selectors.finding.estates",
            "registry:estate",
            "registry:estates",
            25,
        ),
        Finder(
            _("房屋"),
            "home",
            "registry.read",
            "linli.capabilities.registry.selectors.finding.homes",
            "registry:building",
            "",
            30,
        ),
        Finder(
            _("组织"),
            "building-community",
            "registry.read",
            "linli.capabilities.registry.selectors.finding.organisations",
            "registry:organisation",
            "registry:organisations",
            40,
        ),
    )
