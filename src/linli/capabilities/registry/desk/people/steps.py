"""The steps that can be taken with one person, as one table: verb → form → service."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from linli.capabilities.registry import services
from linli.capabilities.registry.desk.people import lists, tying
from linli.capabilities.registry.desk.people.placing import area_choices, stay_of
from linli.capabilities.registry.desk.people.tying import CHOOSE
from linli.capabilities.registry.forms import people as forms
from linli.capabilities.registry.selectors import dossier, sight
from linli.capabilities.registry.selectors.dossier import Dossier
from linli.capabilities.registry.selectors.telling import (
    FIELDS,
    consent_choices,
    tag_choices,
    words,
)
from linli.capabilities.registry.selectors.telling import value as value_in_words
from linli.capabilities.registry.services import values
from linli.capabilities.registry.verbs import READ, SENSITIVE
from linli.kernel.access.doors import act_in, needs
from linli.kernel.acts import Act, Denied, Refusal
from linli.kernel.vault.services import reveal
from linli.ui.keys import key_of

Run = Callable[[Act, Dossier, dict[str, Any], forms.StepForm], object]
Given = Callable[[Act, Dossier], dict[str, Any]]


def _nothing(act: Act, found: Dossier) -> dict[str, Any]:
    return {}


@dataclass(frozen=True, slots=True)
class Step:
    """One step: its grant, its form, its service, and how it looks."""

    verb: str
    title: Any
    form: type[forms.StepForm]
    run: Run
    icon: str
    hint: Any = ""
    given: Given = _nothing
    of_row: Callable[[Act, int], dict[str, Any]] | None = None  # what the row it begins from adds
    danger: bool = False
    shown: bool = True  # among the buttons of the page; others are reached from their rows


def source_of(act: Act) -> str:
    """How the actor comes to know: at the door, or at the window."""
    return "door" if act.channel == "field" or act.post.startswith("grid") else "window"


def _today(act: Act, found: Dossier) -> dict[str, Any]:
    return {"initial": {"on": timezone.localdate(act.at)}}


def _correct_given(act: Act, found: Dossier) -> dict[str, Any]:
    p = found.person
    names = [n for n in forms.CorrectForm.base_fields if n not in ("document", "phone")]
    return {"initial": {name: getattr(p, name) for name in names}}


def _correct(act: Act, found: Dossier, data: dict[str, Any], form: forms.StepForm) -> object:
    changes = form.touched() if isinstance(form, forms.CorrectForm) else {}
    if not changes:
        raise Refusal(_("没有改动。"))
    if isinstance(form, forms.CorrectForm) and (name := form.overtaken()):
        told = {"now": value_in_words(name, getattr(found.person, name))}
        told_ = _("您打开这一页以后，有人把这一项改成了“%(now)s”。请核对，仍要改的再提交一次。")
        raise Refusal(told_ % told, field=name, code="changed")
    row = services.corrections.correct(act, found.person, changes=changes, source=source_of(act))
    return [name for name, value in changes.items() if not values.same(row, name, value)]


def _place_given(act: Act, found: Dossier) -> dict[str, Any]:
    return {"area": area_choices(act), "initial": {"lives": True, "since": found.day}}


def _move_in(act: Act, found: Dossier, data: dict[str, Any], form: forms.StepForm) -> object:
    return services.people.move_in(
        act, found.person, stay=stay_of(act, data), source=source_of(act)
    )


def _stays(act: Act, found: Dossier) -> dict[str, Any]:
    kinds = words()["kind"]
    rows = [
        (s.row.pk, f"{kinds.get(s.row.kind, s.row.kind)} {s.address or s.area}")
        for s in found.open_stays
    ]
    return {"residence": rows, **_today(act, found)}


def _move_out(act: Act, found: Dossier, data: dict[str, Any], form: forms.StepForm) -> object:
    return services.people.move_out(act, found.person, **data)


def _death(act: Act, found: Dossier, data: dict[str, Any], form: forms.StepForm) -> object:
    return services.people.death(act, found.person, source=source_of(act), **data)


def _tags(act: Act, found: Dossier) -> dict[str, Any]:
    offered_ = tag_choices(act.roles, sensitive=act.sensitive and act.may(SENSITIVE.code))
    return {"code": [CHOOSE, *offered_], "initial": {"since": found.day}}


def _mark(act: Act, found: Dossier, data: dict[str, Any], form: forms.StepForm) -> object:
    return services.marks.mark(act, person=found.person, source=source_of(act), **data)


def _unmark(act: Act, found: Dossier, data: dict[str, Any], form: forms.StepForm) -> object:
    mark = dossier.mark_of(act, tying.row_of(form))
    if mark is None or mark.person_id != found.person.pk:
        raise Refusal(_("找不到这个标签，或不在您的范围内。"))
    return services.marks.unmark(act, mark, reason=data["reason"], mistake=data["mistake"])


def _consent(act: Act, found: Dossier, data: dict[str, Any], form: forms.StepForm) -> object:
    return services.consent.consent(act, person=found.person, **data)


def _purposes(act: Act, found: Dossier) -> dict[str, Any]:
    return {"purpose": [CHOOSE, *consent_choices()]}


def _withdraw(act: Act, found: Dossier, data: dict[str, Any], form: forms.StepForm) -> object:
    held = dossier.consent_of(act, tying.row_of(form))
    if held is None or held.person_id != found.person.pk:
        raise Refusal(_("找不到这条同意记录。"))
    return services.consent.withdraw_consent(act, held)


def _answer(act: Act, found: Dossier, data: dict[str, Any], form: forms.StepForm) -> object:
    row = dossier.objection_of(act, tying.row_of(form))
    if row is None or row.person_id != found.person.pk:
        raise Refusal(_("找不到这条异议，或不在您的范围内。"))
    try:
        return services.objections.decide_objection(
            act, row, taken=data["taken"], answer=data["answer"], value=data.get("value") or None
        )
    except Refusal as refusal:  # of the value itself, whatever it is called in the file
        if refusal.field in form.fields or "value" not in form.fields or not refusal.field:
            raise
        raise Refusal(str(refusal), field="value", code=refusal.code) from refusal


def _about(act: Act, row: int) -> dict[str, Any]:
    """Which value an objection is about."""
    found = dossier.objection_of(act, row)
    if found is None:
        return {}
    title = FIELDS.get(found.field, found.field)
    wish = found.wish.open() if found.wish is not None else ""
    said = [(_("有误的是"), title), (_("本人说应当是"), wish), (_("本人的说明"), found.words)]
    return {"about": found.field, "said": [(name, str(text)) for name, text in said if text]}


def _reveal(act: Act, found: Dossier, data: dict[str, Any], form: forms.StepForm) -> str:
    return reveal(act, found.person, field=data["field"], reason=data["reason"])


STEPS: dict[str, Step] = {
    "correct": Step(
        "registry.correct",
        _("更正信息"),
        forms.CorrectForm,
        _correct,
        "pencil",
        _("只改有误的项；比您的来源更可靠的值不会被覆盖，会留待核定。"),
        _correct_given,
    ),
    "move_in": Step(
        "registry.move_in",
        _("登记迁入"),
        forms.PlaceForm,
        _move_in,
        "circle-plus",
        _("此人在本辖区换了住处，或多了一处居住登记。"),
        _place_given,
    ),
    "move_out": Step(
        "registry.move_out", _("登记迁出"), forms.MoveOutForm, _move_out, "logout", "", _stays
    ),
    "mark": Step("registry.mark", _("添加标签"), forms.MarkForm, _mark, "tag", "", _tags),
    "guardian": Step(
        "registry.guardian",
        _("登记监护人"),
        forms.GuardianStepForm,
        tying.guardian,
        "users-group",
        "",
        tying.family,
    ),
    "bond": Step(
        "registry.bond",
        _("登记人际关系"),
        forms.BondForm,
        tying.bond,
        "users",
        _("配偶、子女、照料人、紧急联系人；不在本社区的也可以登记。"),
        tying.household_and_kinds,
    ),
    "link": Step(
        "registry.link_at_window",
        _("窗口实名关联"),
        forms.LinkAtWindowForm,
        tying.link,
        "user-check",
        _("本人带证件到窗口，核对无误后，把手机号登录的账号关联到这份档案。"),
        tying.documents,
    ),
    "consent": Step(
        "registry.consent",
        _("登记同意"),
        forms.ConsentForm,
        _consent,
        "writing",
        _("选本人同意的用途；年龄不够的由监护人代为同意。"),
        _purposes,
    ),
    "death": Step(
        "registry.death",
        _("登记死亡"),
        forms.DeathForm,
        _death,
        "minus",
        _("居住、标签和人际关系从这一天起结束，房产关系保留。"),
        _today,
        danger=True,
    ),
    "undo": Step(
        "registry.undo",
        _("撤销办理"),
        forms.ReasonForm,
        tying.undo,
        "arrow-back-up",
        _("这一步改动的内容全部恢复原样，办理和撤销都留在变更记录里。"),
        shown=False,
    ),
    "unlink": Step(
        "registry.unlink_account",
        _("解除账号关联"),
        forms.ReasonForm,
        tying.unlink,
        "x",
        _("解除后，这个账号看不到这份档案。"),
        shown=False,
    ),
    "unbond": Step(
        "registry.unbond", _("结束人际关系"), forms.ReasonForm, tying.unbond, "x", shown=False
    ),
    "unmark": Step("registry.unmark", _("取消标签"), forms.UnmarkForm, _unmark, "x", shown=False),
    "withdraw": Step(
        "registry.withdraw_consent",
        _("撤回同意"),
        forms.StepForm,
        _withdraw,
        "arrow-back-up",
        _("按本人的要求撤回；此前依同意做的仍然有效。"),
        shown=False,
    ),
    "answer": Step(
        "registry.decide_objection",
        _("答复异议"),
        forms.AnswerForm,
        _answer,
        "message",
        of_row=_about,
        shown=False,
    ),
    "reveal": Step(
        "vault.reveal", _("查看完整信息"), forms.RevealForm, _reveal, "eye", shown=False
    ),
}


def offered(act: Act, found: Dossier) -> list[dict[str, Any]]:
    """The buttons of a person's page."""
    if found.person.died is not None:
        names = [name for name in ("correct",) if act.may(STEPS[name].verb)]
    else:
        names = [name for name, step in STEPS.items() if step.shown and act.may(step.verb)]
    linked = found.person.account_id is not None
    idle = {
        "move_out": not found.open_stays,
        "guardian": not found.is_minor,
        "link": linked or not found.person.document,
    }
    names = [name for name in names if not idle.get(name)]
    if not (found.open_stays or found.person.died or sight.belongs(found.person.pk)):
        names = [name for name in names if name == "move_in"]
    return [{"name": name, "step": STEPS[name]} for name in names]


