"""What is looked after every night: how long whoever left is still shown, how far those without a register are reached."""

from __future__ import annotations

from datetime import date

from django.db import connection
from django.utils.translation import gettext_lazy as _

from linli.capabilities.registry.models import Keeping
from linli.capabilities.registry.rules.days import months_after
from linli.capabilities.registry.selectors import kinds, periods
from linli.capabilities.registry.services.rows import today
from linli.kernel.acts import Act, Refusal, action, note
from linli.kernel.files import services as files
from linli.kernel.places.models import Area

RESIDENCE, DEATH = "residence", "death"


# Communities by their interval, so that grids count for theirs; everybody once on each ground.
_FORGOTTEN = "DELETE FROM registry_coverage WHERE area_id >= %(lo)s AND area_id < %(hi)s"
_COUNTED = """
INSERT INTO registry_coverage (area_id, as_of, registered, living, others, reached)
SELECT c.id, %(day)s, count(*) FILTER (WHERE s.registered), count(*) FILTER (WHERE s.lives),
    count(*) FILTER (WHERE s.others),
    count(*) FILTER (WHERE s.others AND p.document IS NOT NULL AND p.phone IS NOT NULL)
FROM (
    SELECT (r.area_id >> 28) << 28 AS community, r.person_id,
        bool_or(r.kind = 'registered') AS registered, bool_or(r.lives) AS lives,
        bool_or(r.lives) AND NOT bool_or(r.kind = 'registered') AS others
    FROM registry_residence r
    WHERE r.until IS NULL AND r.area_id >= %(lo)s AND r.area_id < %(hi)s GROUP BY 1, 2
) s JOIN registry_person p ON p.id = s.person_id
JOIN places_area c ON c.id = s.community AND c.level = 'community'
GROUP BY c.id
ON CONFLICT (area_id) DO UPDATE SET as_of = excluded.as_of, registered = excluded.registered,
    living = excluded.living, others = excluded.others, reached = excluded.reached
"""


@action("registry.count_coverage", title=_("重新统计非户籍人口覆盖"), guard=False)
def count_coverage(act: Act, area: Area) -> int:
    """Count how far the communities of an area reach those who are registered elsewhere; returns how many there are."""
    if not act.sees(area.pk):
        raise Refusal(_("这个区域不在您的管理范围。"), field="area", code="area")
    with connection.cursor() as cursor:
        # A community that was merged away has nobody left to be counted: its last figure goes.
        cursor.execute(_FORGOTTEN, {"lo": area.pk, "hi": area.hi})
        cursor.execute(_COUNTED, {"day": today(act), "lo": area.pk, "hi": area.hi})
        return int(cursor.rowcount)


def keep_days(act: Act) -> date | None:
    """Tell the wall from which day on a former residence shows its person; none where the pack says nothing."""
    rule = kinds.section().retention_by_code.get(RESIDENCE)
    if rule is None:
        Keeping.objects.filter(code=RESIDENCE).delete()
        return None
    since = months_after(today(act), -rule.months)
    Keeping.objects.update_or_create(code=RESIDENCE, defaults={"since": since})
    return since


def forget_dead(act: Act) -> int:
    """Erase the numbers of whoever died longer ago than the pack keeps them, if the pack says that the house does so."""
    rule = kinds.section().retention_by_code.get(DEATH)
    if rule is None or not rule.nightly:
        return 0
    return erase_dead(act, months_after(today(act), -rule.months))


@action("registry.forget_dead", title=_("清除已故人员的证件号码和电话"), guard=False)
def erase_dead(act: Act, before: date) -> int:
    """Erase document and phone, and what was kept of them before, of whoever died before a day; returns how many."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT registry_forget_dead(%s)", [before])
        erased = int(cursor.fetchone()[0])
    note(count=erased)
    return erased


def erase_ended(act: Act) -> dict[str, int]:
    """Erase what ended longer ago than the pack keeps it, each kind that the pack lets the house erase; how many of each."""
    erased = {}
    for code in periods.ERASED:
        rule = kinds.section().retention_by_code.get(code)
        before = periods.limit(rule, today(act)) if rule is not None and rule.nightly else None
        if before is not None and periods.ended(act, code, before, most=1):
            erased[code] = erase(act, before, code=code)
    return erased


@action("registry.erase_ended", title=_("清除超过保存期限的记录"), codes=("code",), guard=False)
def erase(act: Act, before: date, *, code: str) -> int:
    """Erase what of one kind ended before a day, and what was kept of it before; returns how many."""
    signed = periods.signatures(before) if code == periods.CONSENT else []
    with connection.cursor() as cursor:
        cursor.execute("SELECT registry_erase_ended(%s, %s)", [code, before])
        erased = int(cursor.fetchone()[0])
    for file in signed:
        files.remove(act, file, reason=str(_("授权记录超过保存期限")))
    note(count=erased)
    return erased
