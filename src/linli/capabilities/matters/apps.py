"""Manifest of matters."""

from typing import ClassVar

from django.utils.translation import gettext_lazy as _

from linli.capabilities.matters.policy import MattersPolicy, code_tables, contradictions
from linli.ui.manifest import Finder, Hangs, NavItem, Room, Todo


class MattersConfig(Room):
    """Requests and events, to closure within their time."""

    name = "linli.capabilities.matters"
    verbose_name = _("诉求")
    label = "matters"
    policy_sections: ClassVar = {"matters": MattersPolicy}
    policy_checks: ClassVar = (contradictions,)
    code_tables: ClassVar = (code_tables,)
    offers: ClassVar = ("linli.capabilities.matters.offers.OFFERS",)
    measures: ClassVar = ("linli.capabilities.matters.measures.MEASURES",)
    hangs: ClassVar = (
        Hangs(
            "matters_matter",
            title=_("诉求"),
            derived=(("community", "community"), ("street", "street")),
            mirror="UPDATE matters_publicmatter p SET community = m.community FROM matters_matter m"
            " WHERE m.id = p.matter AND p.community IS DISTINCT FROM m.community",
        ),
        Hangs("matters_hotlinefile", "area", _("热线工单文件")),
    )
    stays: ClassVar = {
        "matters_tally.area_id": "counted anew once the areas have changed",
        "matters_uncounted.area_id": "counted anew once the areas have changed",
    }
    codes: ClassVar = {
        "cause": "linli.capabilities.matters.words.CAUSES",
        "state": "linli.capabilities.matters.selectors.telling.states",
        "was": "linli.capabilities.matters.selectors.telling.states",
        "result": "linli.capabilities.matters.selectors.telling.RESULTS",
        "side": "linli.capabilities.matters.selectors.telling.SIDES",
        "code": "linli.capabilities.matters.selectors.telling.entries",
        "to": "linli.kernel.access.offices.NAMES",
        "route": "linli.capabilities.matters.selectors.telling.routes",
        "stage": "linli.capabilities.matters.selectors.telling.stages",
        "was_code": "linli.capabilities.matters.selectors.telling.entries",
    }
    todos: ClassVar = tuple(
        Todo(
            f"matters.{verb}",
            title,
            _("诉求"),
            icon,
            "matters:desk_open",
            "key",
            needs="matters.read",
        )
        for verb, title, icon in (
            ("accept", _("受理诉求"), "inbox"),
            ("accept_transfer", _("接收转来的诉求"), "arrow-right"),
            ("handle", _("办理诉求"), "tools"),
            ("verify", _("核实诉求"), "shield-check"),
            ("close", _("办结诉求"), "circle-check"),
        )
    )
    nav: ClassVar = (
        NavItem("portal", _("报事"), "matters:report", "pencil-plus", "matters.report", 10),
        NavItem("portal", _("办事"), "matters:services", "clipboard-list", "", 20),
        NavItem("portal", _("我的诉求"), "matters:mine", "list-check", "", 30),
        NavItem("desk", _("我的一天"), "matters:day", "sun", "matters.read", 10),
        NavItem("desk", _("窗口受理"), "matters:window", "building-store", "matters.window", 20),
        NavItem("desk", _("诉求办理"), "matters:list", "list-details", "matters.read", 30),
        NavItem("desk", _("一张图"), "matters:map", "map-2", "matters.map", 40),
        NavItem("desk", _("网格"), "matters:grids", "grid-dots", "matters.map", 45),
        NavItem("desk", _("办理情况"), "matters:figures", "chart-bar", "matters.figures", 50),
        NavItem("desk", _("12345 工单"), "matters:hotline", "phone-call", "matters.hotline", 60),
        NavItem("field", _("今日"), "matters:field", "home", "matters.field", 10),
        NavItem("field", _("上报"), "matters:field_report", "camera", "matters.field", 20),
        NavItem("field", _("待核实"), "matters:field_verify", "checks", "matters.field", 30),
    )
    finders: ClassVar = (
        Finder(
            _("诉求"),
            "list-details",
            "matters.read",
            "linli.capabilities.matters.selectors.finding.matters",
            "matters:desk_matter",
            "matters:list",
            10,
        ),
    )
