"""The steps a desk can take with a matter, as one table: verb → form → service."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from linli.capabilities.admission.selectors import duties
from linli.capabilities.matters import clocks, selectors, services
from linli.capabilities.matters.forms import desk as forms
from linli.capabilities.matters.rules import Entry, key_of
from linli.capabilities.matters.selectors import desk as reads
from linli.kernel.access import offices
from linli.kernel.acts import Act, Refusal
from linli.kernel.places import selectors as places
from linli.kernel.places.rules import Level, enclosing, level_of
from linli.kernel.vault.services import reveal
from linli.ui.choosing import Choosing
from linli.ui.manifest import Hit
from linli.ui.spoken import said

Run = Callable[[Act, Any, dict[str, Any]], object]
Given = dict[str, list[tuple[Any, Any]] | Choosing]
Choices = Callable[[Act, Any], Given]

NEARNESS = (_("市级单位"), _("本街道和社区"), _("区级单位"))
LISTED = 60  # a longer list is searched instead of scrolled


def _none(act: Act, matter: Any) -> Given:
    return {}


def _units(act: Act, matter: Any) -> Given:
    """The other units near the matter, by nearness; what finds any other of the city."""
    groups: dict[Any, list[tuple[Any, Any]]] = {title: [] for title in NEARNESS}
    for each in offices.near(matter.area_id):
        if each.pk != matter.unit_id:
            groups[_nearness(each.area_id, matter.area_id)].append((each.pk, each.name))
    rows = [(title, found) for title, found in groups.items() if found]
    return {"to": [("", _("请选择")), *_duty(matter), *rows], "other": _finder(offices.units)}


def _duty(matter: Any) -> Sequence[tuple[Any, Any]]:
    """The unit whose duty a matter names by the list of powers and duties, above the others (R074)."""
    entry = clocks.entry(matter)
    found = duties.named(str.__str__(entry.title) if entry else "", matter.title)
    unit = offices.unit_coded(found.unit) if found else None
    if found is None or unit is None or unit.pk == matter.unit_id:
        return ()
    why = _("按权责清单，“%(duty)s”是它的职责") % {"duty": said(found.duty)}
    return ((why, [(unit.pk, said(unit.name))]),)


def _nearness(unit_area: int, area: int) -> Any:
    if level_of(unit_area) in (Level.PROVINCE, Level.CITY):
        return NEARNESS[0]
    own = enclosing(area, Level.STREET)
    near = own is not None and enclosing(unit_area, Level.STREET) == own
    return NEARNESS[1] if near else NEARNESS[2]


def _units_below(act: Act, matter: Any) -> Given:
    """Units under the actor's own; of very many those of the widest areas, and what finds the others."""
    below = offices.units_below(act.unit)
    short = below
    if len(below) > LISTED:
        levels = [level_of(each.area_id) for each in below]
        widest = next(level for level in Level if level in levels)
        short = [each for each, level in zip(below, levels, strict=True) if level is widest]
    rows = [("", _("请选择")), *((u.pk, u.name) for u in short)]
    return {"to": rows} if short is below else {"to": rows, "other": _finder(lambda: below)}


def _finder(units: Callable[[], Sequence[Any]]) -> Choosing:
    def hit(unit: Any) -> Hit:
        return Hit(unit.pk, unit.name, places.path_name(unit.area_id))

    def find(text: str, most: int) -> list[Hit]:
        return [hit(each) for each in offices.called(text, most, units())]

    def one(key: int) -> Hit | None:
        return next((hit(each) for each in units() if each.pk == key), None)

    return Choosing(find, one, _("单位名称里的几个字"), sure=True)


def _people(act: Act, matter: Any) -> Given:
    return {"account": [("", _("请选择")), *reads.colleagues(matter.unit_id)]}


def _classes(act: Act, matter: Any) -> Given:
    policy = selectors.names().policy
    groups = {g.code: g.title for g in policy.groups}
    both: list[Entry] = [*policy.classes, *policy.items]
    open_ = [e for e in both if e.open and e.code != matter.code]
    rows = [(e.code, f"{groups.get(e.group, '')} · {e.title}") for e in open_]
    return {"code": [("", _("请选择")), *rows]}


@dataclass(frozen=True, slots=True)
class Deed:
    """One step: its grant, its form, its service, and how it looks."""

    verb: str
    title: Any
    form: type[forms.StepForm]
    run: Run
    icon: str = "point"
    hint: Any = ""
    choices: Choices = _none
    danger: bool = False
    main: bool = False


def _plain(service: Any) -> Run:
    def run(act: Act, matter: Any, data: dict[str, Any]) -> object:
        given = {"files" if name == "photos" else name: value for name, value in data.items()}
        return service(act, matter, **given)

    return run


def _merge(act: Act, matter: Any, data: dict[str, Any]) -> object:
    key = key_of(data["into"])
    if key is None:
        raise Refusal(_("编号不对，请核对最后一位校验码。"), field="into", code="number")
    return services.merge(act, matter, into=key, reason=data["reason"])


def _close(act: Act, matter: Any, data: dict[str, Any]) -> object:
    return services.close(act, matter, words=data["words"])


