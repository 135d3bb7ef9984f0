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
    sets = {code: each.label for code, each in dictionary.record_sets().items()}
    chosen = chosen if chosen in sets else "person"
    tabs = [
        {"label": title, "href": f"?set={code}", "active": not q and code == chosen}
        for code, title in sets.items()
    ]
    context = {
        "q": q,
        "tabs": tabs,
        "matches": dictionary.look_up(q)[:12] if q else [],
        "rows": [] if q else list(dictionary.elements(chosen).values()),
        "owners": dictionary.owners(),
        "sets": sets,
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
        "set": dictionary.record_sets()[found.record_set].label,
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
