"""Why a value cannot be taken, in the user's words, by code (pure)."""

from __future__ import annotations

from collections.abc import Mapping

from linli.kernel.vault import idnumber, phone
from linli.ui.spoken import Spoken

REASONS: Mapping[str, str] = {
    "long": Spoken("内容太长，请核对是否填错了列。"),
    "science": Spoken("表格把号码变成了科学计数，末尾几位已经丢失，请从原表按文本格式重新导出。"),
    "name.lost": Spoken("姓名里有没能显示出来的字，请按证件补全。"),
    "name.digits": Spoken("姓名里有数字，请核对是否填错了列。"),
    "date": Spoken("看不懂这个日期，请写成 1985-04-12 这样。"),
    "date.none": Spoken("没有这一天，请核对年月日。"),
    "date.partial": Spoken("日期不完整，缺少月或日。"),
    "date.short_year": Spoken("年份只有两位，请写成四位。"),
    "number": Spoken("应填数字。"),
    "integer": Spoken("应填整数。"),
    "boolean": Spoken("应填“是”或“否”。"),
    "period": Spoken("看不懂这个时期，请写成 2025、2025-06 或 2025 年第 2 季度。"),
    "uscc": Spoken("统一社会信用代码有误，应为 18 位，请逐位核对。"),
    "document": Spoken("证件号码应为 5 到 20 位字母或数字，请核对。"),
    "code": Spoken("代码表里没有这一项，请用代码表里的写法。"),
    **{f"id_number.{code}": text for code, text in idnumber.MESSAGES.items()},
    **{f"phone.{code}": text for code, text in phone.MESSAGES.items()},
}
