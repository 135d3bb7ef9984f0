"""Every field of the registry: what it is called, what it may hold, who answers for it, how closely it is kept."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from linli.capabilities.registry.verbs import READ
from linli.kernel.access.doors import needs
from linli.kernel.dictionary import selectors as dictionary

SETS = {
    "person": _("人"),
    "residence": _("居住"),
    "household": _("户"),
    "home": _("房屋"),
    "tie": _("人房关系"),
    "bond": _("人际关系"),
    "tag": _("人员标签"),
    "building": _("楼栋"),
    "estate": _("小区"),
    "facility": _("部件"),
    "organisation": _("单位"),
    "holding": _("任职"),
    "statistic": _("统计数据"),
}
KEPT = {
    "public": (_("公开"), "good"),
    "internal": (_("内部"), "neutral"),
    "personal": (_("个人"), "info"),
    "sensitive": (_("敏感"), "warn"),
}
KINDS = {
    "text": _("文本"),
    "name": _("姓名"),
    "date": _("日期"),
    "code": _("代码"),
    "id_number": _("证件号码"),
    "uscc": _("统一社会信用代码"),
    "phone": _("电话"),
    "integer": _("整数"),
    "decimal": _("小数"),
    "boolean": _("是或否"),
    "area": _("区域"),
    "address": _("地址"),
    "period": _("时期"),
}
STATUS = {"found": _("见于所引文件"), "known": _("待与标准文本核对"), "default": _("本平台示例")}


@require_safe
@needs(READ.code)
def elements(request: HttpRequest) -> HttpResponse:
    """Elements by record set, or what a heading may mean."""
    q = request.GET.get("q", "").replace("\x00", "").strip()[:60]
    chosen = request.GET.get("set", "person")
    chosen = chosen if chosen in SETS else "person"
    tabs = [{"label": SETS[s], "href": f"?set={s}", "active": not q and s == chosen} for s in SETS]
    context = {
        "q": q,
        "tabs": tabs,
        "matches": dictionary.look_up(q)[:12] if q else [],
        "rows": [] if q else list(dictionary.elements(chosen).values()),
        "owners": dictionary.owners(),
        "sets": SETS,
        "levels": KEPT,
        "kinds": KINDS,
        "tables": dictionary.tables(),
    }
    return render(request, "registry/dictionary/elements.html", context)


@require_safe
@needs(READ.code)
def element(request: HttpRequest, code: str) -> HttpResponse:
    """One element with its names, and what sounds alike."""
    found = dictionary.elements().get(code)
    if found is None:
        raise Http404(_t("没有这个数据项。"))
    near = [m for m in dictionary.similar(found.title, found.synonyms) if m.element.code != code]
    context = {
        "e": found,
        "near": near[:6],
        "owner": dictionary.owners()[found.owner].label,
        "set": SETS.get(found.record_set, found.record_set),
        "levels": KEPT[found.sensitivity],
        "kind": KINDS.get(found.kind, found.kind),
        "table": dictionary.table_of(found),
    }
    return render(request, "registry/dictionary/element.html", context)


@require_safe
@needs(READ.code)
def tables(request: HttpRequest) -> HttpResponse:
    """Code tables with the standard each comes from."""
    context = {"tables": list(dictionary.tables().values()), "status": STATUS}
    return render(request, "registry/dictionary/tables.html", context)


@require_safe
@needs(READ.code)
def table(request: HttpRequest, code: str) -> HttpResponse:
    """One code table."""
    found = dictionary.tables().get(code)
    if found is None:
        raise Http404(_t("没有这张代码表。"))
    used = [e for e in dictionary.elements().values() if e.table == code]
    context = {"t": found, "used": used, "status": STATUS}
    return render(request, "registry/dictionary/table.html", context)
