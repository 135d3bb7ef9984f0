"""Taking a new notice into force."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from linli.kernel.acts import Act, action, note
from linli.kernel.calendar.days import Notice
from linli.kernel.calendar.models import Holiday
from linli.kernel.calendar.selectors import forget


@action("calendar.load", title=_("载入放假通知"))
def load(act: Act, notice: Notice) -> Holiday:
    """Take a notice into force, whole; the same year announced on the same day is replaced.

    Deadlines already stored are not touched here: rooms hear `calendar.load` and count theirs again.
    """
    same = Holiday.objects.filter(notice_year=notice.year, announced=notice.announced)
    same.delete()
    rows = Holiday.objects.bulk_create(
        Holiday(
            notice_year=notice.year,
            announced=notice.announced,
            date=day,
            is_off=special.is_off,
            name=special.name,
            source=notice.source,
        )
        for day, special in sorted(notice.days.items())
    )
    note(year=notice.year, announced=notice.announced.isoformat(), days=len(rows))
    forget()
    transaction.on_commit(forget)
    return rows[0]
