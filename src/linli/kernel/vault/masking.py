"""What is shown of a protected value to somebody who need not see it whole (pure)."""

from .normal import normalise

# The compound surnames still in use; a name that is only the surname keeps one character.
_SURNAMES = (
    "欧阳 司马 上官 诸葛 东方 皇甫 尉迟 公孙 慕容 令狐 司徒 司空 夏侯 宇文 长孙 轩辕 端木 百里 "
    "呼延 南宫 独孤 西门 东郭 南郭 太史 申屠 公冶 澹台 濮阳 淳于 单于 钟离 鲜于 闾丘 亓官 司寇 "
    "子车 颛孙 巫马 公西 漆雕 乐正 壤驷 公良 拓跋 夹谷 宰父 谷梁 完颜 赫连 万俟 闻人 第五"
)
COMPOUND_SURNAMES = frozenset(_SURNAMES.split())


def masked(kind: str, value: str) -> str:
    """Return the masked form: 张*, 欧阳*, 320***********1234, 138****5678; text is hidden whole."""
    if not value:
        return ""
    if kind == "name":
        return _name(value.strip())
    if kind == "id_number":
        return _middle(normalise("id_number", value), 3, 4)
    if kind == "phone":
        return _phone(normalise("phone", value))
    return "****"


def _name(value: str) -> str:
    if len(value) < 2:
        return "*"
    keep = 2 if len(value) > 2 and value[:2] in COMPOUND_SURNAMES else 1
    return value[:keep] + "*"


def _phone(digits: str) -> str:
    if len(digits) == 11 and digits.startswith("1"):
        return digits[:3] + "****" + digits[-4:]
    # A landline keeps its area code and last four digits; short numbers are hidden whole.
    return digits[:-8] + "****" + digits[-4:] if len(digits) >= 8 else "*" * len(digits)


def _middle(value: str, first: int, last: int) -> str:
    # A short document number would be given away by its ends.
    if len(value) < 2 * (first + last):
        first, last = 1, 2
    hidden = len(value) - first - last
    return value[:first] + "*" * hidden + value[-last:] if hidden > 3 else "*" * len(value)