DEEDS: dict[str, Deed] = {
    "accept": Deed(
        "matters.accept",
        _("受理"),
        forms.StepForm,
        _plain(services.accept),
        "check",
        main=True,
        hint=_("受理后由您经办，开始计时。"),
    ),
    "accept_transfer": Deed(
        "matters.accept_transfer",
        _("接收"),
        forms.StepForm,
        _plain(services.accept_transfer),
        "check",
        main=True,
        hint=_("接收后由您的单位负责。"),
    ),
    "handle": Deed(
        "matters.handle",
        _("办理完成"),
        forms.HandleForm,
        _plain(services.handle),
        "checks",
        main=True,
        hint=_("写清做了什么，附上照片；之后由另一个人核实。"),
    ),
    "verify": Deed(
        "matters.verify",
        _("核实通过"),
        forms.VerifyForm,
        _plain(services.verify),
        "shield-check",
        main=True,
        hint=_("核实人不能是办理人。"),
    ),
    "close": Deed(
        "matters.close",
        _("结案"),
        forms.WordsForm,
        _close,
        "circle-check",
        main=True,
        hint=_("结案后请居民评价。"),
    ),
    "transfer": Deed(
        "matters.transfer",
        _("转办"),
        forms.HandOverForm,
        _plain(services.transfer),
        "arrow-right",
        choices=_units,
        hint=_("对方接收前仍由您负责（首问负责）。"),
    ),
    "assign": Deed(
        "matters.assign",
        _("指定经办人"),
        forms.AssignForm,
        _plain(services.assign),
        "user-check",
        choices=_people,
    ),
    "ask": Deed(
        "matters.ask",
        _("请居民补充"),
        forms.QuestionForm,
        _plain(services.ask),
        "message-question",
        hint=_("等待居民补充期间停表。"),
    ),
    "answer": Deed(
        "matters.answer",
        _("代居民补充"),
        forms.AnswerForm,
        _plain(services.answer),
        "message",
        hint=_("居民电话或当面补充的，记在这里，继续计时。"),
    ),
    "contact": Deed(
        "matters.contact",
        _("已联系反映人"),
        forms.WordsForm,
        _plain(services.contact),
        "phone-call",
    ),
    "escalate": Deed(
        "matters.escalate", _("上报上级"), forms.ReasonForm, _plain(services.escalate), "arrow-up"
    ),
    "send_down": Deed(
        "matters.send_down",
        _("交下级办理"),
        forms.HandOverForm,
        _plain(services.send_down),
        "arrow-down",
        choices=_units_below,
        hint=_("下级必须接收。"),
    ),
    "ask_extension": Deed(
        "matters.ask_extension",
        _("申请延期"),
        forms.ExtensionForm,
        _plain(services.ask_extension),
        "clock-plus",
        hint=_("须在到期前申请，由负责人批复。"),
    ),
    "decide_extension": Deed(
        "matters.decide_extension",
        _("批复延期"),
        forms.DecisionForm,
        _plain(services.decide_extension),
        "gavel",
        hint=_("同意后期限顺延，并告诉居民；不同意就照原来的期限办。"),
    ),
    "explain_delay": Deed(
        "matters.explain_delay",
        _("说明超期原因"),
        forms.ReasonForm,
        _plain(services.explain_delay),
        "note",
    ),
    "reclassify": Deed(
        "matters.reclassify",
        _("调整类别"),
        forms.ReclassifyForm,
        _plain(services.reclassify),
        "tag",
        choices=_classes,
        hint=_("期限会按新类别从头重算。"),
    ),
    "merge": Deed(
        "matters.merge",
        _("并案"),
        forms.MergeForm,
        _merge,
        "link",
        hint=_("并入另一件在办的诉求，反映人跟着那一件走。"),
    ),
    "rework": Deed(
        "matters.rework",
        _("退回重办"),
        forms.ReworkForm,
        _plain(services.rework),
        "refresh",
        danger=True,
        hint=_("开始新的一轮，原来的照片和记录都保留。"),
    ),
    "decline_transfer": Deed(
        "matters.decline_transfer",
        _("退回转办"),
        forms.ReasonForm,
        _plain(services.decline_transfer),
        "arrow-back-up",
        danger=True,
    ),
    "refuse": Deed(
        "matters.refuse",
        pgettext_lazy("按钮", "不予受理"),
        forms.ReasonForm,
        _plain(services.refuse),
        "ban",
        danger=True,
        hint=_("理由会原样告诉居民。"),
    ),
    "reopen": Deed(
        "matters.reopen",
        _("重新办理"),
        forms.ReopenForm,
        _plain(services.reopen),
        "refresh",
        danger=True,
    ),
    "withdraw": Deed(
        "matters.withdraw",
        _("代居民撤回"),
        forms.ReasonForm,
        _plain(services.withdraw),
        "x",
        danger=True,
    ),
    "urge": Deed("matters.urge", _("催办"), forms.WordsForm, _plain(services.urge), "bell"),
    "message": Deed(
        "matters.message", _("留言"), forms.MessageForm, _plain(services.message), "message"
    ),
    "reveal": Deed(
        "vault.reveal",
        _("查看完整信息"),
        forms.RevealForm,
        _plain(reveal),
        "eye",
        hint=_("查看会留下记录：谁、什么时候、为什么。"),
    ),
}


def deed_of(name: str, title: str = "") -> Deed | None:
    """The step of a name; `reach.<stage>` marks a staged deadline as met."""
    if name.startswith("reach."):
        stage = name.removeprefix("reach.")
        return Deed(
            "matters.reach",
            title or _("完成阶段"),
            forms.StepForm,
            lambda act, matter, data: services.reach(act, matter, stage=stage),
            "flag",
        )
    return DEEDS.get(name)