@needs(READ.code)
def step(request: HttpRequest, pk: int, verb: str) -> HttpResponse:
    """Any step: its form, then its service; a refusal keeps what was typed."""
    act = act_in(request)
    found = dossier.opened(act, pk)
    taken = STEPS.get(verb)
    if found is None or taken is None:
        raise Http404(_t("没有这个人，或不在您的范围内。"))
    if not act.may(taken.verb):
        raise Denied(_("您没有“%(verb)s”的权限。") % {"verb": taken.title})
    row = request.POST.get("row", request.GET.get("row", ""))[:20]
    given = taken.given(act, found)
    if taken.of_row is not None:
        given |= taken.of_row(act, key_of(row) or 0)
    form = taken.form(request.POST if request.method == "POST" else None, **given)
    if request.method == "POST" and form.is_valid():
        try:
            result = taken.run(act, found, form.cleaned_data, form)
        except Refusal as refusal:
            forms.refuse(form, refusal)
        else:
            return _after(request, found, verb, result)
    context = {
        "p": found.person,
        "d": found,
        "form": form,
        "step": taken,
        "verb": verb,
        "row": row,
    }
    return lists.panel(request, "step", str(taken.title), context, 422 if form.errors else 200)


def _after(request: HttpRequest, found: Dossier, verb: str, result: object) -> HttpResponse:
    if verb == "reveal":  # shown once, on this answer only; kept nowhere
        context = {"p": found.person, "value": str(result)}
        response = lists.panel(request, "clear", _t("完整信息"), context)
        response.headers["Cache-Control"] = "no-store"
        return response
    gone = verb == "move_out" and dossier.person(act_in(request), found.person.pk) is None
    address = (
        reverse("registry:people") if gone else reverse("registry:person", args=[found.person.pk])
    )
    left = f"&left={','.join(result)}" if isinstance(result, list) and result else ""
    return HttpResponseRedirect(f"{address}?done={verb}{left}", status=303)
