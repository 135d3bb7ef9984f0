"""A matter's facts in plain words: what the resident reads on the timeline."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from linli.capabilities.matters.rules import base_of
from linli.kernel.access import offices
from linli.kernel.flow import Flow

SENTENCES = {
    "matters.report": _("%(who)s提交了诉求"),
    "matters.accept": _("%(who)s已受理"),
    "matters.refuse": _("%(who)s不予受理"),
    "matters.transfer": _("%(who)s转给%(to)s，接收前仍由原单位负责"),
    "matters.escalate": _("%(who)s上报%(to)s"),
    "matters.send_down": _("%(who)s交由%(to)s办理"),
    "matters.accept_transfer": _("%(who)s已接收，由其办理"),
    "matters.decline_transfer": _("%(who)s退回了转办"),
    "matters.assign": _("%(who)s指定了经办人"),
    "matters.ask": _("%(who)s请您补充情况，等待期间停表"),
    "matters.answer": _("%(who)s补充了情况，继续计时"),
    "matters.contact": _("%(who)s已联系反映人"),
    "matters.ask_extension": _("%(who)s申请延期"),
    "matters.decide_extension": _("%(who)s批复了延期申请"),
    "matters.explain_delay": _("%(who)s说明了超期原因"),
    "matters.handle": _("%(who)s已处理"),
    "matters.verify": _("%(who)s核实通过"),
    "matters.rework": _("%(who)s核实后退回重办，开始第 %(round)s 轮"),
    "matters.close": _("%(who)s已办结，请您评价"),
    "matters.merge": _("%(who)s将其并入同一件诉求一起办理"),
    "matters.reclassify": _("%(who)s调整了类别"),
    "matters.rate": _("%(who)s作出评价"),
    "matters.reopen": _("%(who)s反映没有解决，重新办理，开始第 %(round)s 轮"),
    "matters.urge": _("%(who)s催办"),
    "matters.withdraw": _("%(who)s撤回了诉求"),
    "matters.message": _("%(who)s留言"),
    "matters.reach": _("%(who)s完成了一个阶段"),
    "matters.hotline_reply": _("%(who)s已把办理结果回复 12345 热线"),
    "matters.recount": _("日历有调整，已重新计时"),
    "vault.reveal": _("%(who)s查看了联系方式"),
}
# Why the clock did something by itself: facts keep the code.
CAUSES = {
    "idle": _("无人受理"),
    "late": _("超过办理时限"),
    "unverified": _("此类诉求无需现场核实"),
    "settled": _("自动结案"),
}
TONES = {
    "matters.close": "good",
    "matters.verify": "good",
    "matters.refuse": "bad",
    "matters.rework": "warn",
    "matters.reopen": "warn",
    "matters.urge": "warn",
    "matters.ask": "warn",
    "matters.explain_delay": "bad",
}


@dataclass(frozen=True, slots=True)
class Line:
    """One entry of the timeline; keys as `ui.timeline` takes them."""

    when: datetime
    title: str
    who: str
    text: str
    tone: str
    verb: str
    public: bool
    fact: int
    current: bool = False
    files: tuple[Any, ...] = ()


def _who(kind: str | None, name: str | None, unit: int | None, *, public: bool) -> str:
    if kind == "system":
        return _t("系统")
    if kind is None or unit is None:  # a resident's name stays masked until it is revealed
        return _t("反映人")
    office = offices.unit(unit)
    if public or office is None:
        return office.name if office else str(name)
    return f"{office.name} {name}"


def _said(words: dict[str, str], data: dict[str, Any], *, by_clock: bool) -> str:
    if (
        by_clock
    ):  # facts sealed before causes were codes keep the Chinese words, which are ours to translate
        told = [_t(v) for v in words.values() if v]
        return _t("；").join([*told, *(str(CAUSES[c]) for c in [data.get("cause")] if c in CAUSES)])
    return _t("；").join(str(v) for v in words.values())


def _judged(verb: str, data: dict[str, Any], grades: Mapping[int, str]) -> str:
    """What was decided or how it was rated: facts keep the codes."""
    if verb == "matters.decide_extension":
        return _t("同意") if data.get("granted") else _t("不同意")
    if verb != "matters.rate":
        return ""
    said = [grades.get(data.get("value", 0), "")]
    if data.get("solved") is not None:
        said.append(_t("解决了") if data["solved"] else _t("没有解决"))
    return _t("，").join(word for word in said if word)


def line_of(
    row: tuple[Any, ...], flow: Flow, *, public: bool, grades: Mapping[int, str] | None = None
) -> Line | None:
    """One fact as a line; None when the resident is not meant to read it. `grades`: the ratings' words by value."""
    key, at, verb, _actor, unit, data, _channel, name, kind, words = row
    data = json.loads(data) if isinstance(data, str) else data
    words = (json.loads(words) if isinstance(words, str) else words) or {}
    base = base_of(verb)
    action = flow.actions.get(verb) or flow.actions.get(base)
    shown = bool(action and action.public) or base == "matters.reach"
    if (public and not shown) or data.get("again") or data.get("side") == "internal":
        return None
    who = _who(kind, name, unit, public=public)
    target = offices.unit(data.get("to"))
    to = target.name if target else ""
    template = str(SENTENCES.get(base, action.title if action else verb))
    filled = {"who": who, "to": to, "round": data.get("round", 1)}
    title = template % filled if "%(" in template else f"{who} {template}"
    text = _said(words, data, by_clock=kind == "system")
    text = _t("：").join(part for part in (_judged(base, data, grades or {}), text) if part)
    return Line(at, title, who, text, TONES.get(base, "info"), verb, shown, key)
