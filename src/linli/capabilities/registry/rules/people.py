"""Who may be registered: identity, age, guardians, what death ends, which marks somebody may see."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date

from linli.kernel.acts.act import Refusal
from linli.kernel.vault.idnumber import IdNumberError, parse
from linli.kernel.vault.masking import masked
from linli.kernel.vault.normal import normalise
from linli.ui.spoken import Spoken

ID_CARD = "111"
# Documents whose number tells birth and sex and bears a check digit.
CHECKED = frozenset({ID_CARD, "553", "113"})
NAME_MOST = 60
MALE, FEMALE = "1", "2"
OLDEST = 130
TIES_KEPT_AFTER_DEATH = frozenset({"owner"})


@dataclass(frozen=True, slots=True)
class Identity:
    """Who somebody says they are; `number` is empty where no document was shown."""

    name: str
    kind: str = ""
    number: str = ""
    born: date | None = None
    sex: str = ""


def proper_name(name: str) -> str:
    """A name in its one spelling; a refusal when it cannot be one."""
    plain = normalise("text", name).replace(" ", "") if not name.isascii() else name.strip()
    if not plain:
        raise Refusal(Spoken("请填写姓名。"), field="name", code="no-name")
    if len(plain) > NAME_MOST or any(c.isdigit() for c in plain):
        raise Refusal(Spoken("姓名里不能有数字，最多 60 个字。"), field="name", code="name")
    return plain


def may_register(identity: Identity, today: date) -> Identity:
    """The identity as it is kept: number in eighteen characters, birth and sex read from it.

    A refusal names the field that contradicts the number or cannot be right.
    """
    plain = replace(identity, name=proper_name(identity.name), number=identity.number.strip())
    if not plain.number:
        _plausible(plain.born, today)
        return replace(plain, kind="")
    if not plain.kind:
        raise Refusal(Spoken("请选择证件类型。"), field="kind", code="no-kind")
    if plain.kind == ID_CARD:
        return _by_card(plain, today)
    _plausible(plain.born, today)
    number = normalise("id_number", plain.number)
    if not 4 <= len(number) <= 24:
        raise Refusal(Spoken("证件号码应为 4 到 24 位字母或数字。"), field="number", code="number")
    return replace(plain, number=number)


def _by_card(identity: Identity, today: date) -> Identity:
    try:
        card = parse(identity.number, today)
    except IdNumberError as error:
        raise Refusal(error.args[0], field="number", code=f"number-{error.code}") from None
    sex = MALE if card.sex == "male" else FEMALE
    if identity.born and identity.born != card.birth:
        raise Refusal(
            Spoken("出生日期与身份证号不一致，请核对。"), field="born", code="born-contradicts"
        )
    if identity.sex in (MALE, FEMALE) and identity.sex != sex:
        raise Refusal(Spoken("性别与身份证号不一致，请核对。"), field="sex", code="sex-contradicts")
    return replace(identity, number=card.number, born=card.birth, sex=sex)


def _plausible(born: date | None, today: date) -> None:
    if born is None:
        return
    if born > today:
        raise Refusal(Spoken("出生日期还没有到，请核对。"), field="born", code="born-future")
    if age_on(born, today) > OLDEST:
        raise Refusal(Spoken("出生日期太早，请核对。"), field="born", code="born-early")


def age_on(born: date, day: date) -> int:
    """Full years of age on a day; whoever is born on 29 February grows older on 1 March."""
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def born_between(youngest: int | None, oldest: int | None, day: date) -> tuple[date, date]:
    """The first and the last birthday of those who are from `youngest` to `oldest` years old on a day."""
    last = _years_before(day, youngest or 0)
    first = _years_before(day, oldest + 1) if oldest is not None else date.min
    return (date.fromordinal(first.toordinal() + 1) if oldest is not None else first), last


def _years_before(day: date, years: int) -> date:
    try:
        return day.replace(year=max(day.year - years, 1))
    except ValueError:
        return date(max(day.year - years, 1), 2, 28)


def needs_guardian(born: date | None, day: date, majority: int) -> bool:
    """Whether somebody is a minor (Civil Code 17, 27: parents or others guard them)."""
    return born is not None and age_on(born, day) < majority


def guarded(born: date | None, day: date, guardians: int, majority: int) -> None:
    """Refuse a minor without a guardian."""
    if needs_guardian(born, day, majority) and not guardians:
        raise Refusal(
            Spoken("未满 %(age)s 周岁须登记监护人，请选择家人或填写监护人姓名。")
            % {"age": majority},
            field="guardian",
            code="no-guardian",
        )


def consents_alone(born: date | None, day: date, below: int) -> bool:
    """Whether somebody consents without a guardian (PIPL 31)."""
    return born is None or age_on(born, day) >= below


def shown_name(name: str) -> str:
    """The name as it is shown where it need not be whole: 张*."""
    return masked("name", name)


def ends_at_death(tie: str) -> bool:
    """Whether a tie ends with its person; ownership stays until the estate is settled."""
    return tie not in TIES_KEPT_AFTER_DEATH


LEVELS = ("grid", "community", "street", "district", "city")


def tag_visible(
    *, sensitive: bool, may_sensitive: bool, roles: Collection[str] = (), held: Collection[str] = ()
) -> bool:
    """Whether a mark is shown: a sensitive one needs the permission; a tag that names roles is for those only."""
    if sensitive and not may_sensitive:
        return False
    return not roles or bool(set(roles) & set(held))
