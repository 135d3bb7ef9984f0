"""Manifest of admission."""

from typing import ClassVar

from django.utils.translation import gettext_lazy as _

from linli.capabilities.admission.policy import AdmissionPolicy, contradictions
from linli.ui.manifest import Hangs, NavItem, Room, Todo


class AdmissionConfig(Room):
    """Lists, gates, the right to refuse, and what weighs on communities."""

    name = "linli.capabilities.admission"
    label = "admission"
    verbose_name = _("社区准入")
    policy_sections: ClassVar = {"admission": AdmissionPolicy}
    codes: ClassVar = {
        "state": "linli.capabilities.admission.selectors.telling.states",
        "was": "linli.capabilities.admission.selectors.telling.states",
        "clause": "linli.capabilities.admission.selectors.telling.clauses",
        "kind": "linli.capabilities.admission.selectors.telling.KINDS",
        "step": "linli.capabilities.admission.selectors.telling.STEPS",
        "group": "linli.capabilities.admission.selectors.telling.groups",
        "record_set": "linli.kernel.dictionary.offers.known.titles",
    }
    offers: ClassVar = ("linli.capabilities.admission.offers.OFFERS",)
    measures: ClassVar = ("linli.capabilities.admission.measures.MEASURES",)
    policy_checks: ClassVar = (contradictions,)
    hangs: ClassVar[tuple[Hangs, ...]] = (
        Hangs("admission_item", title=_("准入事项"), collapses=False),
        Hangs("admission_application", title=_("准入申请")),
        Hangs("admission_agreement", title=_("服务协议")),
        Hangs("admission_ticket", title=_("准入口记录")),
        Hangs("admission_demand", title=_("下达的事")),
        Hangs("admission_placement", title=_("挂牌和机构")),
        Hangs("admission_occasion", title=_("会议和检查")),
        Hangs("admission_certificate", title=_("社区证明")),
        Hangs("admission_certificaterequest", title=_("证明申请")),
        Hangs("admission_sealuse", title=_("用印记录")),
        Hangs("admission_work", title=_("减负工作"), collapses=False),
        Hangs("admission_step", title=_("减负工作的步骤")),
        Hangs("admission_hours", title=_("用时记录")),
        Hangs("admission_usage", title=_("系统使用")),
        Hangs("admission_payment", title=_("拨付")),
        Hangs("admission_weight", title=_("负担指数"), collapses=False),
    )
    todos: ClassVar[tuple[Todo, ...]] = (
        Todo("admission.answer", _("答复下达的事"), _("下达的事"), "inbox", "admission:demand"),
        Todo("admission.issue", _("下发给社区"), _("下达的事"), "send", "admission:ticket"),
        Todo("admission.watch", _("看社区为何不接"), _("下达的事"), "eye", "admission:demand"),
        Todo("admission.review", _("审查准入申请"), _("准入"), "scale", "admission:application"),
        Todo("admission.decide", _("上会决定"), _("准入"), "gavel", "admission:application"),
        Todo("admission.close", _("结束公示"), _("准入"), "flag", "admission:application"),
        Todo("admission.redraft", _("补正申请"), _("准入"), "edit", "admission:application"),
        Todo("admission.reply", _("答复意见"), _("准入"), "message", "admission:reply"),
        Todo(
            "admission.answer_request",
            _("办理证明申请"),
            _("证明"),
            "file-text",
            "admission:certificate_answer",
        ),
        Todo("admission.stamp", _("用印"), _("证明"), "signature", "admission:stamp"),
        Todo("admission.clear", _("摘除或撤出"), _("挂牌和机构"), "ban", "admission:placement_end"),
        Todo("admission.opinion", _("出具合法性审查意见"), _("准入"), "scale", "admission:step"),
        Todo("admission.duty", _("定期工作"), _("定期工作"), "repeat", "admission:step"),
        Todo("admission.rectify", _("整改"), _("下达的事"), "tool", "admission:step"),
    )
    nav: ClassVar[tuple[NavItem, ...]] = (
        NavItem("portal", _("社区准入目录"), "admission:public_items", "list-check", "", 60),
        NavItem("desk", _("下达的事"), "admission:demands", "inbox", "admission.read", 41),
        NavItem("desk", _("准入口"), "admission:gate", "shield-check", "admission.read", 42),
        NavItem("desk", _("准入事项"), "admission:items", "list-check", "admission.read", 43),
        NavItem("desk", _("会议和检查"), "admission:occasions", "calendar", "admission.read", 46),
        NavItem("desk", _("社区证明"), "admission:certificates", "file-text", "admission.read", 48),
        NavItem("field", _("记用时"), "admission:field_time", "clock", "admission.log_hours", 60),
        NavItem("desk", _("负担指数"), "admission:burden", "scale", "admission.burden", 49),
    )
