"""Rows that are records of registers – activities, projects, spendings, demands … –: their titles, and their short headings (pure)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from linli.kernel.dictionary.headings import normal
from linli.kernel.dictionary.rules import spellings
from linli.kernel.dictionary.shapes import CodeTable


@dataclass(frozen=True, slots=True)
class Register:
    """A register by its record set: words of titles, what a heading of one word means in it, by what code titles narrow it."""

    code: str
    words: re.Pattern[str]
    called: Mapping[str, str]
    narrowed: str = ""


REGISTERS: tuple[Register, ...] = (
    Register(
        "activity",
        re.compile(r"活动"),
        {"日期": "on", "时间": "on", "地点": "place", "名称": "title", "主题": "title", "人数": "attended", "时长": "hours", "经费": "cost", "类别": "kind"},
        "activity_kind",
    ),
    Register(
        "project",
        re.compile(r"项目|工程|微实事"),
        {"地点": "place", "名称": "title", "金额": "amount", "预算": "amount", "类别": "kind", "地址": "place"},
        "project_kind",
    ),
    Register(
        "consultation",
        re.compile(r"协商|议事|恳谈"),
        {"日期": "on", "时间": "on", "主题": "topic", "结果": "conclusion", "结论": "conclusion", "类别": "kind"},
    ),
    Register(
        "disclosure",
        re.compile(r"公示|村务公开|居务公开|公开事项"),
        {"日期": "on", "时间": "on", "事项": "title", "方式": "way"},
    ),
    Register(
        "supply",
        re.compile(r"物资|储备|应急队伍|抢险"),
        {"名称": "name", "数量": "amount", "单位": "unit", "有效期": "expires", "地点": "stored"},
    ),
    Register(
        "money",
        re.compile(r"收支|经费|支出|流水|开支"),
        {"日期": "on", "时间": "on", "金额": "amount", "用途": "purpose", "摘要": "purpose", "事由": "purpose"},
        "money_direction",
    ),
    Register(
        "asset",
        re.compile(r"集体资产|三资|资产资源|集体经济合同"),
        {"名称": "name", "面积": "size", "类别": "kind", "类型": "kind", "租金": "rent"},
        "asset_kind",
    ),
    Register(
        "training",
        re.compile(r"培训"),
        {"日期": "on", "时间": "on", "内容": "course", "课程": "course", "成绩": "score", "学时": "hours"},
    ),
    Register(
        "demand",
        re.compile(r"下达|交办|承接"),
        {"事项": "title", "名称": "title", "部门": "unit", "时限": "due", "期限": "due"},
    ),
    Register(
        "occasion",
        re.compile(r"会议台账|会议和检查|(上级|部门|召集|参加|各类)[^活]{0,4}(会议|检查)"),
        {"日期": "day", "时间": "day", "地点": "place", "名称": "title"},
    ),
    Register(
        "certificate",
        re.compile(r"证明"),
        {"日期": "issued", "时间": "issued", "编号": "number", "用途": "purpose"},
    ),
    Register(
        "seal",
        re.compile(r"用印|用章|盖章|印章"),
        {"日期": "used", "时间": "used", "事由": "reason", "用途": "reason", "内容": "reason"},
    ),
    Register(
        "agreement",
        re.compile(r"服务协议|购买服务|委托协议"),
        {"名称": "title", "编号": "number", "金额": "fee"},
    ),
    Register(
        "placement",
        re.compile(r"挂牌|标牌|牌子|上墙"),
        {"名称": "title", "类别": "kind", "依据": "basis", "时间": "since", "日期": "since"},
    ),
)  # fmt: skip
BY_CODE: Mapping[str, Register] = {each.code: each for each in REGISTERS}
# The day by which the rows of a register are told apart.
DAYS: Mapping[str, str] = {
    "activity": "activity.on", "project": "project.on", "consultation": "consultation.on", "disclosure": "disclosure.on", "supply": "supply.on",
    "money": "money.on", "asset": "asset.on", "training": "training.on", "demand": "demand.issued", "occasion": "occasion.day",
    "certificate": "certificate.issued", "seal": "seal.used", "agreement": "agreement.start", "placement": "placement.since",
    "matter": "matter.opened", "visit": "visit.on",
}  # fmt: skip
_YEAR = re.compile(r"(?<![0-9])(20[0-9]{2})(?=年)")
_SPAN = re.compile(r"季度|半年|[0-9一二三四五六七八九十](?:月|日|周)|月份|本月|上月|当月|至")
# What a title may say besides without meaning fewer rows.
_PLAIN = re.compile(
    r"[0-9x×*]+|[一二三四五六七八九十]+(?=[年季月批期次轮个])|[^\s]{1,6}?(?:社区|街道|镇|乡|村|居委会|党委|区|县|市)|附件|年度?|季度|月份?|半年|上|下|第|本|各类?|全部|全|所有|主要|开展|举办|组织|居民|群众|社区|小区|基本|工作|情况|信息|登记|台账|统计|汇总|明细|记录|记载|一览|清单|花名册|名册|册|表格|表样|样|表|单|本|簿|卡|导入|模板|关于|的|及|和|与|使用|管理|实施|类|性质|计划"
)
_OWN: Mapping[str, re.Pattern[str]] = {
    "activity": re.compile(r"活动|经费|签到"),
    "project": re.compile(r"项目|工程|建设|民生|微实事|进展|进度|资金"),
    "consultation": re.compile(r"民主|协商|议事|恳谈|会议|议题|事项"),
    "disclosure": re.compile(r"公示|公开|居务|村务|党务|财务|事务|事项"),
    "supply": re.compile(r"应急|防汛|抢险|救灾|物资|储备|装备|队伍|库存|盘点"),
    "money": re.compile(r"经费|收支|收入|支出|流水|开支|资金"),
    "asset": re.compile(r"集体|经济|资产|资源|资金|三资|合同|出租|租赁"),
    "training": re.compile(r"业务|教育|培训|考核|学习|人员|工作者|干部"),
    "demand": re.compile(r"上级|部门|下达|交办|承接|任务|事项|准入"),
    "occasion": re.compile(r"上级|部门|会议|检查|召集|参加|督查"),
    "certificate": re.compile(r"证明|开具|出具"),
    "seal": re.compile(r"用印|用章|盖章|印章|公章|申请|审批"),
    "agreement": re.compile(r"政府|购买|服务|委托|协议|合同|履行"),
    "placement": re.compile(r"机构|挂牌|标牌|牌子|上墙|设立|清理|规范"),
}


def narrowed(kind: str, title: str, tables: Mapping[str, CodeTable]) -> str | None:
    """The conditions that a title sets on the rows of a register; None where it means some that nothing here tells."""
    register, text = BY_CODE[kind], normal(title)
    table = tables.get(register.narrowed)
    known = spellings(table) if table else {}
    found = [word for word in known if len(word) > 1 and not word.isascii() and _said(word, text)]
    word = max(found, key=len, default="")
    rest = text.replace(word, "").replace(word.removesuffix("活动"), "") if word else text
    if re.sub(r"[^\u4e00-\u9fff]", "", _PLAIN.sub(" ", _OWN[kind].sub(" ", rest))):
        return None
    if kind == "occasion" and not register.words.search(text):
        return None  # a community's own meetings are entered elsewhere
    when = period(DAYS[kind], text)
    both = kind == "money" and (len({known[each] for each in found}) > 1 or "收支" in text)
    column = "direction" if kind == "money" else "kind"
    said = f"[{kind}.{column}={known[word]}]" if word and not both else ""
    return None if when is None else said + when


def period(day: str, title: str) -> str | None:
    """The conditions of a year that a title names on the day of its rows; None for any other span of time."""
    text = normal(title)
    if _SPAN.search(text):
        return None
    years = sorted(set(_YEAR.findall(text)))
    if not years:
        return ""
    return f"[{day}>={years[0]}-01-01][{day}<={years[-1]}-12-31]" if len(years) == 1 else None


def _said(word: str, text: str) -> bool:
    return word in text or len(word) > 2 and word.removesuffix("活动") in text
