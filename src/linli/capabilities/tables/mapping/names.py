"""Whose a heading is: groups that add nothing, groups that name another person, parts of addresses (pure)."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from linli.kernel.dictionary.headings import bare, normal
from linli.kernel.dictionary.shapes import Element, Kind

# Groups under which a heading means what it means alone.
_NEUTRAL = re.compile(
    r"^(帮扶对象|服务对象|走访对象|慰问对象|结对对象|救助对象|被帮扶人|被救助人|困难群众|老年人|患者|志愿者|照料|基础|基本|个人|本人|人员|居民|儿童|老人|学生|党员|对象|申请人|自然|身份|联系|通讯|工作|就业|坐标|其中|其他|家庭|家庭成员|健康|教育|服务|户籍|户口|小区|楼栋|单位|企业|组织|位置|主体|登记|概况|房屋|居住|住房|证件|救助|保障|残疾|救助保障|人口)*(人)?(信息|情况|资料|方式|状况)?$"
    r"|^(现|实际|门牌|详细|具体|居住|家庭|住宅|房屋)+(地址|住址|居住地|门牌号?)$"
)
_OTHERS = re.compile(
    r"监护人|父亲|母亲|父母|配偶|爱人|子女|儿子|女儿|亲属|家属|联系人|房东|业主|房主|产权人|所有人|所有权人|承租人|出租人|租户|租客|户主|负责人|法人|法定代表人|经营者|经办人|填表人|走访人|网格员|包保|帮扶|责任人|探访|照料人|照护人|护理|医生|楼栋长|代理人|担保人|介绍人|联络员|经理|班主任|老师|审核|民警|助养|结对|联系领导|探视|共同居住|抚养|赡养|书记|组长|队长|管理员|安全员|陪同|家长|代办人|申报人|登记人|采集人|巡查人|检查人|记录人|整改人"
)
# Whom a list is about, though the word names whoever does something for them.
_OBJECTS = re.compile(r"(帮扶|结对|探访|探视|抚养|赡养)对象|被(帮扶|救助|走访|探访)人")
_ALIAS = {
    "出租方": "房主", "屋主": "房主", "权利人": "房主", "户主本人": "户主", "经营人": "负责人", "店主": "负责人", "单位负责人": "负责人", "爱人": "配偶", "丈夫": "配偶", "妻子": "配偶",
    "房屋所有人": "房主", "所有人": "房主", "所有权人": "房主", "产权人": "房主", "房东": "房主", "业主": "房主", "房屋产权人": "房主", "出租人": "房主", "户主": "户主", "家长": "监护人",
    "法定监护人": "监护人", "监护人": "监护人", "紧急联系人": "紧急联系人", "应急联系人": "紧急联系人", "负责人": "负责人", "法定代表人": "负责人", "法人": "负责人", "经营者": "负责人", "主要负责人": "负责人", "配偶": "配偶", "照料人": "照料人",
}  # fmt: skip
_REGISTERED = re.compile(r"^(户籍|户口)(所在地?|地址?|住址)?(信息|情况)?")
_LIVING = re.compile(r"^(现|实际)?(居住|住|常住|家庭)(地|住址|地址|址|地详址)?(信息|情况)?")
_PART = (
    (re.compile(r"(省|省份|自治区|直辖市)(名称)?$"), "province"),
    (re.compile(r"(地级市|城市|市|州|盟)(名称)?$"), "city"),
    (re.compile(r"(区县|县区|县市区|区|县|旗)(名称)?$"), "district"),
    (re.compile(r"(街道|乡镇|镇街|乡|镇)(名称)?$"), "street"),
    (re.compile(r"(社区|村居|村社区|居委会|村)(名称)?$"), "community"),
    (re.compile(r"(详址|详细地址|详细|门牌号?|街路巷)$"), "detail"),
)
# What a heading asks of anybody, so that it belongs to whoever was named last.
GENERIC = frozenset({Kind.PHONE, Kind.ID_NUMBER})
_GENERIC_ELEMENTS = frozenset(
    {
        "person.sex",
        "person.age",
        "person.workplace",
        "residence.relation",
        "person.born",
        "holding.sex",
    }
)


# Whom a list is about, said before what is asked of them; words of titles only where the title has them too.
_SUBJECT = re.compile(
    r"^(居民|本人|被访人|受访人|受访者|被走访人|人员|对象|申请人|服务对象|走访对象|救助对象|保障对象|参保人员?|享受人|领取人|受助人|被保险人|居住人员?|住户|报名人|报名者|患者|病人|犬主|车主|学员|队员|当前居住人|实际居住人)(的)?(?=.)"
)
# A name asked of a group of people is the row's own, whatever the title says.
_NAMED = re.compile(
    r"^(家庭成员|老年人|老人|儿童|幼儿|学生|党员|志愿者|残疾人|退役军人|军人|会员|职工|青年|妇女|育龄妇女|孕产妇|孕妇|产妇|失业人员|流动人口|高龄老人|独居老人|优抚对象)(?=(?:的)?(?:姓名|名字)$)"
)
# People of whom a heading asks something in one word: 负责人联系方式.
_ROLE = re.compile(
    r"^(法定监护人|监护人|户主|业主|房东|房主|产权人|出租人|紧急联系人|应急联系人|配偶|爱人|丈夫|妻子|主要负责人|单位负责人|负责人|法定代表人|法人代表|法人|经营者|经营人|店主|家长)(?:的)?(姓名|名字|(?:公民|居民)?身份证(?:号码?)?|证件号码?|公民身份号码|(?:联系)?(?:电话|方式|手机)(?:号码?)?|手机号码?)$"
)
ADDRESSES = frozenset({"地址", "详细地址", "具体地址", "所在地址", "地址详情", "坐落", "坐落地址", "具体位置", "位置", "所在位置", "所处位置", "详址", "地点"})  # fmt: skip
_DAY = re.compile(r"(?<=..)(?:年月日|年月|日期|时间)$")
# Somewhere by its short name: 来锡日期.
_ARRIVED = re.compile(
    r"来(?:[京津沪渝冀豫云滇黑湘皖鲁新苏浙赣鄂桂甘陇晋蒙陕秦吉闽贵黔粤青藏川蜀宁琼辽锡常通扬镇泰盐淮徐连宿虞昆杭甬温嘉湖绍台舟深穗佛莞珠汉蓉榕厦泉济烟郑]|本[市区县地]|我市)(日期|时间)$"
)
_BELONGING = re.compile(r"^(?:所属|所在|隶属)(?=..)")
_NOW = re.compile(r"^(?:目前|当前|现有?|从事|现任|担任|岗位)(?=..)")
_GRADED = re.compile(r"(?<=...)(?:等级|程度|结果|情形)$")
_ASKING = re.compile(
    r"^(是否|是不是|有无|有没有|能否|可否)|[(（](是|有|能)[/、]?(否|无|不能)[)）]$"
)
_TITLED = re.compile(
    r"^(老年人|老人|儿童|学生|党员|志愿者|残疾人|退役军人|军人|患者|会员|职工|流动人口|工作者)(的)?(?=.)"
)
_ANYBODY = re.compile(r"^(.{2,8}?)(?:的)?(?=(?:姓名|身份证号码?|公民身份号码|性别|年龄)$)")
# What a list is about, said before its name: 药店名称 in a list of 药店.
_THING = re.compile(r"^(.{2,6}?)(?=名称$)")
_TENANCY = re.compile(r"租住|承租|租户|租客|暂住")
_TENANT = re.compile(r"^(承租人|租住人员?|租户|租客|暂住人员?)(的)?(?=.)")
_FORMER = re.compile(r"^(原|前|曾|旧|拟|意向|目标)")


def without_subject(text: str, title: str) -> str:
    """A heading without whom the list is about; empty where it names nobody so."""
    whole = normal(text)
    found = _SUBJECT.match(whole) or _NAMED.match(whole)
    if found is None and (titled := _ANYBODY.match(whole)) and titled[1][:2] in title:
        found = None if other(titled[1]) else titled
    if found is None and (thing := _THING.match(whole)) and thing[1] in title:
        found = None if other(thing[1]) else thing
    if found is None and _TENANCY.search(title):
        found = _TENANT.match(whole)
    if found is None and (titled := _TITLED.match(bare(text))) and titled[1][:2] in title:
        found = _TITLED.match(whole)
    return whole[found.end() :] if found else ""


def variants(text: str) -> Iterator[str]:
    """Other ways in which a heading may be said: 入党年月 as 入党日期, 所属支部 as 所在支部, 从事职业 as 职业."""
    plain = bare(text)
    if found := _DAY.search(plain):
        yield from (plain[: found.start()] + end for end in ("日期", "时间", "年月"))
    if found := _ARRIVED.match(plain):
        yield "来本地" + found[1]
    if found := _BELONGING.match(plain):
        rest = plain[found.end() :]
        yield from ("所在" + rest, "所属" + rest)
    if found := _NOW.match(plain):
        yield plain[found.end() :]
    if found := _GRADED.search(plain):
        yield plain[: found.start()]


def subject_of(text: str) -> str:
    """The group of people whose name a heading asks: 残疾人 of 残疾人姓名; empty where it asks anybody's."""
    found = re.match(r"^(.+?)(?:的)?(?:姓名|名字)$", normal(text))
    return found[1] if found else ""


