"""What a fact keeps as codes, in the reader's words: the auditor reads what was done, not how it is stored."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import parse_qsl

from django.apps import apps
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from linli.kernel.access import offices
from linli.kernel.access.hats import tables
from linli.kernel.acts import verbs
from linli.kernel.acts.models import Fact
from linli.kernel.places import selectors as places
from linli.ui.manifest import Room

MOST = 30  # numbers of rows that are named one by one
CHANNELS = {
    "web": _("网上"),
    "window": _("窗口"),
    "field": _("上门"),
    "api": _("接口"),
    "hotline": _("热线"),
    "job": _("后台任务"),
}
NAMES = {
    **{"cause": _("缘由"), "post": _("岗位"), "round": _("第几轮"), "reason": _("用途或原因")},
    **{"opinion": _("意见"), "outcome": _("结果"), "words": _("说明"), "field": _("查看的内容")},
    **{"fields": _("改动的内容"), "people": _("人数"), "query": _("筛选条件"), "rows": _("行数")},
    **{"source": _("来源"), "batch": _("批次"), "disputed": _("有异议的内容"), "kind": _("类型")},
    **{"former": _("原来的社区"), "residence": _("居住登记的编号"), "verb": _("动作")},
    **{"undone": _("撤销的那条记录"), "deed": _("一起办理的标记"), "area": _("区域")},
    **{"taken": _("带走了谁的信息"), "show": _("名单"), "purpose": _("用途"), "count": _("数量")},
    **{"sex": _("性别"), "youngest": _("不小于几岁"), "oldest": _("不超过几岁")},
    **{
        "political": _("政治面貌"),
        "estate": _("小区"),
        "building": _("楼栋"),
        "household": _("户"),
    },
    **{
        "apart": _("人户分离"),
        "q": _("查找的文字"),
        "tag": _("标签"),
        "gap": _("缺什么"),
        "digest": _("摘要"),
    },
}
NAMES |= {
    "state": _("之后的状态"),
    "was": _("之前的状态"),
    "result": _("办理结果"),
    "side": _("谁说的"),
    "code": _("事项或类别"),
    "was_code": _("原来的类别"),
    "unit": _("单位"),
    "giver": _("转出单位"),
    "to": _("交给"),
    "route": _("分派规则"),
    "amount": _("天数"),
    "granted": _("是否同意"),
    "value": _("评分"),
    "solved": _("是否解决"),
    "internal": _("只在内部"),
    "stage": _("阶段"),
    "into": _("并入"),
    "account": _("账号编号"),
    "format": _("文件格式"),
    "key": _("哪一列"),
    "clause": _("拦下的理由"),
    "passed": _("是否通过"),
    "ticket": _("单号"),
    "item": _("事项编号"),
    "minute": _("会议纪要"),
    "number": _("编号"),
    "version": _("第几版"),
    "step": _("步骤"),
    "work": _("工作编号"),
    "demand": _("要求编号"),
    "demands": _("要求编号"),
    "fee": _("经费"),
    "approved": _("是否经批准"),
    "by_hand": _("手填几格"),
    "occasions": _("会议和检查编号"),
    "items": _("事项数"),
    "sheets": _("表的编号"),
    "sheet": _("表的编号"),
    "gaps": _("缺几格"),
    "element": _("数据元"),
    "elements": _("数据元"),
    "cells": _("填了几格"),
    "photos": _("照片数"),
    "communities": _("社区数"),
    "way": _("怎么填"),
    "columns": _("哪几列"),
    "blank": _("空几格"),
    "record_set": _("类别"),
    "frequency": _("多久一次"),
    "period": _("所属时期"),
    "owner_type": _("附在哪里"),
    "owner_id": _("附件所属编号"),
    "edition": _("定版编号"),
    "form": _("表格编号"),
    "channel": _("渠道"),
    "upheld": _("是否成立"),
    "year": _("年度"),
    "term": _("第几届"),
    "checklist": _("评定清单"),
    "by": _("由谁"),
    "login": _("登录名"),
}
_UNITS = frozenset({"unit", "giver"})
_AREAS = frozenset({"former", "area"})
_MANY = frozenset({"people", "taken"})


def channel(code: str) -> str:
    """By which way something was done."""
    return str(CHANNELS.get(code, code))


def named(name: str) -> str:
    """What a fact or its words call something."""
    return str(NAMES.get(name, name))


def data(fact: Fact) -> list[tuple[str, str]]:
    """All that a fact keeps, in words where there are any, the codes beside them."""
    return [(named(name), _said(fact, name, value)) for name, value in sorted(fact.data.items())]


def _said(fact: Fact, name: str, value: Any) -> str:
    comma = _t("、")
    if name in _MANY and isinstance(value, list):
        shown = comma.join(map(str, value[:MOST])) + ("…" if len(value) > MOST else "")
        return _t("%(n)s 人（档案编号 %(ids)s）") % {"n": len(value), "ids": shown}
    if isinstance(value, list):
        return comma.join(_said(fact, name, each) for each in value) or _t("无")
    if name == "query":
        pairs = ((one, _said(fact, one, each)) for one, each in parse_qsl(str(value)))
        return _t("；").join(f"{named(one)}{_t('：')}{each}" for one, each in pairs) or _t("无")
    if isinstance(value, bool):
        return _t("是") if value else _t("否")
    if name in _AREAS and str(value).isdecimal():
        return str(places.near_name(int(value)))
    if name in _UNITS and isinstance(value, int):
        office = offices.unit(value)
        return office.name if office else str(value)
    said = next((known[value] for known in _known(fact, name) if value in known), None)
    return f"{said}{_t('（')}{value}{_t('）')}" if said else str(value)


def _known(fact: Fact, name: str) -> Iterator[Mapping[Any, Any]]:
    """Words by code: those of the room that a fact is about, then of the room whose verb it is."""
    if name == "verb":
        yield {code: verb.title for code, verb in verbs().items()}
    for dotted in (fact.subject_type, fact.verb):
        room = apps.app_configs.get(dotted.partition(".")[0])
        path = room.codes.get(name) if isinstance(room, Room) else None
        if path:
            known = import_string(path)
            yield known() if callable(known) else known
    if name == "post":
        yield {post.code: post.title for post in tables()[1].values()}
