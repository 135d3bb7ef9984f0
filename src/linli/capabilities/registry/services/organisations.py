"""Verbs of organisations: registered once, changed, ended, renamed, merged and split with what they were kept."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Value
from django.db.models.functions import Greatest
from django.utils.translation import gettext_lazy as _

from linli.capabilities.registry.models import (
    Estate,
    Filing,
    Holding,
    Organisation,
    Station,
    Succession,
)
from linli.capabilities.registry.policy import Family
from linli.capabilities.registry.rules import organisations as rules
from linli.capabilities.registry.rules.days import not_before
from linli.capabilities.registry.selectors import kinds
from linli.capabilities.registry.selectors.organisations import founded
from linli.capabilities.registry.services import filings, rows
from linli.kernel.acts import Act, Refusal, action, note
from linli.kernel.vault.uscc import UsccError

COLUMNS = frozenset(
    ("labels", "short_name", "number", "registered", "place", "lon", "lat", "head_name", "phone")
    + ("public_phone", "headcount", "since", "valid_until", "more", "parent_id", "competent_id")
)
CHANGED = COLUMNS | {"uscc", "kind"}
REASONS = {
    "uscc_kind": _("这个统一社会信用代码的开头与机构类型不符，请核对。"),
    "phone": _("电话只填号码，例如 0510-82700000；几个号码用顿号隔开。"),
    "uscc_committee": _("54 开头的代码只属于居（村）民委员会。"),
}
FILED = "community_organisation"
TWICE = _("这个统一社会信用代码已经登记。")


@action("registry.organisation.add", title=_("登记组织"), codes=("kind",))
def add_organisation(
    act: Act,
    /,
    *,
    area: int,
    kind: str,
    name: str,
    uscc: str = "",
    batch: int | None = None,
    **values: Any,
) -> Organisation:
    """Register an organisation or branch where it lies; social credit code checked, each once."""
    here = rows.area_in_sight(act, area)
    rows.allowed(values, COLUMNS)
    name = rows.said(name, "name", 120, _("组织名称"))
    given = _checked({**values, "kind": kind, "uscc": uscc})
    _labelled(given)
    _dated(act, None, given)
    _same_name(here.pk, here.hi, name, kind)
    try:
        with transaction.atomic():
            return Organisation.objects.create(
                area_id=here.pk,
                name=name,
                sources=rows.source_map(batch),
                **given,
            )
    except IntegrityError as error:
        raise Refusal(TWICE, field="uscc", code="twice") from error


def _checked(values: dict[str, Any]) -> dict[str, Any]:
    known = kinds.kind(values["kind"])
    if known is None:
        raise Refusal(_("没有这一类组织。"), field="kind", code="kind")
    try:
        values["uscc"] = rules.checked_uscc(known, values.get("uscc") or "")
        if "public_phone" in values:
            values["public_phone"] = rules.public_phones(values["public_phone"] or "")
    except UsccError as error:
        raise Refusal(str(error), field="uscc", code=error.code) from error
    except rules.Unfit as unfit:
        raise Refusal(REASONS[unfit.code], field=unfit.field, code=unfit.code) from unfit
    for name in ("parent_id", "competent_id"):
        if values.get(name) is not None:
            _present(values[name], name)
    return values


def _phones(typed: str) -> str:
    try:
        return rules.public_phones(typed)[:40]
    except rules.Unfit as unfit:
        raise Refusal(REASONS[unfit.code], field=unfit.field, code=unfit.code) from unfit


def _labelled(values: Mapping[str, Any]) -> None:
    """Refuse classes that the pack does not know for the kind (R220)."""
    known = {e.code for e in kinds.section().organisation_labels if values["kind"] in e.kinds}
    if set(values.get("labels") or ()) - known:
        raise Refusal(_("这类组织没有这个重点类别。"), field="labels", code="label")


def _present(organisation: int, field: str) -> Organisation:
    found = Organisation.objects.filter(pk=organisation, until__isnull=True).first()
    if found is None:
        raise Refusal(_("没有这个组织，或已终止。"), field=field, code="organisation")
    return found


def _same_name(lo: int, hi: int, name: str, kind: str, but: int = 0) -> None:
    twin = Organisation.objects.filter(
        name=name, kind=kind, until__isnull=True, area_id__gte=lo, area_id__lt=hi
    )
    if twin.exclude(pk=but).exists():
        raise Refusal(_("这里已有同名的同类组织，请核对。"), field="name", code="twice")


@action("registry.organisation.file", title=_("备案社区社会组织"))
def file_social(
    act: Act,
    *,
    area: int,
    name: str,
    head_name: str,
    public_phone: str = "",
    purpose: str = "",
    labels: Sequence[str] = (),
) -> Organisation:
    """File a community social organisation at the street with few fields (R215, R221: easy entry)."""
    here = rows.area_in_sight(act, area)
    head = rows.said(head_name, "head_name", 60, _("负责人"))
    name = rows.said(name, "name", 120, _("组织名称"))
    _labelled({"kind": FILED, "labels": labels})
    _same_name(here.pk, here.hi, name, FILED)
    return Organisation.objects.create(
        area_id=here.pk,
        kind=FILED,
        labels=list(labels),
        name=name,
        head_name=head,
        public_phone=_phones(public_phone),
        registered="filed",
        since=rows.today(act),
        more={"purpose": purpose.strip()[:200]} if purpose.strip() else {},
    )


@action("registry.organisation.check", title=_("年度检查"), codes=("year", "passed"))
def check_yearly(act: Act, organisation: Organisation, *, year: int, passed: bool) -> Organisation:
    """Record a yearly check; who fails is listed as abnormal, who passes no longer is (R215, R217)."""
    if not 1949 <= year <= rows.today(act).year:
        raise Refusal(_("年度不对，请核对。"), field="year", code="year")
    _at_work(organisation)
    rows.not_before_year(year, founded(organisation))
    checks = {**organisation.more.get("checks", {}), str(year): passed}
    state = Organisation.State.ACTIVE if checks[max(checks)] else Organisation.State.ABNORMAL
    more = {**organisation.more, "checks": checks}
    return rows.changed(organisation, {"more": more, "state": state})


@action("registry.organisation.cover", title=_("登记党组织覆盖"), codes=("by",))
def cover(act: Act, organisation: Organisation, *, by: int | None) -> Organisation:
    """Say which Party organisation covers a company or social organisation, alone or jointly with others (R030, R031)."""
    _at_work(organisation)
    more = {key: value for key, value in organisation.more.items() if key != "party"}
    if by is not None:
        found = kinds.kind(_present(by, "by").kind)
        if found is None or found.family is not Family.PARTY:
            raise Refusal(_("请选一个党组织。"), field="by", code="party")
        more["party"] = by
    return rows.changed(organisation, {"more": more})


@action("registry.organisation.change", title=_("更改组织资料"))
def change_organisation(
    act: Act, organisation: Organisation, *, changes: Mapping[str, Any], batch: int | None = None
) -> Organisation:
    """Change what is known of an organisation; its name is changed by renaming it."""
    rows.allowed(changes, CHANGED)
    _at_work(organisation)
    asked = {"kind": organisation.kind, "uscc": organisation.uscc, **changes}
    given = _checked(asked)
    _labelled(given)
    _dated(act, organisation, changes)
    changes = {name: given[name] for name in changes}
    if changes.get("parent_id") == organisation.pk:
        raise Refusal(_("上级不能是它自己。"), field="parent_id", code="parent")
    try:
        with transaction.atomic():
            return rows.changed(organisation, changes, batch)
    except IntegrityError as error:
        raise Refusal(TWICE, field="uscc", code="twice") from error


def _dated(act: Act, organisation: Organisation | None, changes: Mapping[str, Any]) -> None:
    """Refuse a beginning to come, and a validity that ends before it."""
    since = changes.get("since", organisation.since if organisation else None)
    if "since" in changes:
        rows.past_day(act, since)
    valid = changes.get("valid_until")
    if valid is not None and since is not None and valid < since:
        raise Refusal(_("有效期早于成立日期，请核对。"), field="valid_until", code="order")


def _at_work(organisation: Organisation) -> None:
    if organisation.until is not None:
        raise Refusal(_("“%(name)s”已终止。") % {"name": organisation.name}, code="ended")


@action("registry.organisation.end", title=_("终止组织"))
def end_organisation(
    act: Act, organisation: Organisation, *, on: date | None = None
) -> Organisation:
    """End an organisation: its posts, stations and what it does for estates end with it."""
    _at_work(organisation)
    day = rows.past_day(act, on, "on")
    if Organisation.objects.filter(parent=organisation, until__isnull=True).exists():
        raise Refusal(_("还有下级组织，请先终止或改挂。"), code="branches")
    _not_before_its_own(organisation, day)
    _end(act, organisation, day)
    for column in ("property_company", "owners_committee", "authority"):
        Estate.objects.filter(**{column: organisation}).update(**{column: None})
    for each in Organisation.objects.filter(more__party=organisation.pk):
        rows.changed(each, {"more": {k: v for k, v in each.more.items() if k != "party"}})
    Station.objects.filter(host=organisation, until__isnull=True).update(until=day)
    return organisation


@action("registry.organisation.describe", title=_("登记组织的专门资料"))
def describe(
    act: Act, organisation: Organisation, *, answers: Mapping[str, Any], public: bool | None = None
) -> Organisation:
    """Keep what the kind asks for (seats and services of a base, R218), and whether residents find it in the directory."""
    _at_work(organisation)
    known = kinds.kind(organisation.kind)
    more = rows.answered(known.asks if known else (), answers, organisation.more)
    if public is not None:
        more["open"] = public
    return rows.changed(organisation, {"more": more})


def _not_before_its_own(organisation: Organisation, day: date) -> None:
    """Refuse an end before the organisation, one of its posts or its stations began."""
    begun = [organisation.since]
    for kind in (Holding, Station):
        begun += kind.objects.filter(**_open(organisation)).values_list("since", flat=True)
    last = max((each for each in begun if each is not None), default=day)
    if day < last:
        raise Refusal(
            _("终止日期早于%(day)s：组织、任职或驻点那天才开始，请核对。")
            % {"day": last.isoformat()},
            field="on",
            code="order",
        )


def _open(organisation: Organisation) -> dict[str, Any]:
    return {"organisation": organisation, "until__isnull": True}


def _end(act: Act, organisation: Organisation, day: date) -> None:
    filed = Holding.objects.filter(**_open(organisation), post__in=kinds.filed_posts())
    left = list(filed.select_related("organisation__parent"))
    # What was told only afterwards, and so begins later, ends as it begins.
    last = Greatest("since", Value(day))
    for kind in (Holding, Station):
        kind.objects.filter(**_open(organisation)).update(until=last)
    rows.changed(organisation, {"until": day, "state": Organisation.State.ENDED})
    for each in left:
        filings.follow(act, each, Filing.About.ENDED)


@action("registry.organisation.rename", title=_("组织更名"))
def rename(
    act: Act, organisation: Organisation, *, name: str, on: date | None = None, basis: str = ""
) -> Organisation:
    """Give an organisation a new name; the old one stays as an ended row before it, findable (市经信委 → 市工信局).

    The row keeps its number, so whatever refers to it refers to the same body under its new name.
    """
    _at_work(organisation)
    day = rows.past_day(act, on, "on")
    not_before(day, organisation.since)
    name = rows.said(name, "name", 120, _("组织名称"))
    if name == organisation.name:
        raise Refusal(_("新名称与原名称相同。"), field="name", code="same")
    area = organisation.area
    _same_name(area.pk, area.hi, name, organisation.kind, organisation.pk)
    before = Organisation.objects.create(
        area_id=area.pk,
        kind=organisation.kind,
        name=organisation.name,
        short_name=organisation.short_name,
        number=organisation.number,
        uscc=organisation.uscc,
        state=Organisation.State.ENDED,
        since=organisation.since,
        until=day,
    )
    Succession.objects.filter(after=organisation).update(after=before)
    _follow([before], [organisation], "rename", day, basis)
    rows.changed(organisation, {"name": name, "since": day})
    return organisation


def _follow(
    before: Sequence[Organisation],
    after: Sequence[Organisation],
    kind: str,
    day: date,
    basis: str,
) -> None:
    for old in before:
        for new in after:
            Succession.objects.create(
                area_id=new.area_id, before=old, after=new, kind=kind, on=day, basis=basis[:200]
            )
    note(before=[each.pk for each in before], after=[each.pk for each in after])


@action("registry.organisation.succeed", title=_("组织合并、分立、划转"), codes=("kind",))
def succeed(
    act: Act,
    before: Sequence[Organisation],
    *,
    after: Sequence[int],
    kind: str,
    on: date | None = None,
    basis: str = "",
) -> list[Organisation]:
    """Merge organisations into one, split one into several, or hand its duties over (R216, 部门更替).

    The old ones end; their branches, the estates they serve and the posts others delegated from them go to the first
    successor. Posts end: who holds one in the successor is appointed anew.
    """
    day = rows.past_day(act, on, "on")
    found = [_present(each, "after") for each in after]
    _fits(before, found, kind)
    for old in before:
        _at_work(old)
        _hand_over(old, found[0])
        _end(act, old, day)
    _follow(before, found, kind, day, basis)
    return found


def _fits(before: Sequence[Organisation], after: Sequence[Organisation], kind: str) -> None:
    if kind not in (Succession.Kind.MERGE, Succession.Kind.SPLIT, Succession.Kind.REPLACE):
        raise Refusal(_("请选合并、分立或划转。"), field="kind", code="kind")
    if not before or not after or {each.pk for each in before} & {each.pk for each in after}:
        raise Refusal(_("请选不同的原组织和新组织。"), field="after", code="same")
    if kind == Succession.Kind.MERGE and len(after) != 1:
        raise Refusal(_("合并只能并入一个组织。"), field="after", code="one")
    if kind == Succession.Kind.SPLIT and (len(before) != 1 or len(after) < 2):
        raise Refusal(_("分立须由一个组织分成两个以上。"), field="after", code="several")


def _hand_over(old: Organisation, new: Organisation) -> None:
    Organisation.objects.filter(parent=old).exclude(pk=new.pk).update(parent=new)
    Organisation.objects.filter(competent=old).exclude(pk=new.pk).update(competent=new)
    Holding.objects.filter(delegate_of=old, until__isnull=True).update(delegate_of=new)
    for each in Organisation.objects.filter(more__party=old.pk):
        rows.changed(each, {"more": {**each.more, "party": new.pk}})
    for column in ("property_company", "owners_committee", "authority"):
        Estate.objects.filter(**{column: old}).update(**{column: new})