def role_of(text: str) -> tuple[str, str]:
    """The person of whom a heading asks something in one word, and what it asks: 负责人, 联系方式; empty where it names none."""
    found = _ROLE.match(normal(text))
    return (found[1], found[2]) if found else ("", "")


def asks_whether(text: str) -> bool:
    """Whether a heading asks for yes or no."""
    return bool(_ASKING.search(unicodedata.normalize("NFKC", text).strip(" *")))


def former(text: str) -> bool:
    """Whether a heading asks what was or will be rather than what is."""
    return bool(_FORMER.match(normal(text)))


def neutral(group: str) -> bool:
    """Whether a group adds nothing to the headings below it."""
    return bool(_NEUTRAL.match(normal(group))) and not other(group)


def other(text: str) -> bool:
    """Whether a text names a person who is not the one that the row is about."""
    return bool(_OTHERS.search(_OBJECTS.sub("", normal(text))))


def canonical(group: str) -> str:
    """The name under which the dictionary knows a person named by a group; the group itself otherwise."""
    plain = bare(group)
    inside = re.search(r"[(（](.+?)[)）]", group)
    names = [
        plain,
        plain.removeprefix("房屋"),
        plain.removeprefix("单位"),
        *([normal(inside[1])] if inside else []),
    ]
    return next((_ALIAS[each] for each in names if each in _ALIAS), plain)


def generic(element: Element) -> bool:
    """Whether an element may be asked of anybody named in a row."""
    return element.kind in GENERIC or element.code in _GENERIC_ELEMENTS


def part_of(path: tuple[str, ...]) -> tuple[str, str]:
    """The address element and the part of it that a path asks for; empty where it asks for no part."""
    whole = normal("".join(path))
    for pattern, element in (
        (_REGISTERED, "residence.registered_address"),
        (_LIVING, "residence.address"),
    ):
        begun = pattern.match(whole)
        rest = whole[begun.end() :] if begun else ""
        if not rest or rest in ("人", "小区", "社区类型"):
            continue
        for sign, part in _PART:
            found = sign.match(rest)
            if found and len(rest) <= 8:
                return element, part
    return "", ""
