"""Whether a title says nothing of which rows are meant: what is left of it once all words without such a meaning are gone (pure)."""

from __future__ import annotations

import re
from collections.abc import Mapping

_PLACE = re.compile(
    r"^[\u4e00-\u9fffx×*]{1,8}?(?:省|市|区|县|街道|镇|乡|社区|村|居委会|办事处|民政局|党委|网格)(?=.)"
)
_WHEN = re.compile(
    r"[0-9〇零一二三四五六七八九十]+(?:年度?|季度|月份?|日|期|批|轮|次)?|[上下全本当]?(?:半年|年度?|季度|月度?|旬)|截至|截止|x+|×+|\*+"
)
_ONE = re.compile("一览|一户一档|一人一档|一户一表")  # whose 一 is no number
_PLAIN = re.compile(
    "附件|各类?|全部|全体|全员|全面|所有|主要|详细|简明|基本|基础|综合|日常|动态|大|社区|街道|村居?|辖区|本区|小区|网格|楼栋|单元|住户|分户|逐户"
    "|情况|信息|状况|资料|数据|内容|登记|采集|摸底|摸排|排查|检查|核查|清查|普查|调查|复查|核对|核实|校核|复核|更新|维护|入户|走访|联系|服务|管理|工作|建档|档案|电子|台账|统计|汇总"
    "|明细|记录|清单|名单|名册|花名册|名录|册|底册|底数|簿|卡|台帐|报表|[日周月季年]报|通[讯信]录|表格|表样|样表|样|总表|表|单|本|导入|导出|模板|模版|填报|上报|报送|申报|反馈|专项|方式|电话|方法|关于|开展|进行|示例|测试|演示|变更|备案|党建|资源"
    "|的|及其?|和|与|等|性|号|式|页|之|附|第|季|年|月|日"
)
# What rows of a kind are called, whichever of them are meant.
_OWN: Mapping[str, str] = {
    "person": "居民|农户|入住|村民|人口|人员|群众|公民|常住|实有|户籍|户口|家庭|成员|户主|个人|自然人|身份|住址|构成|关系|人户(?!分离)|户情|户|文化程度|学历|政治面貌|就业|职业|婚姻|健康",
    "household": "居民|民房|村民|家庭|农户|户主|户籍|户口|户情况?|户|成员|人口|常住|实有",
    "home": "出租[房屋]?|空置|自住|自用|借住|房屋|住房|房产|房源|产权|业主|实有|住宅|家庭|居住|租赁|户|房|安全|隐患|人员|使用|人|消防|屋",
    "building": "楼栋|楼宇|楼幢|楼|建筑物?|房屋|实有|安全|隐患|基础|消防",
    "estate": "物业服务企业|小区|住宅区?|居住区|物业|楼盘|院落|自然村|村民小组|概况|设施|安全|消防|项目|业委会|业主委员会|组建|建设|红色|停车[位场]|车位|充电|电动自行车|电动车|垃圾分类|绿化|电梯",
    "organisation": "企业|公司|商户|商铺|门店|店铺|沿街|个体工商户|社会组织|党组织|单位|机构|组织|法人|经营|市场|主体|商业|驻区|驻地|共建|概况|安全|检查|隐患|消防|生产|从业|九?小?场所|年?检|用工",
    "holding": "任职|职务|成员|组成|班子|委员会?|组织|机构|单位|届|换届|人员",
    "facility": "公共|基础|市政|便民|配套|设施|设备|部件|点位|完好|安全|检查|巡查|巡检|维护|城市|消防",
    "visit": "居民|村民|家庭|群众|民情|探访|巡访|家访|走访|日志|日记|户|人员|网格员|活动|大",
    "matter": "诉求|事件|工单|案件|问题|居民|群众|处置|办理|办结|受理|处理|流转|交办|上报|反映|事项|矛盾|纠纷|化解|热线|整改|来访",
}  # fmt: skip
_NONE = re.compile(r"(?!)")
# The longer words of a kind before those of any title, its letters after them: 入户 is no 户.
KNOWN = {
    kind: (
        re.compile("|".join(one for one in words.split("|") if len(one.rstrip("?")) > 1)),
        re.compile("|".join(one for one in words.split("|") if len(one) == 1) or "(?!)"),
    )
    for kind, words in _OWN.items()
}


def left_over(title: str, kind: str) -> str:
    """What a title says of rows of a kind besides what any title may say."""
    rest = _ONE.sub(" ", title)
    while found := _PLACE.match(rest):
        rest = rest[found.end() :]
    rest = _WHEN.sub("", rest)
    long, short = KNOWN.get(kind, (_NONE, _NONE))
    for words in (long, _PLAIN, short):
        rest = words.sub(" ", rest)
    return re.sub(r"[^\u4e00-\u9fff]", "", rest)
